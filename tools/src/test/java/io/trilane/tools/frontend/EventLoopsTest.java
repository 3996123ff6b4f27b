package io.trilane.tools.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.metrics.EngineCounter;
import io.trilane.hba.image.ImageRegistry;
import java.io.IOException;
import java.io.OutputStream;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real sockets on loopback, real loops, a real engine.
@Timeout(120)
class EventLoopsTest {
    private static final int BLOCKS = 32 << 10;

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

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsBackWhatWasWritten(int loopCount) throws Exception {
        server.close();
        server = new MemoryServer(loopCount, new ImageRegistry().open("memory:16m", false, 512));
        InetSocketAddress address = server.listen(BlockProtocol.frontEnd());
        Random random = new Random(7);
        List<BlockPeer> peers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            peers.add(new BlockPeer(server, address));
        }
        for (int round = 0; round < 60; round++) {
            int blocks = 1 + random.nextInt(700);
            byte[] data = new byte[blocks * 512];
            random.nextBytes(data);
            long lba = random.nextInt(BLOCKS - blocks);
            peers.get(random.nextInt(6)).write(lba, data);
            assertThat(peers.get(random.nextInt(6)).read(lba, blocks)).isEqualTo(data);
        }
        for (BlockPeer peer : peers) {
            peer.close();
        }
        await(() -> server.loops.connections() == 0 && clients() == 0);
    }

    /// Requests and their data arrive in pieces that cut headers and payloads anywhere.
    @Test
    void takesRequestsInAnyPieces() throws Exception {
        Random random = new Random(3);
        byte[] data = new byte[300 * 512];
        random.nextBytes(data);
        try (BlockPeer peer = new BlockPeer(server, server.listen(BlockProtocol.frontEnd()))) {
            ByteBuffer stream = ByteBuffer.allocate(2 << 20);
            for (int i = 0; i < 10; i++) {
                stream.put(BlockPeer.request(1, i * 300L, 300, i)).put(data);
            }
            stream.flip();
            CompletableFuture<Void> sender = async(() -> {
                while (stream.hasRemaining()) {
                    byte[] piece = new byte[Math.min(stream.remaining(), 1 + random.nextInt(5000))];
                    stream.get(piece);
                    write(peer.socket, piece);
                }
            });
            for (int i = 0; i < 10; i++) {
                assertThat(peer.answer().status()).isZero();
            }
            sender.join();
            for (int i = 0; i < 10; i++) {
                assertThat(peer.read(i * 300L, 300)).isEqualTo(data);
            }
        }
    }

    /// Headers and short payloads that arrive in one piece: what is staged behind a payload is not taken for part of it.
    @Test
    void takesManySmallWritesAtOnce() throws Exception {
        try (BlockPeer peer = new BlockPeer(server, server.listen(BlockProtocol.frontEnd()))) {
            ByteBuffer stream = ByteBuffer.allocate(60 << 10);
            for (int i = 0; i < 30; i++) {
                stream.put(BlockPeer.request(1, i * 4L, 1 + i % 4, i)).put(filled(1 + i % 4, i + 1));
            }
            write(peer.socket, Arrays.copyOf(stream.array(), stream.position()));
            for (int i = 0; i < 30; i++) {
                assertThat(peer.answer().status()).isZero();
            }
            for (int i = 0; i < 30; i++) {
                assertThat(peer.read(i * 4L, 1 + i % 4)).isEqualTo(filled(1 + i % 4, i + 1));
            }
        }
    }

    /// A queue far longer than the quota of tasks: every request is answered, once, with its own data.
    @Test
    void answersEveryOneOfManyRequestsAtOnce() throws Exception {
        try (BlockPeer peer = new BlockPeer(server, server.listen(BlockProtocol.frontEnd()))) {
            for (int i = 0; i < 256; i++) {
                peer.write(i * 8L, filled(8, i));
            }
            ByteBuffer all = ByteBuffer.allocate(BlockProtocol.REQUEST_BYTES * 2000);
            for (int i = 0; i < 2000; i++) {
                all.put(BlockPeer.request(0, i % 256 * 8L, 8, i));
            }
            CompletableFuture<Void> sender = async(() -> write(peer.socket, all.array()));
            Map<Long, byte[]> answers = new HashMap<>();
            for (int i = 0; i < 2000; i++) {
                BlockPeer.Answer answer = peer.answer();
                assertThat(answer.status()).isZero();
                assertThat(answers.put(answer.tag(), answer.data())).isNull();
            }
            sender.join();
            answers.forEach((tag, data) -> assertThat(data).isEqualTo(filled(8, (int) (tag % 256))));
            StatisticsCounts counts = server.statistics.read().units().getFirst().counts();
            assertThat(counts.commands(IoKind.READ)).isEqualTo(2001);
            assertThat(counts.bytes(IoKind.WRITE)).isEqualTo(256 * 4096);
            assertThat(counts.errors(6)).isEqualTo(1);
            assertThat(counts.depth()).isZero();
            assertThat(counts.refusals()).isPositive();
        }
    }

    /// One peer reads nothing and holds all the memory that it may; another one is served meanwhile.
    @Test
    void servesOthersWhileOnePeerDoesNotRead() throws Exception {
        InetSocketAddress address = server.listen(BlockProtocol.frontEnd());
        try (BlockPeer slow = new BlockPeer(server, address); BlockPeer other = new BlockPeer(server, address)) {
            ByteBuffer all = ByteBuffer.allocate(BlockProtocol.REQUEST_BYTES * 500);
            for (int i = 0; i < 500; i++) {
                all.put(BlockPeer.request(0, 0, 500, i));
            }
            CompletableFuture<Void> sender = async(() -> write(slow.socket, all.array()));
            for (int i = 0; i < 200; i++) {
                byte[] data = filled(16, i);
                other.write(i * 16L + 1000, data);
                assertThat(other.read(i * 16L + 1000, 16)).isEqualTo(data);
            }
            for (int i = 0; i < 500; i++) {
                assertThat(slow.answer().data()).hasSize(500 * 512);
            }
            sender.join();
        }
    }

    /// Peers that vanish with requests under way, half a header or half a payload: all is given back.
    @Test
    void leaksNothingOverAThousandConnections() throws Exception {
        InetSocketAddress address = server.listen(BlockProtocol.frontEnd());
        Random random = new Random(11);
        cycle(address, random, 50);
        await(() -> server.loops.connections() == 0 && clients() == 0);
        long descriptors = descriptors();
        long memory = server.engine.memory().committedDataBytes();
        cycle(address, random, 1000);
        await(() -> server.loops.connections() == 0 && clients() == 0);
        await(() -> descriptors() <= descriptors);
        assertThat(server.statistics.read().nexuses()).isEmpty();
        assertThat(server.engine.memory().committedDataBytes()).isLessThanOrEqualTo(Math.max(memory, 8L << 20));
        // Every task can be had again: a peer with a whole quota at once is served.
        try (BlockPeer peer = new BlockPeer(server, address)) {
            for (int i = 0; i < 16; i++) {
                peer.send(0, 0, 100, i, new byte[0]);
            }
            for (int i = 0; i < 16; i++) {
                assertThat(peer.answer().status()).isZero();
            }
        }
        assertThat(server.engine.counters().get(EngineCounter.STALE_RELEASES)).isZero();
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

    private void cycle(InetSocketAddress address, Random random, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            try (Socket socket = server.connect(address)) {
                switch (random.nextInt(5)) {
                    case 0 -> write(socket, BlockPeer.request(0, 0, 100, i));
                    case 1 -> write(socket, Arrays.copyOf(BlockPeer.request(0, 0, 100, i), 11));
                    case 2 -> {
                        write(socket, BlockPeer.request(1, 0, 100, i));
                        write(socket, new byte[333]);
                    }
                    case 3 -> {
                        for (int j = 0; j < 20; j++) {
                            write(socket, BlockPeer.request(0, 0, 1000, j));
                        }
                        socket.setSoLinger(true, 0);
                    }
                    default -> {
                    }
                }
            }
            if (i % 50 == 0) {
                await(() -> server.loops.connections() < 100);
            }
        }
    }

    private long clients() {
        return server.engine.counters().get(EngineCounter.CLIENTS);
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

    private static long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] filled(int blocks, int value) {
        byte[] data = new byte[blocks * 512];
        Arrays.fill(data, (byte) value);
        return data;
    }

    private static void write(Socket socket, byte[] data) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(data);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// On a thread of its own: the common pool may have a single one.
    private static CompletableFuture<Void> async(Runnable work) {
        return CompletableFuture.runAsync(work, task -> {
            Thread _ = Thread.ofPlatform().start(task);
        });
    }

    private static void await(BooleanSupplier condition) {
        long untilNs = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(untilNs);
            Thread.onSpinWait();
        }
    }
}
