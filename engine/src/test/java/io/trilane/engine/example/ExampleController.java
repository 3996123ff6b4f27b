package io.trilane.engine.example;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.DmaSpecification;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskStatus;
import java.util.Map;

/// A driver for [ExampleDisk]: one ring down, one ring up, one interrupt, one target.
public class ExampleController implements Controller {
    private static final long INITIATOR = 7;
    private static final long TARGET = 0;
    private static final int TASKS = 64;
    private static final int MAX_TRANSFER_BYTES = 1 << 20;

    private final int ringTasks;
    private final boolean bundled;
    /// By slot: written by the submitting role before it posts, read by the interrupt role after it has polled.
    private final long[] tokens = new long[TASKS];
    private final long[] finishedTokens = new long[TaskBatch.MAX_TASKS];
    private Framework framework;
    private ExampleDisk disk;
    private SerialQueue<Task> posted;
    private SerialQueue<Task> finished;
    private SerialQueue<Reply<Boolean>> flushes;
    private Completer refusing;
    private Completer completing;

    /// @param ringTasks how many tasks the ring holds before the controller has to refuse
    /// @param bundled   take tasks in bundles, or one by one
    public ExampleController(int ringTasks, boolean bundled) {
        this.ringTasks = ringTasks;
        this.bundled = bundled;
    }

    @Override
    public boolean start(Framework given) {
        framework = given;
        posted = given.hardwareQueue("posted", ringTasks);
        flushes = given.hardwareQueue("flushes", 16);
        finished = given.interruptQueue("finished", TASKS);
        refusing = given.completer(given.contract().role(Callback.PROCESS));
        completing = given.completer(given.contract().role(Callback.INTERRUPT));
        disk = new ExampleDisk(posted, flushes, finished, given.interruptLine());
        return true;
    }

    @Override
    public HardwareAgent hardware() {
        return disk;
    }

    @Override
    public boolean initializeController() {
        framework.setDispatchQueue(Framework.AUXILIARY_QUEUE);
        framework.setDispatchQueue(Framework.INTERRUPT_QUEUE);
        framework.reportConstraints(ControllerConstraints.of(4, MAX_TRANSFER_BYTES));
        return true;
    }

    @Override
    public long reportInitiatorIdentifier() {
        return INITIATOR;
    }

    @Override
    public long reportHighestSupportedDeviceId() {
        return INITIATOR;
    }

    @Override
    public int reportMaximumTaskCount() {
        return TASKS;
    }

    @Override
    public DmaSpecification dmaSpecification(Task task) {
        return DmaSpecification.of(MAX_TRANSFER_BYTES);
    }

    @Override
    public long mapTaskData(Task task) {
        return task.slot() + 1L;
    }

    @Override
    public boolean mapBundledBuffers() {
        return bundled;
    }

    @Override
    public boolean startController() {
        framework.createTarget(TARGET, Map.of(), this::onTargetCreated);
        return true;
    }

    @Override
    public boolean initializeTarget(long targetId) {
        return targetId == TARGET;
    }

    @Override
    public ServiceResponse processTask(Task task, long token) {
        postOrRefuse(task, token);
        return ServiceResponse.REQUEST_IN_PROCESS;
    }

    @Override
    public void process(TaskBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            postOrRefuse(batch.task(i), batch.token(i));
        }
    }

    @Override
    public boolean onInterrupt() {
        int count = 0;
        Task task;
        while (count < finishedTokens.length && (task = finished.poll()) != null) {
            finishedTokens[count++] = tokens[task.slot()];
        }
        completing.complete(finishedTokens, count);
        return count == finishedTokens.length;
    }

    @Override
    public ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag) {
        if (function == TaskManagementFunction.CLEAR_ACA) {
            return ServiceResponse.FUNCTION_REJECTED;
        }
        return flush("verdict of " + function) ? ServiceResponse.FUNCTION_COMPLETE
                : ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE;
    }

    @Override
    public void stop() {
        boolean flushed = flush("the last task");
        boolean returned = framework.dispatchSync(Role.INTERRUPT, this::returnFinished);
        if (!flushed || !returned) {
            throw new IllegalStateException("flushed=" + flushed + " returned=" + returned + ", the disk hangs");
        }
    }

    private void postOrRefuse(Task task, long token) {
        tokens[task.slot()] = token;
        if (!posted.offer(task)) {
            task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
            refusing.complete(token);
        }
    }

    /// True once the disk has executed whatever was posted before.
    private boolean flush(String what) {
        Reply<Boolean> done = new Reply<>();
        return flushes.offer(done) && framework.awaitHardware(what, done::isDone);
    }

    private void returnFinished() {
        while (onInterrupt()) {
            continue;
        }
    }

    private void onTargetCreated(TargetVerdict verdict) {
        if (verdict != TargetVerdict.CREATED) {
            System.getLogger("example").log(System.Logger.Level.ERROR, "target=" + TARGET + " verdict=" + verdict);
        }
    }
}
