package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.FrameworkConfig;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStage;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.HbaController;
import io.trilane.hba.HbaModel;
import io.trilane.hba.LogicalUnitConfig;
import io.trilane.hba.image.NullImage;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/// Every look at the clock takes 1 to 40 ns, so that each stage takes some time; up to 2047 ns the histograms are exact.
class StageRecorderTest {
    private final SplittableRandom random = new SplittableRandom(3);
    private final StageRecorder recorder = new StageRecorder();
    private final LongSupplier clock = new LongSupplier() {
        private long nowNs = 1000;

        @Override
        public long getAsLong() {
            nowNs += random.nextInt(1, 41);
            return nowNs;
        }
    };

    @Test
    void theStagesOfEveryTaskAddUpToItsWhole() {
        LogicalUnitConfig unit = LogicalUnitConfig.ofSerial("0001");
        HbaModel hardware = new HbaModel(HbaConfig.of(8, unit, new NullImage(1 << 20, 512)));
        EngineConfig config = EngineConfig.defaults().withMaxTasks(8).withSimulatedTime(clock)
                .withFramework(FrameworkConfig.defaults().withProbesTargets(false));
        try (Engine engine = Engine.launch(config, new HbaController(hardware));
                Client client = engine.openClient("initiator", "target")) {
            client.stampStages(true);
            for (int i = 0; i < 1000; i++) {
                run(engine, client, random.nextInt(1, 5));
            }
        }
        long parts = 0;
        for (TaskStage stage : TaskStage.values()) {
            assertThat(recorder.of(stage).getTotalCount()).isGreaterThan(1000)
                    .isEqualTo(recorder.of(TaskStage.SUBMITTED).getTotalCount());
            assertThat(recorder.of(stage).getMaxValue()).isBetween(1L, 2047L);
            parts += stage == TaskStage.SUBMITTED ? 0 : sum(recorder.of(stage));
        }
        assertThat(parts).isEqualTo(sum(recorder.of(TaskStage.SUBMITTED)));
        StageLatency all = StageLatency.of(Arrays.asList(recorder, recorder));
        assertThat(all.total().count()).isEqualTo(2 * recorder.of(TaskStage.SUBMITTED).getTotalCount());
        assertThat(all.queueWait().maxNs()).isEqualTo(recorder.of(TaskStage.DEQUEUED).getMaxValue());
        assertThat(all.delivery().maxNs()).isEqualTo(recorder.of(TaskStage.DELIVERED).getMaxValue());
    }

    private void run(Engine engine, Client client, int tasks) {
        for (int i = 0; i < tasks; i++) {
            Task task = Objects.requireNonNull(client.claim(512));
            task.setTargetId(0);
            task.setLun(0);
            task.setCdb(new byte[]{0x28, 0, 0, 0, 0, 7, 0, 0, 1, 0});
            task.setTransfer(TransferDirection.FROM_TARGET, 512);
            assertThat(client.submit(task)).isTrue();
        }
        while (client.inFlight() > 0) {
            engine.doWork();
            client.poll(task -> {
                long total = task.stageNs(TaskStage.DELIVERED) - task.stageNs(TaskStage.SUBMITTED);
                long before = sum(recorder.of(TaskStage.SUBMITTED));
                recorder.onFinished(task);
                assertThat(sum(recorder.of(TaskStage.SUBMITTED)) - before).isEqualTo(total);
                client.release(task.token());
            }, 32);
        }
    }

    private static long sum(Histogram histogram) {
        long sum = 0;
        for (var value : histogram.recordedValues()) {
            sum += value.getValueIteratedTo() * value.getCountAtValueIteratedTo();
        }
        return sum;
    }
}
