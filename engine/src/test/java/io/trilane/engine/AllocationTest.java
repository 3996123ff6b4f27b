package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TransferDirection;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The data path allocates nothing per task: measured on the driver's thread, which does everything here.
class AllocationTest {
    private static final int TASKS = 1_000_000;
    private static final int WARM_UP_TASKS = 300_000;
    private static final int DEPTH = 32;

    private int done;

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,false"})
    void allocatesNothingPerTask(boolean bundledProcess, boolean bundledSubmit) {
        FakeController controller = new FakeController();
        controller.bundled = bundledProcess;
        EngineConfig config = EngineConfig.defaults().withFramework(FrameworkConfig.defaults().withProbesTargets(false))
                .withMaxTasks(DEPTH).withCountersDirectory(Optional.empty());
        try (Engine engine = Engine.launch(config, controller)) {
            Client client = engine.openClient("initiator", "target");
            Consumer<Task> finished = task -> {
                done += client.release(task.token()) ? 1 : 0;
            };
            TaskBatch batch = new TaskBatch();
            run(engine, client, finished, bundledSubmit ? batch : null, WARM_UP_TASKS);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            run(engine, client, finished, bundledSubmit ? batch : null, TASKS);
            double bytesPerTask = (double) (threads.getCurrentThreadAllocatedBytes() - before) / TASKS;
            assertThat(bytesPerTask).isLessThan(0.01);
        }
    }

    private void run(Engine engine, Client client, Consumer<Task> finished, TaskBatch batch, int tasks) {
        done = 0;
        while (done < tasks) {
            if (batch == null) {
                submitSingly(client);
            } else {
                submitBundle(client, batch);
            }
            engine.doWork();
            client.poll(finished, DEPTH);
        }
    }

    private static void submitSingly(Client client) {
        for (int i = 0; i < DEPTH; i++) {
            Task task = client.claim(4096);
            task.setTransfer(TransferDirection.FROM_TARGET, 4096);
            task.setTimeoutMillis(1000);
            if (!client.submit(task)) {
                throw new AssertionError("refused");
            }
        }
    }

    private static void submitBundle(Client client, TaskBatch batch) {
        batch.clear();
        client.claim(batch, DEPTH, 4096);
        for (int i = 0; i < batch.count(); i++) {
            batch.task(i).setTransfer(TransferDirection.FROM_TARGET, 4096);
        }
        if (client.submit(batch) != DEPTH) {
            throw new AssertionError("refused");
        }
    }
}
