package io.trilane.hba;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The reference driver of [HbaModel]: posts what it is given, drains a bundle per interrupt, completes. Read it to learn
/// how a controller is written.
@HotPath
public final class HbaController implements Controller {
    private static final int ADDRESS_BITS = 64;
    private static final int ALIGNMENT_BYTES = 4;

    private final HbaModel hardware;
    private final SerialQueue.Bundle<Task> posting = new SerialQueue.Bundle<>(TaskBatch.MAX_TASKS);
    private final Task[] completed = new Task[TaskBatch.MAX_TASKS];
    private final long[] tokens = new long[TaskBatch.MAX_TASKS];
    private @Nullable Framework framework;
    private @Nullable Completer processCompleter;
    private @Nullable Completer interruptCompleter;

    public HbaController(HbaModel hardware) {
        this.hardware = hardware;
    }

    @Override
    public boolean start(Framework given) {
        framework = given;
        processCompleter = given.completer(given.contract().role(Callback.PROCESS));
        interruptCompleter = given.completer(given.contract().role(Callback.INTERRUPT));
        hardware.attach(given);
        return true;
    }

    @Override
    public boolean initializeController() {
        long maxTransfer = hardware.config().maxTransferBytes();
        framework().reportConstraints(new ControllerConstraints(TaskExtension.MAX_EXTENTS, TaskExtension.MAX_EXTENTS,
                maxTransfer, maxTransfer, ALIGNMENT_BYTES, ADDRESS_BITS, maxTransfer));
        return true;
    }

    @Override
    public long reportInitiatorIdentifier() {
        return HbaConfig.INITIATOR_ID;
    }

    @Override
    public long reportHighestSupportedDeviceId() {
        return HbaConfig.HIGHEST_TARGET_ID;
    }

    @Override
    public int reportMaximumTaskCount() {
        return hardware.config().maxTasks();
    }

    @Override
    public boolean startController() {
        boolean created = true;
        for (int targetId : hardware.targetIds()) {
            created &= framework().createTarget(targetId);
        }
        return created;
    }

    @Override
    public ServiceResponse processTask(Task task, long token) {
        posting.clear();
        posting.add(task);
        return hardware.post(posting) == 1 ? ServiceResponse.REQUEST_IN_PROCESS
                : ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE;
    }

    @Override
    public void process(TaskBatch batch) {
        posting.wrap(batch.tasks(), batch.count());
        int posted = hardware.post(posting);
        for (int i = posted; i < batch.count(); i++) {
            batch.task(i).setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
            Objects.requireNonNull(processCompleter).complete(batch.token(i));
        }
    }

    @Override
    public boolean onInterrupt() {
        SerialQueue<Task> completions = hardware.completions();
        int count = completions.drainTo(completed, completed.length);
        for (int i = 0; i < count; i++) {
            tokens[i] = completed[i].token();
        }
        Objects.requireNonNull(interruptCompleter).complete(tokens, count);
        return count == completed.length && !completions.isEmpty();
    }

    /// Task management is not wired to the hardware yet: an explicit refusal.
    @Override
    public ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag) {
        return ServiceResponse.FUNCTION_REJECTED;
    }

    @Override
    public void onNexusReset(Nexus nexus) {
        hardware.post(new HardwareEvent.NexusReset(nexus.id()));
    }

    @Override
    public void stop() {
        // Clients are closed by now; what the hardware still holds is counted by the engine and kept.
    }

    @Override
    public HardwareAgent hardware() {
        return hardware;
    }

    private Framework framework() {
        return Objects.requireNonNull(framework);
    }
}
