package io.trilane.tools.frontend;

import static io.trilane.tools.frontend.LoopTalk.async;
import static io.trilane.tools.frontend.LoopTalk.await;
import static io.trilane.tools.frontend.LoopTalk.filled;
import static io.trilane.tools.frontend.LoopTalk.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.hba.image.ImageRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections from accept to close, deadlines, rest and stop: real sockets on loopback, real loops, a real engine.
@Timeout(120)
class EventLoopsTest {
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger events = new AtomicInteger();
    private MemoryServer server;

    @BeforeEach
    void start() throws IOException {
        server = new MemoryServer(1, new ImageRegistry().open("memory:16m", false, 512));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void echoesByteByByte() throws Exception {
        try (Socket socket = server.connect(server.listen(EchoProtocol.frontEnd(closed, events)))) {
            for (byte b : "slowly".getBytes(StandardCharsets.US_ASCII)) {
                socket.getOutputStream().write(b);
                assertThat(socket.getInputStream().read()).isEqualTo(b);
            }
        }
        await(() -> closed.get() == 1 && server.loops.connections() == 0);
        assertThat(server.log).isEmpty();
    }

    /// The peer sends far more than both socket buffers and the outbox hold before it reads anything: reading pauses, then
    /// resumes, and no byte is lost or changed.
    @Test
    void pausesReadingWhileThePeerDoesNotRead() throws Exception {
        byte[] data = new byte[24 << 20];
        new Random(1).nextBytes(data);
        for (int i = 0; i < data.length; i++) {
            data[i] = data[i] == '!' || data[i] == '?' || data[i] == '~' || data[i] == '*' ? 0 : data[i];
        }
        try (Socket socket = server.connect(server.listen(EchoProtocol.frontEnd(closed, events)))) {
            CompletableFuture<Void> sender = async(() -> write(socket, data));
            byte[] back = new byte[data.length];
            int done = 0;
            while (done < back.length) {
                int got = socket.getInputStream().read(back, done, Math.min(7777, back.length - done));
                assertThat(got).isPositive();
                done += got;
            }
            sender.join();
            assertThat(Arrays.equals(back, data)).isTrue();
        }
    }

    @Test
    void refusesConnectionsBeyondTheLimit() throws Exception {
        server.close();
        ConnectionLimits limits = new ConnectionLimits(2, 1_000_000_000L, 1_000_000_000L, 8);
        server = new MemoryServer(1, new ImageRegistry().open("memory:16m", false, 512), limits, 8 << 20);
        InetSocketAddress address = server.listen(BlockProtocol.frontEnd());
        try (BlockPeer one = new BlockPeer(server, address); BlockPeer two = new BlockPeer(server, address)) {
            try (Socket third = server.connect(address)) {
                assertThat(third.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(server.log).hasSize(1).first().asString().contains("connections=2 >= maxConnections=2");
            one.socket.close();
            await(() -> server.loops.connections() == 1);
            try (BlockPeer again = new BlockPeer(server, address)) {
                assertThat(again.read(0, 1)).hasSize(512);
            }
            assertThat(two.read(0, 1)).hasSize(512);
        }
    }

    @Test
    void idleLoopsUseNoProcessorTime() throws Exception {
        server.close();
        server = new MemoryServer(2, new ImageRegistry().open("memory:16m", false, 512));
        InetSocketAddress address = server.listen(BlockProtocol.frontEnd());
        try (BlockPeer one = new BlockPeer(server, address); BlockPeer two = new BlockPeer(server, address)) {
            assertThat(one.read(0, 1)).isEqualTo(two.read(0, 1));
            await(() -> loopCpuNs(200) == 0);
            assertThat(loopCpuNs(1000)).isZero();
            assertThat(one.read(0, 1)).hasSize(512);
        }
    }

    @Test
    void tellsDeadlinesAndEvents() throws Exception {
        try (Socket socket = server.connect(server.listen(EchoProtocol.frontEnd(closed, events)))) {
            socket.getOutputStream().write('~');
            assertThat(socket.getInputStream().readNBytes(2)).isEqualTo("~.".getBytes(StandardCharsets.US_ASCII));
            server.loops.publish(new ServerEvent.MediaChanged(0));
            await(() -> events.get() == 1);
        }
    }

    /// While another connection keeps the loop busy: it never sleeps.
    @Test
    void tellsDeadlinesWhileTheLoopIsBusy() throws Exception {
        InetSocketAddress address = server.listen(EchoProtocol.frontEnd(closed, events));
        try (Socket socket = server.connect(address); Socket busy = server.connect(address)) {
            busy.getOutputStream().write('*');
            assertThat(busy.getInputStream().read()).isEqualTo('*');
            socket.getOutputStream().write('~');
            assertThat(socket.getInputStream().readNBytes(2)).isEqualTo("~.".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void survivesABugInOneConnection() throws Exception {
        InetSocketAddress address = server.listen(EchoProtocol.frontEnd(closed, events));
        try (Socket good = server.connect(address); Socket bad = server.connect(address)) {
            bad.getOutputStream().write('!');
            assertThat(bad.getInputStream().read()).isEqualTo(-1);
            good.getOutputStream().write('x');
            assertThat(good.getInputStream().read()).isEqualTo('x');
        }
        assertThat(server.log).singleElement().asString().contains("planted");
        assertThat(server.loops.hasFailed()).isFalse();
    }

    @Test
    void closesWhenTheAnswerIsOut() throws Exception {
        try (Socket socket = server.connect(server.listen(EchoProtocol.frontEnd(closed, events)))) {
            socket.getOutputStream().write("?bye".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo("?bye".getBytes(StandardCharsets.US_ASCII));
        }
        await(() -> server.log.size() == 1);
        assertThat(server.log.getFirst()).contains("closed: asked to");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void finishesCommandsUnderWayWhenItStops(int loopCount) throws Exception {
        server.close();
        server = new MemoryServer(loopCount, new ImageRegistry().open("memory:16m", false, 512));
        AtomicInteger begunWrites = new AtomicInteger();
        InetSocketAddress address = server.listen(BlockProtocol.frontEnd(begunWrites));
        try (BlockPeer one = new BlockPeer(server, address); BlockPeer two = new BlockPeer(server, address)) {
            one.write(5, filled(1, 9));
            byte[] data = filled(100, 3);
            for (BlockPeer peer : List.of(one, two)) {
                // A write that has begun: the rest of its data comes after the stop.
                write(peer.socket, BlockPeer.request(1, 0, 100, 77));
                write(peer.socket, Arrays.copyOf(data, 1000));
            }
            await(() -> begunWrites.get() == 3);
            CompletableFuture<Void> stopped = async(() -> server.loops.close());
            for (BlockPeer peer : List.of(one, two)) {
                write(peer.socket, Arrays.copyOfRange(data, 1000, data.length));
                BlockPeer.Answer answer = peer.answer();
                assertThat(answer.status()).isZero();
                assertThat(answer.tag()).isEqualTo(77);
                assertThat(peer.socket.getInputStream().read()).isEqualTo(-1);
            }
            stopped.join();
            assertThat(server.loops.connections()).isZero();
        }
    }

    @Test
    void stopsAtOnceWithIdlePeers() throws Exception {
        InetSocketAddress address = server.listen(BlockProtocol.frontEnd());
        try (BlockPeer peer = new BlockPeer(server, address)) {
            server.close();
            assertThat(peer.socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void servesUnixSockets(@TempDir Path directory) throws Exception {
        UnixDomainSocketAddress path = UnixDomainSocketAddress.of(directory.resolve("s"));
        assertThat(server.loops.listen(path, EchoProtocol.frontEnd(closed, events))).isEqualTo(path);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            assertThat(channel.connect(path)).isTrue();
            assertThat(channel.write(ByteBuffer.wrap(new byte[]{42}))).isEqualTo(1);
            ByteBuffer back = ByteBuffer.allocate(1);
            assertThat(channel.read(back)).isEqualTo(1);
            assertThat(back.get(0)).isEqualTo((byte) 42);
        }
    }

    /// Processor time that the loops have used within so many milliseconds.
    private static long loopCpuNs(long millis) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = loopCpuNs(threads);
        long until = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        return loopCpuNs(threads) - before;
    }

    private static long loopCpuNs(ThreadMXBean threads) {
        long sum = 0;
        for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null && info.getThreadName().startsWith("trilane-loop")) {
                sum += threads.getThreadCpuTime(info.getThreadId());
            }
        }
        return sum;
    }
}
