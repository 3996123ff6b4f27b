package io.trilane.tools.lab;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.controller.CallTrace;
import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.HbaModel;
import io.trilane.hba.LogicalUnitConfig;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.MemoryImage;
import io.trilane.hba.image.PendingImage;
import io.trilane.tools.lab.scenario.StepClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// The life of the reference controller, traced: bring-up, targets, input and output, an abort, suspend and resume, stop.
/// One thread and a clock that steps, so that it is the same each time, to the microsecond.
final class TraceConversation implements AutoCloseable {
    /// Most targets that make sense to read.
    static final int MAX_TARGETS = 64;

    private static final int MAX_TASKS = 8;
    private static final int BLOCK_BYTES = 512;
    private static final long IMAGE_BYTES = 1 << 20;
    private static final int SPANS = 1 << 18;
    private static final int LIMIT_CYCLES = 10_000;
    private static final long ABORTED_TAG = 77;
    private static final byte[] TEST_UNIT_READY = new byte[6];
    private static final byte[] INQUIRY = {0x12, 0, 0, 0, 96, 0};
    private static final byte[] READ_CAPACITY = {0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final byte[] WRITE = {0x2A, 0, 0, 0, 0, 7, 0, 0, 1, 0};
    private static final byte[] READ = {0x28, 0, 0, 0, 0, 7, 0, 0, 1, 0};

    private final CallTrace trace = new CallTrace(SPANS);
    private final List<DiskImage> images = new ArrayList<>();
    private final QueueContract contract;
    private final TraceDriver driver;
    private final Engine engine;
    private final Client client;

    private TraceConversation(QueueContract contract, int targets) {
        this.contract = contract;
        PendingImage lagging = new PendingImage(MemoryImage.open(IMAGE_BYTES, BLOCK_BYTES));
        images.add(lagging);
        for (int i = 1; i < targets; i++) {
            images.add(MemoryImage.open(IMAGE_BYTES, BLOCK_BYTES));
        }
        List<HbaConfig.Unit> units = new ArrayList<>();
        for (int id = 0; id < targets; id++) {
            units.add(new HbaConfig.Unit(id, 0, LogicalUnitConfig.ofSerial("TRACE-" + id), images.get(id)));
        }
        this.driver = new TraceDriver(new HbaModel(new HbaConfig(MAX_TASKS, IMAGE_BYTES, 1, units)), lagging);
        EngineConfig config = EngineConfig.defaults().withMaxTasks(MAX_TASKS).withDataBudgetBytes(IMAGE_BYTES)
                .withContract(contract).withCountersDirectory(Optional.empty()).withSimulatedTime(new StepClock());
        this.engine = Engine.launch(config.withFramework(config.framework().withTrace(trace)), driver);
        this.client = engine.openClient("initiator", "target");
    }

    /// Holds the whole conversation; what was said.
    static CallTrace hold(QueueContract contract, int targets) {
        try (TraceConversation conversation = new TraceConversation(contract, targets)) {
            conversation.run();
            return conversation.trace;
        }
    }

    @Override
    public void close() {
        trace.note("stop: the client goes, then the targets, then the controller");
        client.close();
        engine.close();
        images.forEach(DiskImage::close);
    }

    private void run() {
        trace.note("online, targets=" + engine.targets().size());
        if (contract.rolesThatMayCreateTargets().contains(contract.role(Callback.CREATE_TARGET))) {
            trace.note("target 0 is created again, synchronously, from the auxiliary queue");
            driver.createAgain(0);
            pumpUntil(() -> driver.verdict() != null, "createTarget(0)");
            require(driver.verdict() == TargetVerdict.CREATED, "createTarget(0) verdict=" + driver.verdict());
        }
        for (long target : engine.targets()) {
            trace.note("input and output on target " + target);
            exchange(target);
        }
        trace.note("a write is aborted");
        abort();
        trace.note("suspend and resume");
        require(engine.suspend(), "suspend");
        require(!execute(0, READ, TransferDirection.FROM_TARGET, BLOCK_BYTES), "a task fails while suspended");
        require(engine.resume(), "resume");
        require(execute(0, READ, TransferDirection.FROM_TARGET, BLOCK_BYTES), "a task succeeds after resume");
    }

    private void exchange(long target) {
        // The unit attention of a new nexus is the answer to the first one.
        boolean _ = execute(target, TEST_UNIT_READY, TransferDirection.NONE, 0);
        require(execute(target, TEST_UNIT_READY, TransferDirection.NONE, 0), "TEST UNIT READY");
        require(execute(target, INQUIRY, TransferDirection.FROM_TARGET, 96), "INQUIRY");
        require(execute(target, READ_CAPACITY, TransferDirection.FROM_TARGET, 8), "READ CAPACITY");
        require(execute(target, WRITE, TransferDirection.TO_TARGET, BLOCK_BYTES), "WRITE");
        require(execute(target, READ, TransferDirection.FROM_TARGET, BLOCK_BYTES), "READ");
    }

    private void abort() {
        driver.setFrozen(true);
        submit(0, WRITE, TransferDirection.TO_TARGET, BLOCK_BYTES, ABORTED_TAG);
        for (int i = 0; i < 2; i++) {
            int _ = engine.doWork();
        }
        driver.setFrozen(false);
        require(client.manageTask(TaskManagementFunction.ABORT_TASK, 0, 0,
                ABORTED_TAG) == ServiceResponse.FUNCTION_COMPLETE, "ABORT TASK");
        require(!finish(), "the aborted task does not succeed");
    }

    private boolean execute(long target, byte[] cdb, TransferDirection direction, int lengthBytes) {
        submit(target, cdb, direction, lengthBytes, 0);
        return finish();
    }

    private void submit(long target, byte[] cdb, TransferDirection direction, int lengthBytes, long tag) {
        Task task = Objects.requireNonNull(client.claim(lengthBytes), "no free task, our bug");
        task.setTargetId(target);
        task.setLun(0);
        task.setTag(tag);
        task.setCdb(cdb);
        task.setTransfer(direction, lengthBytes);
        require(client.submit(task), "submit");
    }

    /// Whether the one task in flight ended with GOOD.
    private boolean finish() {
        boolean[] good = new boolean[1];
        pumpUntil(() -> client.poll(task -> {
            good[0] = task.isGood();
            boolean _ = client.release(task.token());
        }, 1) == 1, "completion");
        return good[0];
    }

    private void pumpUntil(BooleanSupplier condition, String what) {
        for (int i = 0; i < LIMIT_CYCLES; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            int _ = engine.doWork();
        }
        throw new IllegalStateException(what + " did not come within cycles=" + LIMIT_CYCLES + ", our bug");
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what + " did not go as it should, our bug");
        }
    }
}
