package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskStage;
import io.trilane.engine.task.TaskStatus;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class StageStampTest {
    private static final long MS = 1_000_000;

    private int done;

    @Test
    void everyStageHasItsTime() {
        try (EngineFixture fixture = new EngineFixture(config -> config, script -> {
            script.posting = FakeController.Posting.HOLD;
        })) {
            fixture.clock.tickPerReadNs = 0;
            Client client = fixture.open();
            client.stampStages(true);
            Task task = fixture.submit(client);
            long startNs = fixture.clock.getAsLong();
            fixture.elapse(3);
            fixture.clock.advanceMillis(5);
            // The hardware writes the response here; the interrupt is served 7 ms later.
            fixture.controller.finish(fixture.controller.held.getFirst());
            fixture.elapse(7);
            fixture.clock.advanceMillis(11);
            List<Task> polled = EngineFixture.poll(client);

            assertThat(polled).containsExactly(task);
            assertThat(stages(task)).containsExactly(startNs, startNs + 3 * MS, startNs + 8 * MS, startNs + 15 * MS,
                    startNs + 26 * MS);
        }
    }

    @Test
    void nothingIsStampedUnlessAskedForAndNotAfterwards() {
        try (EngineFixture fixture = new EngineFixture()) {
            Client client = fixture.open();
            assertThat(stagesOfOneTask(fixture, client)).containsOnly(-1L);
            client.stampStages(true);
            assertThat(stagesOfOneTask(fixture, client)).doesNotContain(-1L).isSorted();
            client.stampStages(false);
            assertThat(stagesOfOneTask(fixture, client)).containsOnly(-1L);
        }
    }

    @Test
    void aTaskThatNoDeviceHasSeenSpentNoTimeThere() {
        try (EngineFixture fixture = new EngineFixture()) {
            fixture.clock.tickPerReadNs = 0;
            Client client = fixture.open();
            client.stampStages(true);
            Task task = fixture.claim(client);
            task.setTargetId(3);
            assertThat(client.submit(task)).isTrue();
            long startNs = fixture.clock.getAsLong();
            fixture.elapse(4);
            assertThat(EngineFixture.poll(client)).containsExactly(task);
            assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
            assertThat(task.status()).isEqualTo(TaskStatus.DEVICE_NOT_PRESENT);
            assertThat(stages(task)).containsExactly(startNs, startNs, startNs, startNs, startNs + 4 * MS);
        }
    }

    @Test
    void stampingAllocatesNothing() {
        int depth = 32;
        EngineConfig config = EngineConfig.defaults().withFramework(FrameworkConfig.defaults().withProbesTargets(false))
                .withMaxTasks(depth).withCountersDirectory(Optional.empty());
        try (Engine engine = Engine.launch(config, new FakeController())) {
            Client client = engine.openClient("initiator", "target");
            client.stampStages(true);
            Consumer<Task> finished = task -> {
                done += client.release(task.token()) ? 1 : 0;
            };
            run(engine, client, finished, 300_000, depth);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            run(engine, client, finished, 1_000_000, depth);
            assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 1e6).isLessThan(0.01);
        }
    }

    private void run(Engine engine, Client client, Consumer<Task> finished, int tasks, int depth) {
        done = 0;
        while (done < tasks) {
            for (int i = 0; i < depth; i++) {
                assert client.submit(Objects.requireNonNull(client.claim(4096)));
            }
            engine.doWork();
            client.poll(finished, depth);
        }
    }

    /// With -1 in the slot before it is submitted.
    private static List<Long> stagesOfOneTask(EngineFixture fixture, Client client) {
        Task task = fixture.claim(client);
        for (int i = 0; i < TaskExtension.STAGES; i++) {
            task.setExtensionLong(TaskExtension.STAGE_NS + i * Long.BYTES, -1);
        }
        assertThat(client.submit(task)).isTrue();
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        List<Long> stages = stages(task);
        client.release(task.token());
        return stages;
    }

    private static List<Long> stages(Task task) {
        return List.of(TaskStage.values()).stream().map(task::stageNs).toList();
    }
}
