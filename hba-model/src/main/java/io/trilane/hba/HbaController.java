package io.trilane.hba;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.DmaSpecification;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.HbaProperty;
import io.trilane.engine.controller.Personality;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskStatus;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The reference driver of [HbaModel]: posts what it is given, drains a bundle per interrupt, completes. Read it to learn
/// how a controller is written.
@HotPath
public final class HbaController implements Controller {
    private static final System.Logger LOGGER = System.getLogger("io.trilane.hba");
    private static final int NOTICES_PER_INTERRUPT = 32;

    private final HbaModel hardware;
    private final SerialQueue.Bundle<Task> posting = new SerialQueue.Bundle<>(TaskBatch.MAX_TASKS);
    private final Task[] completed = new Task[TaskBatch.MAX_TASKS];
    private final long[] tokens = new long[TaskBatch.MAX_TASKS];
    private @Nullable Framework framework;
    private @Nullable Completer processCompleter;
    private @Nullable Completer interruptCompleter;

    private final Consumer<HotPlug.Notice> onNotice = this::onNotice;
    private final AtomicLong failedTargets = new AtomicLong();

    public HbaController(HbaModel hardware) {
        this.hardware = hardware;
    }

    @Override
    public Personality personality() {
        return Personality.virtual("io.trilane.hba", "HbaController");
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
        framework().setDispatchQueue(Framework.AUXILIARY_QUEUE);
        framework().setDispatchQueue(Framework.INTERRUPT_QUEUE);
        framework().reportConstraints(
                ControllerConstraints.of(TaskExtension.MAX_EXTENTS, hardware.config().maxTransferBytes()));
        framework().setHbaProperties(Map.of(HbaProperty.VENDOR_IDENTIFICATION, "TRILANE",
                HbaProperty.PRODUCT_IDENTIFICATION, "Model HBA", HbaProperty.PRODUCT_REVISION_LEVEL, "0001"));
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
    public DmaSpecification dmaSpecification(Task task) {
        return DmaSpecification.of(hardware.config().maxTransferBytes());
    }

    /// Asynchronously: the synchronous call needs the very role that is in here (`driverkit.md` 3.3).
    @Override
    public boolean startController() {
        for (int targetId : hardware.targetIds()) {
            create(targetId, _ -> {});
        }
        return true;
    }

    @Override
    public long reportHighestLogicalUnitNumber() {
        return HbaConfig.HIGHEST_LUN;
    }

    @Override
    public ServiceResponse processTask(Task task, long token) {
        posting.clear();
        posting.add(task);
        if (hardware.post(posting) == 0) {
            refuse(task, token);
        }
        return ServiceResponse.REQUEST_IN_PROCESS;
    }

    @Override
    public void process(TaskBatch batch) {
        posting.wrap(batch.tasks(), batch.count());
        int posted = hardware.post(posting);
        for (int i = posted; i < batch.count(); i++) {
            refuse(batch.task(i), batch.token(i));
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
        SerialQueue<HotPlug.Notice> notices = hardware.notices();
        if (!notices.isEmpty()) {
            int _ = notices.drain(onNotice, NOTICES_PER_INTERRUPT);
        }
        return count == completed.length && !completions.isEmpty() || !notices.isEmpty();
    }

    /// The hardware answers when no aborted task can have an effect any more, which may take as long as its image does.
    /// A verdict that is late, or a hardware that takes no more requests, is a delivery failure: the tasks' fate is
    /// unknown then, and each is completed when the hardware is through with it.
    @Override
    public ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag) {
        Reply<ServiceResponse> reply = new Reply<>();
        boolean answered = hardware
                .offer(new HardwareEvent.ManageTask(function, nexus.id(), targetId, lun, tag, reply))
                && framework().awaitHardware("verdict of " + function, reply::isDone);
        return answered ? Objects.requireNonNull(reply.get()) : ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE;
    }

    @Override
    public void onNexusReset(Nexus nexus) {
        hardware.post(new HardwareEvent.NexusReset(nexus));
    }

    @Override
    public void stop() {
        // Clients are closed by now; what the hardware still holds is counted by the engine and kept.
    }

    @Override
    public HardwareAgent hardware() {
        return hardware;
    }

    /// Targets whose creation did not end with CREATED.
    public long failedTargets() {
        return failedTargets.get();
    }

    /// On the interrupt role, where a synchronous creation would wait for itself.
    private void onNotice(HotPlug.Notice notice) {
        switch (notice) {
            case HotPlug.Notice.Arrived arrived -> create(arrived.targetId(), arrived.reply()::complete);
            case HotPlug.Notice.Left left -> framework().destroyTarget(left.targetId(), left.reply()::complete);
        }
    }

    private void create(long targetId, Consumer<TargetVerdict> listener) {
        framework().createTarget(targetId, Map.of(), verdict -> {
            if (verdict != TargetVerdict.CREATED) {
                failedTargets.incrementAndGet();
                LOGGER.log(System.Logger.Level.WARNING, "targetId=" + targetId + " verdict=" + verdict
                        + ", the target is not there for the framework");
            }
            listener.accept(verdict);
        });
    }

    /// The ring is full: the framework sends the task again when others have completed.
    private void refuse(Task task, long token) {
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
        Objects.requireNonNull(processCompleter).complete(token);
    }

    private Framework framework() {
        return Objects.requireNonNull(framework);
    }
}
