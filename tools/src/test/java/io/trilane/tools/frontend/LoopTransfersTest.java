package io.trilane.tools.frontend;

import static io.trilane.tools.frontend.LoopTalk.async;
import static io.trilane.tools.frontend.LoopTalk.await;
import static io.trilane.tools.frontend.LoopTalk.filled;
import static io.trilane.tools.frontend.LoopTalk.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.metrics.EngineCounter;
import io.trilane.hba.image.ImageRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Data and tasks of many peers: real sockets on loopback, real loops, a real engine.
@Timeout(120)
class LoopTransfersTest {
    private static final int BLOCKS = 32 << 10;

    private MemoryServer server;

    @BeforeEach
    void start() throws IOException {
        server = new MemoryServer(1, new ImageRegistry().open("memory:16m", false, 512));
    }

    @AfterEach
    void stop() {
        server.close();
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

    private static long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
