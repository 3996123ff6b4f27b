package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.DmaSpecification;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskStatus;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A correct driver for [LabDisk], one task per call, with target 0 from the start. A scenario overrides the method in which
/// something is to go wrong.
class LabController implements Controller {
    static final int TASKS = 8;
    static final long TARGET = 0;
    static final long HIGHEST_TARGET = 6;
    static final int MAX_TRANSFER_BYTES = 1 << 16;

    private static final long INITIATOR = 7;
    private static final long PATIENCE_SECONDS = 10;

    /// By slot: written by the submitting role before it posts, read by the interrupt role after it has polled.
    private final long[] tokens = new long[TASKS];
    private @Nullable Framework framework;
    private @Nullable LabDisk disk;
    private @Nullable SerialQueue<Task> posted;
    private @Nullable SerialQueue<Task> finished;
    private @Nullable Completer completer;
    private final AtomicInteger stops = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();

    /// Once it was started.
    final Framework framework() {
        return Objects.requireNonNull(framework);
    }

    /// Once it was started.
    final LabDisk disk() {
        return Objects.requireNonNull(disk);
    }

    /// How often it was stopped.
    final int stops() {
        return stops.get();
    }

    /// How many READs it was given.
    final int reads() {
        return reads.get();
    }

    static boolean isRead(Task task) {
        return task.cdbByte(0) == LabDisk.READ_10;
    }

    @Override
    public boolean start(Framework given) {
        framework = given;
        posted = given.hardwareQueue("posted", TASKS);
        finished = given.interruptQueue("finished", TASKS);
        completer = given.completer(given.contract().role(Callback.INTERRUPT));
        disk = new LabDisk(posted, finished, given.interruptLine());
        return true;
    }

    @Override
    public HardwareAgent hardware() {
        return disk();
    }

    @Override
    public boolean initializeController() {
        framework().setDispatchQueue(Framework.AUXILIARY_QUEUE);
        framework().setDispatchQueue(Framework.INTERRUPT_QUEUE);
        framework().reportConstraints(constraints());
        return true;
    }

    ControllerConstraints constraints() {
        return ControllerConstraints.of(4, MAX_TRANSFER_BYTES);
    }

    @Override
    public long reportInitiatorIdentifier() {
        return INITIATOR;
    }

    @Override
    public long reportHighestSupportedDeviceId() {
        return HIGHEST_TARGET;
    }

    @Override
    public int reportMaximumTaskCount() {
        return TASKS;
    }

    @Override
    public @Nullable DmaSpecification dmaSpecification(Task task) {
        return DmaSpecification.of(MAX_TRANSFER_BYTES);
    }

    @Override
    public boolean mapBundledBuffers() {
        return false;
    }

    @Override
    public boolean startController() {
        framework().createTarget(TARGET, Map.of(), _ -> {});
        return true;
    }

    @Override
    public ServiceResponse processTask(Task task, long token) {
        if (isRead(task)) {
            int _ = reads.incrementAndGet();
        }
        tokens[task.slot()] = token;
        if (!Objects.requireNonNull(posted).offer(task)) {
            throw new IllegalStateException("posted is full, size it for every task");
        }
        return ServiceResponse.REQUEST_IN_PROCESS;
    }

    @Override
    public void process(TaskBatch batch) {
        throw new IllegalStateException("mapBundledBuffers answered false");
    }

    @Override
    public boolean onInterrupt() {
        Task task;
        while ((task = Objects.requireNonNull(finished).poll()) != null) {
            onFinished(task, tokens[task.slot()]);
        }
        return false;
    }

    /// INTERRUPT: the disk has executed a task.
    void onFinished(Task task, long token) {
        complete(token);
    }

    /// INTERRUPT.
    final void complete(long token) {
        Objects.requireNonNull(completer).complete(token);
    }

    /// INTERRUPT: a deadline of the driver's own has passed; what the disk holds back is taken from it and fails.
    final void giveUpHeld() {
        Task task;
        while ((task = disk().takeBack()) != null) {
            task.setResponse(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.TASK_TIMEOUT_OCCURRED, 0);
            complete(tokens[task.slot()]);
        }
    }

    @Override
    public ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag) {
        return ServiceResponse.FUNCTION_REJECTED;
    }

    @Override
    public void stop() {
        int _ = stops.incrementAndGet();
        disk().letGo();
        boolean executed = framework().awaitHardware("the last task", disk()::isIdle);
        boolean returned = framework().dispatchSync(Role.INTERRUPT, this::onInterrupt);
        if (!executed || !returned) {
            throw new IllegalStateException("executed=" + executed + " returned=" + returned + ", the disk hangs");
        }
    }

    /// Any role: waits for an event of the driver's own, which a callback must not.
    static void waitFor(CountDownLatch event) {
        try {
            if (!event.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("event=" + event + " did not come");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
