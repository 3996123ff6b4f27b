package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.ProbedController.Answer;
import io.trilane.engine.ProbedController.Command;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.TaskStatus;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Devices that answer anything: a probe never throws, always ends, and gives every task back.
class TargetProbeFuzzTest {
    private static final int SEEDS = 400;
    private static final int HIGHEST_LUN = 0x1FF;

    @Test
    void endsWhateverTheDeviceAnswers() {
        int good = 0;
        int several = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            try (ProbeFixture fixture = new ProbeFixture(new RandomDevice(seed), HIGHEST_LUN)) {
                fixture.run();
                check(fixture, seed);
                good += fixture.probe.isGood() ? 1 : 0;
                several += fixture.probe.units().size() > 1 ? 1 : 0;
            }
        }
        assertThat(good).as("the devices are not so wild that nothing is found").isBetween(SEEDS / 10, SEEDS - 1);
        assertThat(several).as("targets with several units").isPositive();
    }

    private static void check(ProbeFixture fixture, int seed) {
        TargetProbe probe = fixture.probe;
        assertThat(probe.failure().isEmpty()).as("seed=%d", seed).isEqualTo(probe.isGood());
        assertThat(probe.units()).as("seed=%d", seed).hasSizeLessThanOrEqualTo(TargetProbe.MAX_UNITS)
                .doesNotHaveDuplicates().allSatisfy(unit -> {
                    assertThat(LogicalUnitList.number(unit.lun())).isBetween(0L, (long) HIGHEST_LUN);
                    assertThat(unit.blocks()).isNotNegative();
                    assertThat(unit.blockBytes()).isNotNegative();
                });
        assertThat(fixture.client.inFlight()).as("seed=%d", seed).isZero();
        assertThat(fixture.freeTasks()).as("seed=%d", seed)
                .isEqualTo(ProbeFixture.TASKS - fixture.controller.held.size());
        assertThat(fixture.engine.counters().get(EngineCounter.CONTROLLER_ERRORS)).as("seed=%d", seed).isZero();
    }

    /// Mostly well-formed, so that a probe gets somewhere; the rest is noise of any length, also beyond what was asked for.
    private static final class RandomDevice implements Function<Command, Answer> {
        private final Random random;
        private final ProbedTarget sane = new ProbedTarget();

        RandomDevice(int seed) {
            random = new Random(seed);
        }

        @Override
        public Answer apply(Command command) {
            int dice = random.nextInt(100);
            if (dice < 30) {
                return sane.apply(command);
            }
            if (dice < 60) {
                return noise(command);
            }
            if (dice < 85) {
                return sense();
            }
            if (dice < 97) {
                return Answer.status(pick(TaskStatus.BUSY, TaskStatus.TASK_SET_FULL, TaskStatus.TASK_ABORTED,
                        TaskStatus.RESERVATION_CONFLICT, TaskStatus.CHECK_CONDITION, TaskStatus.ACA_ACTIVE));
            }
            return dice < 99 ? Answer.status(pick(TaskStatus.values())) : Answer.held();
        }

        private Answer noise(Command command) {
            byte[] data = new byte[random.nextInt(3000)];
            random.nextBytes(data);
            if (command.operationCode() == ProbedTarget.REPORT_LUNS) {
                listLuns(data);
            } else if (data.length > 0 && random.nextBoolean()) {
                data[0] = 0;
            }
            long claimed = pick((long) data.length, command.transferCount(), 0L, 1L, -1L, Long.MAX_VALUE,
                    Long.MIN_VALUE, (long) random.nextInt(40));
            return Answer.good(data, claimed);
        }

        /// A length that may be a lie, and a few LUNs of one level.
        private void listLuns(byte[] data) {
            if (data.length < 8) {
                return;
            }
            int entries = random.nextInt(20);
            for (int i = 0; i < 4; i++) {
                data[i] = random.nextInt(4) == 0 ? (byte) random.nextInt() : 0;
            }
            data[3] = (byte) (8 * entries + random.nextInt(2));
            for (int at = 8; at + 8 <= data.length; at += 8) {
                Arrays.fill(data, at, at + 8, (byte) 0);
                data[at] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0);
                data[at + 1] = (byte) random.nextInt(64);
            }
        }

        private Answer sense() {
            byte[] sense = new byte[random.nextInt(40)];
            random.nextBytes(sense);
            if (sense.length > 13 && random.nextInt(4) != 0) {
                sense[0] = pick((byte) 0x70, (byte) 0x71, (byte) 0x72, (byte) 0x73, (byte) 0xF0);
                sense[1] = (byte) random.nextInt(16);
                sense[2] = (byte) random.nextInt(16);
                sense[12] = pick((byte) 0x04, (byte) 0x3A, (byte) 0x29, (byte) 0x25);
            }
            return Answer.sense(sense);
        }

        @SafeVarargs
        private <T> T pick(T... choices) {
            return choices[random.nextInt(choices.length)];
        }
    }
}
