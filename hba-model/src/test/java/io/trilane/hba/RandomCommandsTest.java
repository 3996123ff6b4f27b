package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskAttribute;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.command.CommandRow;
import io.trilane.hba.command.CommandTable;
import io.trilane.hba.command.CommandTrait;
import io.trilane.hba.command.Outcome;
import io.trilane.hba.image.ImageResult;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever arrives, a command is finished once with a legal response, and nothing in here throws.
class RandomCommandsTest {
    private static final int COMMANDS = 50_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void anyCdbFinishesOnceWithALegalResponse(long seed) {
        Random random = new Random(seed);
        int good = 0;
        try (Bench bench = bench(seed)) {
            bench.target.add(2, new LogicalUnit(LogicalUnitConfig.ofSerial("2"), new TestImage(4096, 16, false), bench,
                    bench, Bench.MAX_TASKS));
            bench.image.remembers = false;
            for (int i = 0; i < COMMANDS; i++) {
                Task task = randomTask(bench, random);
                bench.image.failure = random.nextInt(50) == 0 ? ImageResult.READ_ONLY + random.nextInt(3)
                        : ImageResult.DONE;
                bench.flushResult = random.nextInt(50) == 0 ? ImageResult.MEDIUM_ERROR : ImageResult.DONE;
                bench.holdsFlushes = random.nextBoolean();
                bench.image.holds = random.nextInt(4) == 0;
                bench.finished.clear();
                bench.flushed.clear();
                bench.target.execute(task);
                finishWhatIsHeld(bench);
                assertThat(bench.finished).as("seed %d command %d", seed, i).containsExactly(task);
                checkResponse(task, "seed " + seed + " command " + i);
                good += task.status() == TaskStatus.GOOD ? 1 : 0;
                bench.release(task);
            }
            assertThat(bench.unit.counters().of(Outcome.INTERNAL_TARGET_FAILURE)).isZero();
            assertThat(bench.target.missingUnitCounters().of(Outcome.INTERNAL_TARGET_FAILURE)).isZero();
            assertThat(bench.unit.unfinishedCommands()).isZero();
            assertThat(good).as("stops, ejects and reservations leave enough to do").isGreaterThan(COMMANDS / 12);
        }
    }

    private static Bench bench(long seed) {
        return switch ((int) (seed % 4)) {
            case 0 -> Bench.descriptorSense();
            case 1 -> Bench.standard();
            case 2 -> Bench.thin();
            default -> Bench.removable();
        };
    }

    private static void finishWhatIsHeld(Bench bench) {
        while (!bench.image.held.isEmpty() || !bench.flushes.isEmpty()) {
            if (!bench.image.held.isEmpty()) {
                bench.completeImage(0);
            } else {
                bench.completeFlush(bench.flushResult);
            }
        }
    }

    private static Task randomTask(Bench bench, Random random) {
        int length = random.nextInt(4) == 0 ? random.nextInt(3 * 512) : 512 * random.nextInt(12);
        Task task = bench.pool.claim(bench, random.nextInt(8), length);
        assertThat(task).isNotNull();
        task.setTargetId(7);
        task.setLun(random.nextInt(20) == 0 ? random.nextLong() : 0);
        task.setCdb(random.nextInt(10) == 0 ? bytes(random, random.nextInt(49)) : plausibleCdb(random));
        task.setTransfer(TransferDirection.of(random.nextInt(4)), length);
        task.setAttribute(TaskAttribute.of(random.nextInt(4)));
        Bench.put(task, Arrays.copyOf(randomData(random, length), length));
        BareFramework.handOver(task);
        if (random.nextInt(500) == 0) {
            bench.resetNexus(task.nexusId());
        }
        if (random.nextInt(500) == 0) {
            bench.unit.reset();
        }
        return task;
    }

    /// A known command with most reserved bits clear and most addresses in range.
    private static byte[] plausibleCdb(Random random) {
        List<CommandRow> rows = CommandTable.ofDisk().rows();
        CommandRow row = rows.get(random.nextInt(rows.size()));
        while (row.has(CommandTrait.OWN_RESERVATION_RULES) && random.nextInt(10) != 0) {
            row = rows.get(random.nextInt(rows.size()));
        }
        byte[] cdb = bytes(random, row.cdbLength());
        boolean small = random.nextInt(5) != 0;
        for (int i = 1; i < cdb.length; i++) {
            cdb[i] &= (byte) row.usage().reported(i);
            boolean address = i >= row.blockField().addressByte();
            if (address && small && random.nextInt(3) != 0) {
                cdb[i] &= (byte) (i == row.blockField().lengthByte() + 1 ? 7 : 0);
            }
        }
        cdb[0] = (byte) row.usage().operationCode();
        if (row.usage().serviceAction() >= 0) {
            cdb[1] = (byte) row.usage().serviceAction();
        }
        leaveTheUnitUsable(cdb, random);
        if (random.nextInt(20) == 0) {
            cdb[random.nextInt(cdb.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return cdb;
    }

    /// Mostly a start rather than a stop, and a release rather than a reservation.
    private static void leaveTheUnitUsable(byte[] cdb, Random random) {
        if (cdb[0] == 0x1B && random.nextInt(4) != 0) {
            cdb[4] = 1;
        }
        if (cdb[0] == 0x16 && random.nextInt(10) != 0) {
            cdb[0] = 0x17;
        }
    }

    private static void checkResponse(Task task, String name) {
        Reply reply = Reply.of(task);
        assertThat(reply.status()).as(name).isIn(TaskStatus.GOOD, TaskStatus.CHECK_CONDITION,
                TaskStatus.RESERVATION_CONFLICT);
        assertThat(reply.sense().length > 0).as(name).isEqualTo(reply.status() == TaskStatus.CHECK_CONDITION);
        assertThat(reply.transferred()).as(name).isBetween(0L, task.transferCount());
        assertThat(task.extensionLong(TaskExtension.RESIDUAL)).as(name)
                .isLessThanOrEqualTo(task.transferCount() - reply.transferred());
    }

    /// Noise, zeros, or a list of ranges to unmap that may be wrong in one place.
    private static byte[] randomData(Random random, int length) {
        return switch (random.nextInt(3)) {
            case 0 -> bytes(random, length);
            case 1 -> new byte[0];
            default -> {
                long[] pairs = random.longs(2L * random.nextInt(20), 0, 70).toArray();
                byte[] list = UnmapTest.list(pairs);
                if (random.nextInt(4) == 0) {
                    list[random.nextInt(list.length)] ^= (byte) (1 << random.nextInt(8));
                }
                yield list;
            }
        };
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
