package io.trilane.tools.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.queue.Doorbell;
import io.trilane.hba.image.ImageRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A process that has no descriptor left: accept fails although somebody waits. The loop that accepts has a clock of its own.
@Timeout(60)
class ListenerTest {
    private static final long NS_PER_MILLI = 1_000_000L;
    private static final long PAUSE_MS = 100;
    private static final int MAX_SLEEPS = 100;

    private final List<Long> attemptMs = new ArrayList<>();
    private final List<Long> sleepsMs = new ArrayList<>();
    private long nowNs = 1;
    private MemoryServer server;
    private ServerSocketChannel socket;

    @BeforeEach
    void start() throws IOException {
        server = new MemoryServer(1, new ImageRegistry().open("memory:1m", false, MemoryServer.BLOCK));
        socket = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.configureBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        socket.close();
    }

    @Test
    void acceptsAgainAfterAPauseWhenADescriptorWasMissing() throws IOException {
        try (Socket first = connect()) {
            run(List.of(1, 2, 3), 5);
            // The last one finds nobody.
            assertThat(pauses()).containsExactly(PAUSE_MS, PAUSE_MS, PAUSE_MS, 0L);
            assertThat(sleepsMs).as("asleep between").hasSize(3).allMatch(slept -> slept >= PAUSE_MS);
            assertIsServed(first);
        }
    }

    @Test
    void tellsOfAFailureOnceUntilAConnectionWasAccepted() throws IOException {
        try (Socket first = connect(); Socket second = connect()) {
            run(List.of(1, 2, 4), 6);
            assertThat(pauses()).containsExactly(PAUSE_MS, PAUSE_MS, 0L, PAUSE_MS, 0L);
            assertThat(server.log).containsExactly("block accept failed: Too many open files",
                    "block accept failed: Too many open files");
            assertIsServed(first);
            assertIsServed(second);
        }
    }

    /// Lets a loop accept until it was tried so often.
    private void run(List<Integer> failures, int attempts) throws IOException {
        LoopShare share = new LoopShare(server.engine,
                new DataWindows(server.engine.memory().dmaSpace().region(0)), server.statistics, this::tick,
                server.log::add);
        EventLoop loop = new EventLoop(share, false, Doorbell.waking(() -> {}), new MemorySelector(this::sleep));
        FailingServerChannel channel = new FailingServerChannel(socket, attempt -> {
            if (attempt <= attempts) {
                attemptMs.add(nowNs / NS_PER_MILLI);
            }
            if (attempt == attempts) {
                loop.stop(0);
            }
            return failures.contains(attempt);
        });
        loop.add(new Listener(channel, false, BlockProtocol.frontEnd(), server.loops));
        loop.run();
        assertThat(loop.hasFailed()).isFalse();
        assertThat(attemptMs).hasSize(attempts);
    }

    private List<Long> pauses() {
        List<Long> pauses = new ArrayList<>();
        for (int i = 1; i < attemptMs.size(); i++) {
            pauses.add((attemptMs.get(i) - attemptMs.get(i - 1)) / PAUSE_MS * PAUSE_MS);
        }
        return pauses;
    }

    private long tick() {
        nowNs += MemoryLoop.TURN_NS;
        return nowNs;
    }

    private void sleep(long timeoutMs) {
        if (sleepsMs.size() >= MAX_SLEEPS) {
            throw new AssertionError("nothing more is accepted, attempts=" + attemptMs.size());
        }
        sleepsMs.add(timeoutMs);
        nowNs += Math.max(1, timeoutMs) * NS_PER_MILLI;
    }

    private Socket connect() throws IOException {
        return server.connect((InetSocketAddress) socket.getLocalAddress());
    }

    private static void assertIsServed(Socket client) throws IOException {
        client.getOutputStream().write(BlockPeer.request(0, 0, 1, 77));
        ByteBuffer answer = ByteBuffer.wrap(client.getInputStream().readNBytes(BlockProtocol.ANSWER_BYTES));
        assertThat(answer.getInt(0)).as("the power-on unit attention is the first answer").isEqualTo(2);
        assertThat(answer.getLong(8)).isEqualTo(77);
    }
}
