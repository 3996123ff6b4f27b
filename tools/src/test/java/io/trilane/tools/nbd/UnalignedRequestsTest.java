package io.trilane.tools.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.frontend.ConnectionLimits;
import io.trilane.tools.nbd.ServedDisks.Disk;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Any offset, any length: against a model in memory, and against the bytes of the image.
class UnalignedRequestsTest {
    private static final int SIZE = 1 << 20;
    private static final int REQUESTS = 200;
    private static final int WRITERS = 4;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"512,true,1048576,1", "512,false,4096,2", "4096,true,8192,3", "4096,false,1048576,4"})
    void leaveTheImageAsTheModelSays(int blockBytes, boolean isThin, int maxTransferBytes, long seed)
            throws IOException {
        Path file = Files.write(directory.resolve("disk.img"), new byte[SIZE]);
        byte[] model = new byte[SIZE];
        Random random = new Random(seed);
        try (ServedDisks disks = new ServedDisks(1, 16 << 20,
                List.of(new Disk("disk", file.toString(), blockBytes, false, isThin, maxTransferBytes)))) {
            SocketAddress address = disks.listen(RawPeer.loopback(), null, ConnectionLimits.STANDARD);
            try (RawPeer peer = RawPeer.transmitting(address, "disk", false, false)) {
                for (int i = 0; i < REQUESTS; i++) {
                    step(peer, random, model, blockBytes, "seed=" + seed + " step=" + i);
                }
            }
            assertThat(Arrays.mismatch(Files.readAllBytes(file), model)).as("seed=%d", seed).isEqualTo(-1);
        }
    }

    /// Neighbouring bytes of one block, written through two event loops at once.
    @ParameterizedTest
    @CsvSource({"1", "2"})
    void neverLoseANeighboursBytes(int loops) throws IOException, InterruptedException, ExecutionException {
        try (ServedDisks disks = new ServedDisks(loops, 16 << 20, List.of(Disk.of("disk", "memory:1m")))) {
            SocketAddress address = disks.listen(RawPeer.loopback(), null, ConnectionLimits.STANDARD);
            List<FutureTask<Integer>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int index = i;
                FutureTask<Integer> writer = new FutureTask<>(() -> lostWrites(address, index));
                writers.add(writer);
                Thread _ = Thread.ofPlatform().start(writer);
            }
            for (FutureTask<Integer> writer : writers) {
                assertThat(writer.get()).isZero();
            }
        }
    }

    private static int lostWrites(SocketAddress address, int index) throws IOException {
        int lost = 0;
        try (RawPeer peer = RawPeer.transmitting(address, "disk", false, false)) {
            for (int i = 0; i < 200; i++) {
                int offset = 510 + 3 * index;
                byte[] data = {(byte) i, (byte) index, (byte) ~i};
                assertThat(peer.error(i & 1, 1, offset, 3, data)).isZero();
                peer.request(0, 0, 1, offset, 3);
                lost += Arrays.equals(peer.reply(3).data(), data) ? 0 : 1;
            }
        }
        return lost;
    }

    private static void step(RawPeer peer, Random random, byte[] model, int blockBytes, String where)
            throws IOException {
        int offset = random.nextInt(SIZE);
        int limit = random.nextBoolean() ? 3 * blockBytes : 50_000;
        int length = Math.min(1 + random.nextInt(limit), SIZE - offset);
        int fua = random.nextInt(8) == 0 ? 1 : 0;
        switch (random.nextInt(4)) {
            case 0 -> {
                byte[] data = new byte[length];
                random.nextBytes(data);
                assertThat(peer.error(fua, 1, offset, length, data)).as(where).isZero();
                System.arraycopy(data, 0, model, offset, length);
            }
            case 1 -> {
                assertThat(peer.error(fua | 2 * random.nextInt(2), 6, offset, length)).as(where).isZero();
                Arrays.fill(model, offset, offset + length, (byte) 0);
            }
            case 2 -> {
                // What a trim leaves is not defined: zeros follow, so that it is.
                assertThat(peer.error(fua, 4, offset, length)).as(where).isZero();
                assertThat(peer.error(0, 6, offset, length)).as(where).isZero();
                Arrays.fill(model, offset, offset + length, (byte) 0);
            }
            default -> {
                peer.request(0, 0, 1, offset, length);
                assertThat(Arrays.equals(peer.reply(length).data(),
                        Arrays.copyOfRange(model, offset, offset + length))).as(where).isTrue();
            }
        }
    }
}
