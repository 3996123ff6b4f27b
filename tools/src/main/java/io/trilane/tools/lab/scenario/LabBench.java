package io.trilane.tools.lab.scenario;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.FrameworkConfig;
import io.trilane.engine.ThreadingMode;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TaskToken;
import io.trilane.engine.task.TransferDirection;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A real engine around a [LabController], with a client that reads. Closing it checks that every task came back exactly once
/// and that no slot is missing, and hands the reports over. Belongs to the thread of the scenario, which also drives the
/// engine unless that is DEDICATED.
final class LabBench implements AutoCloseable {
    private static final long PATIENCE_NS = Duration.ofSeconds(10).toNanos();
    private static final long CLOSE_TIMEOUT_NS = Duration.ofMillis(200).toNanos();
    private static final long DEDICATED_CLOSE_TIMEOUT_NS = Duration.ofSeconds(5).toNanos();
    private static final Duration STEP = Duration.ofMillis(100);
    private static final int MAX_CYCLES = 100_000;
    private static final long NAP_NS = 200_000;
    private static final int DATA_BUDGET_BYTES = 1 << 20;

    private final LabController controller;
    private final Observation seen;
    private final LabClock clock;
    private final Engine engine;
    private final Client client;
    /// Every READ that was submitted, by token, and what became of it.
    private final Map<Long, List<Delivery>> deliveries = new HashMap<>();

    /// What came back.
    ///
    /// @param status  with which it ended
    /// @param isRight GOOD, with the data of its block
    record Delivery(TaskStatus status, boolean isRight) {}

    /// Launches under the DRIVERKIT contract, driven by the calling thread.
    LabBench(LabController controller, Observation seen) {
        this(controller, seen, config -> config);
    }

    /// @param change what differs
    LabBench(LabController controller, Observation seen, UnaryOperator<EngineConfig> change) {
        this(controller, seen, LabClock.manual(), ThreadingMode.INVOKER, change);
    }

    /// Roles on threads of their own, and a clock that runs.
    static LabBench dedicated(LabController controller, Observation seen) {
        return new LabBench(controller, seen, LabClock.running(), ThreadingMode.DEDICATED, config -> config);
    }

    private LabBench(LabController controller, Observation seen, LabClock clock, ThreadingMode threading,
            UnaryOperator<EngineConfig> change) {
        this.controller = controller;
        this.seen = seen;
        this.clock = clock;
        this.engine = Engine.launch(change.apply(config(clock, threading)), controller);
        this.client = engine.openClient("lab", "lab-target");
        boolean _ = await(() -> !engine.targets().isEmpty() || threading == ThreadingMode.INVOKER);
        pump();
    }

    private static EngineConfig config(LabClock clock, ThreadingMode threading) {
        boolean isInvoker = threading == ThreadingMode.INVOKER;
        return new EngineConfig(LabController.TASKS, DATA_BUDGET_BYTES, LabController.TASKS, threading,
                QueueContract.DRIVERKIT, 0, Optional.empty(), clock, Duration.ofSeconds(1).toNanos(),
                isInvoker ? CLOSE_TIMEOUT_NS : DEDICATED_CLOSE_TIMEOUT_NS, isInvoker, FrameworkConfig.defaults(),
                Optional.empty());
    }

    Engine engine() {
        return engine;
    }

    LabClock clock() {
        return clock;
    }

    Framework framework() {
        return controller.framework();
    }

    /// Drives the engine until nothing is left to do; nothing to do here when it is DEDICATED.
    void pump() {
        boolean _ = isInvoker() && await(() -> engine.doWork() == 0);
        poll();
    }

    /// Time passes in small steps, and the engine sees each.
    void elapse(Duration time) {
        for (Duration left = time; left.isPositive(); left = left.minus(STEP)) {
            clock.skip(STEP);
            pump();
        }
    }

    /// Drives, or waits for, the engine until `condition` holds; false when it does not.
    boolean await(BooleanSupplier condition) {
        long startNs = System.nanoTime();
        for (int cycle = 0; !condition.getAsBoolean(); cycle++) {
            if (isInvoker() ? cycle > MAX_CYCLES : System.nanoTime() - startNs > PATIENCE_NS) {
                return false;
            }
            if (isInvoker()) {
                int _ = engine.doWork();
            } else {
                client.awaitCompletion(NAP_NS);
            }
            poll();
        }
        return true;
    }

    /// Runs `block` on a role, to its end; false when it threw or never ran.
    boolean on(Role role, Runnable block) {
        AtomicBoolean ran = new AtomicBoolean();
        return framework().dispatch(role, () -> {
            block.run();
            ran.set(true);
        }) && await(ran::get);
    }

    /// Creates a target as one should; empty when there was no answer.
    Optional<TargetVerdict> plug(long targetId) {
        AtomicReference<@Nullable TargetVerdict> verdict = new AtomicReference<>();
        framework().createTarget(targetId, Map.of(), verdict::set);
        boolean _ = await(() -> verdict.get() != null);
        return Optional.ofNullable(verdict.get());
    }

    /// Reads a block of target 0; true when it came with its data.
    boolean reads(long block) {
        return reads(LabController.TARGET, block);
    }

    boolean reads(long targetId, long block) {
        long token = submit(targetId, block);
        return await(() -> delivery(token).isPresent()) && delivery(token).filter(Delivery::isRight).isPresent();
    }

    /// Submits a READ of one block without a deadline; its token, or [TaskToken#NONE] when there is no task.
    long submit(long targetId, long block) {
        return submit(targetId, block, 1, 0);
    }

    /// @param pieces        how many blocks, each a segment of its own
    /// @param timeoutMillis 0 for none
    long submit(long targetId, long block, int pieces, int timeoutMillis) {
        Task task = client.claim((long) pieces * LabDisk.BLOCK_BYTES);
        if (task == null) {
            return TaskToken.NONE;
        }
        long address = task.extents().address(0);
        task.extents().setSingle(address, LabDisk.BLOCK_BYTES);
        for (int i = 1; i < pieces; i++) {
            boolean _ = task.extents().add(address + (long) i * LabDisk.BLOCK_BYTES, LabDisk.BLOCK_BYTES);
        }
        task.setTargetId(targetId);
        task.setLun(0);
        task.setCdb(new byte[]{LabDisk.READ_10, 0, 0, 0, (byte) (block >> 8), (byte) block, 0, 0, (byte) pieces, 0});
        task.setTransfer(TransferDirection.FROM_TARGET, (long) pieces * LabDisk.BLOCK_BYTES);
        task.setTimeoutMillis(timeoutMillis);
        task.setUserData(block);
        long token = task.token();
        deliveries.put(token, new ArrayList<>());
        if (!client.submit(task)) {
            throw new IllegalStateException("state=" + engine.state() + " takes no task");
        }
        return token;
    }

    /// What became of a READ; empty while it is under way.
    Optional<Delivery> delivery(long token) {
        return deliveries.getOrDefault(token, List.of()).stream().findFirst();
    }

    /// True when a READ ended with this status.
    boolean hasEnded(long token, TaskStatus status) {
        return delivery(token).filter(delivery -> delivery.status() == status).isPresent();
    }

    @Override
    public void close() {
        controller.disk().letGo();
        boolean _ = await(this::isAllDelivered);
        pump();
        seen.that("each of " + deliveries.size() + " tasks was delivered exactly once: " + deliveries,
                isAllDelivered());
        int free = freeTasks();
        seen.that("free tasks=" + free + " are all tasks=" + controller.reportMaximumTaskCount(),
                free == controller.reportMaximumTaskCount());
        client.close();
        engine.close();
        seen.that("stops=" + controller.stops() + " is one", controller.stops() == 1);
        seen.reports(engine.misuses().reports());
    }

    private boolean isInvoker() {
        return engine.config().threading() == ThreadingMode.INVOKER;
    }

    private void poll() {
        while (client.poll(this::onDelivered, LabController.TASKS) > 0) {
            continue;
        }
    }

    private void onDelivered(Task task) {
        MemorySegment data = MemorySegment.ofArray(new byte[(int) task.transferCount()]);
        boolean isWhole = task.isGood() && task.bytesTransferred() == data.byteSize()
                && task.extents().gather(0, data, 0, data.byteSize()) == data.byteSize();
        Delivery delivery =
                new Delivery(task.status(), isWhole && LabDisk.isStamped(data, task.userData()));
        deliveries.computeIfAbsent(task.token(), _ -> new ArrayList<>()).add(delivery);
        boolean _ = client.release(task.token());
    }

    private boolean isAllDelivered() {
        return deliveries.values().stream().allMatch(each -> each.size() == 1);
    }

    private int freeTasks() {
        List<Task> claimed = new ArrayList<>();
        Task task;
        while ((task = client.claim(0)) != null) {
            claimed.add(task);
        }
        claimed.forEach(each -> {
            boolean _ = client.release(each.token());
        });
        return claimed.size();
    }
}
