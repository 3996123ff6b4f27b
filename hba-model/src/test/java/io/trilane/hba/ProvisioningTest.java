package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageFiles;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.page.Provisioning;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A thin disk as a whole: behind the engine, on a file; and its order while images and slow work take their time.
class ProvisioningTest {
    @TempDir
    Path directory;

    @Test
    void thinFileOnTheWholeWay() throws IOException {
        Path path = directory.resolve("disk.img");
        ImageFiles.create(path, 1 << 20, 512, true);
        LogicalUnitConfig config = LogicalUnitConfig.ofSerial("THIN").withProvisioning(Provisioning.THIN);
        try (DiskImage image = new ImageRegistry().open(path, false, 512);
                Initiator initiator = new Initiator(HbaConfig.of(16, config, image))) {
            initiator.testUnitReady(0, 0);
            assertThat(out(initiator, "93 00 00 00 00 00 00 00 00 00 00 00 08 00 00 00", filled(512, 0xA7))).isTrue();
            assertThat(out(initiator, "42 00 00 00 00 00 00 00 28 00", UnmapTest.list(64, 512, 1025, 1))).isTrue();
            assertThat(out(initiator, "89 08 00 00 00 00 00 00 00 40 00 00 00 01 00 00",
                    concat(new byte[512], filled(512, 0xB8)))).isTrue();
            assertThat(initiator.firstByte(initiator.read(0, 63))).isEqualTo(0xA7);
            assertThat(initiator.firstByte(initiator.read(0, 64))).isEqualTo(0xB8);
            assertThat(initiator.firstByte(initiator.read(0, 65))).isZero();
            initiator.releaseAll();
            Task status = initiator.run(0, 0, "9E 12 00 00 00 00 00 00 00 00 00 00 10 00 00 00",
                    TransferDirection.FROM_TARGET, 4096, 0);
            byte[] bytes = TestImage.read(status.extents(), status.bytesTransferred());
            // Blocks 0..71 have storage, pages of 8; 72..575 have none.
            assertThat(bytes).startsWith(0, 0, 0, 52, 0, 0, 0, 0, //
                    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 72, 0, 0, 0, 0, //
                    0, 0, 0, 0, 0, 0, 0, 72, 0, 0, 1, 248, 1, 0, 0, 0);
            assertThat(out(initiator, "35 00 00 00 00 00 00 00 00 00", new byte[0])).isTrue();
        }
        byte[] file = Files.readAllBytes(path);
        for (int block = 0; block < 2048; block++) {
            int expected = block == 64 ? 0xB8 : block > 64 && block < 576 || block == 1025 ? 0 : 0xA7;
            assertThat(Arrays.copyOfRange(file, block * 512, block * 512 + 512)).as("block %d", block)
                    .isEqualTo(filled(512, expected));
        }
    }

    /// With a slow-work agent that has a thread of its own: what was written and unmapped is zero for every read after it.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Timeout(60)
    void readsAfterAnUnmapOnAnotherThreadSeeZeros(boolean inMemory) {
        Path path = directory.resolve("threads.img");
        ImageFiles.create(path, 1 << 20, 512, true);
        LogicalUnitConfig config = LogicalUnitConfig.ofSerial("THREADS").withProvisioning(Provisioning.THIN);
        try (DiskImage image = new ImageRegistry().open(inMemory ? "memory:1m" : path.toString(), false, 512);
                Engine engine = Engine.launch(EngineConfig.defaults().withMaxTasks(64)
                        .withCountersDirectory(Optional.empty()),
                        new HbaController(new HbaModel(HbaConfig.of(64, config, image))));
                Client client = engine.openClient("initiator", "target")) {
            List<Task> done = new ArrayList<>();
            send(client, "00 00 00 00 00 00", TransferDirection.NONE, new byte[0]);
            run(engine, client, done, 1);
            for (int round = 0; round < 300; round++) {
                int block = round * 37 % 1900;
                String at = "%02X %02X".formatted(block >> 8, block & 0xFF);
                send(client, "2A 00 00 00 " + at + " 00 00 14 00", TransferDirection.TO_TARGET, filled(20 * 512, 7));
                send(client, "42 00 00 00 00 00 00 00 28 00", TransferDirection.TO_TARGET,
                        UnmapTest.list(block, 3, block + 4, 16));
                send(client, "28 00 00 00 " + at + " 00 00 14 00", TransferDirection.FROM_TARGET,
                        filled(20 * 512, 9));
                done.clear();
                run(engine, client, done, 3);
                for (Task task : done) {
                    assertThat(task.isGood()).as("round %d", round).isTrue();
                    if (task.direction() == TransferDirection.FROM_TARGET) {
                        byte[] expected = new byte[20 * 512];
                        Arrays.fill(expected, 3 * 512, 4 * 512, (byte) 7);
                        assertThat(TestImage.read(task.extents(), 20 * 512)).as("round %d", round)
                                .isEqualTo(expected);
                    }
                }
                done.forEach(task -> assertThat(client.release(task.token())).isTrue());
            }
        }
    }

    private static void send(Client client, String cdb, TransferDirection direction, byte[] data) {
        Task task = Objects.requireNonNull(client.claim(data.length));
        task.setTargetId(0);
        task.setLun(0);
        task.setCdb(HexFormat.ofDelimiter(" ").parseHex(cdb));
        task.setTransfer(direction, data.length);
        task.extents().scatter(MemorySegment.ofArray(data), 0, 0, data.length);
        assertThat(client.submit(task)).isTrue();
    }

    private static void run(Engine engine, Client client, List<Task> done, int count) {
        while (done.size() < count) {
            if (engine.doWork() + client.poll(done::add, 32) == 0) {
                Thread.onSpinWait();
            }
        }
    }

    /// Against a model: every read sees exactly the changes that arrived before it, in whatever order they are done.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyReadSeesTheChangesBeforeIt(long seed) {
        Random random = new Random(seed);
        byte[] model = new byte[32 * 512];
        List<Task> reads = new ArrayList<>();
        List<byte[]> expected = new ArrayList<>();
        try (Bench bench = Bench.thin()) {
            bench.image.holds = true;
            bench.holdsFlushes = true;
            bench.finished.clear();
            for (int step = 0; step < 10_000; step++) {
                if (bench.pool.countInState(io.trilane.engine.task.TaskState.FREE) > 0 && random.nextInt(5) < 3) {
                    Task task = random.nextBoolean() ? change(bench, random, model) : null;
                    if (task == null) {
                        int block = random.nextInt(28);
                        task = bench.task("28 00 00 00 00 %02X 00 00 02 00".formatted(block),
                                TransferDirection.FROM_TARGET, 1024);
                        reads.add(task);
                        expected.add(Arrays.copyOfRange(model, block * 512, (block + 2) * 512));
                    }
                    bench.target.execute(task);
                } else if (!bench.image.held.isEmpty() && random.nextBoolean()) {
                    bench.completeImage(random.nextInt(bench.image.held.size()));
                } else if (!bench.flushes.isEmpty()) {
                    bench.completeFlush(ImageResult.DONE);
                }
                for (Task task : bench.finished) {
                    int index = reads.indexOf(task);
                    assertThat(Reply.of(task).error()).as("seed %d step %d", seed, step).isEqualTo("good");
                    if (index >= 0) {
                        assertThat(TestImage.read(task.extents(), task.bytesTransferred()))
                                .as("seed %d step %d", seed, step).isEqualTo(expected.remove(index));
                        reads.remove(index);
                    }
                    bench.release(task);
                }
                bench.finished.clear();
            }
        }
    }

    private static Task change(Bench bench, Random random, byte[] model) {
        int block = random.nextInt(24);
        int blocks = 1 + random.nextInt(4);
        int from = block * 512;
        int length = blocks * 512;
        byte[] data = filled(length, random.nextInt(256));
        return switch (random.nextInt(5)) {
            case 0 -> {
                System.arraycopy(data, 0, model, from, length);
                yield task(bench, "2E 02 00 00 00 %02X 00 00 %02X 00".formatted(block, blocks), data);
            }
            case 1 -> {
                byte[] both = concat(Arrays.copyOfRange(model, from, from + length), data);
                System.arraycopy(data, 0, model, from, length);
                yield task(bench, "89 08 00 00 00 00 00 00 00 %02X 00 00 00 %02X 00 00".formatted(block, blocks),
                        both);
            }
            case 2 -> {
                System.arraycopy(data, 0, model, from, length);
                yield task(bench, "41 00 00 00 00 %02X 00 00 %02X 00".formatted(block, blocks),
                        Arrays.copyOf(data, 512));
            }
            case 3 -> {
                Arrays.fill(model, from, from + length, (byte) 0);
                yield task(bench, "93 09 00 00 00 00 00 00 00 %02X 00 00 00 %02X 00 00".formatted(block, blocks),
                        new byte[0]);
            }
            default -> {
                int second = random.nextInt(28);
                Arrays.fill(model, from, from + length, (byte) 0);
                Arrays.fill(model, second * 512, (second + 1) * 512, (byte) 0);
                yield task(bench, "42 00 00 00 00 00 00 00 28 00", UnmapTest.list(block, blocks, second, 1));
            }
        };
    }

    private static Task task(Bench bench, String cdb, byte[] data) {
        Task task = bench.task(cdb, data.length == 0 ? TransferDirection.NONE : TransferDirection.TO_TARGET,
                data.length);
        Bench.put(task, data);
        return task;
    }

    private static boolean out(Initiator initiator, String cdb, byte[] data) {
        Task task = initiator.prepare(0, 0, cdb, data.length == 0 ? TransferDirection.NONE
                : TransferDirection.TO_TARGET, data.length, 0);
        task.extents().scatter(MemorySegment.ofArray(data), 0, 0, data.length);
        assertThat(initiator.client.submit(task)).isTrue();
        initiator.pump();
        return initiator.done.getLast().isGood();
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
