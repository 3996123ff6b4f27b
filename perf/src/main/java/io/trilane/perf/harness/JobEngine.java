package io.trilane.perf.harness;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.ThreadingMode;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.HbaController;
import io.trilane.hba.HbaModel;
import io.trilane.hba.LogicalUnitConfig;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.page.BlockLimits;
import io.trilane.hba.page.Provisioning;
import io.trilane.hba.page.UnitIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// One engine with its disks and one client: a shard. Opened, used and closed by one thread, which drives it when the
/// threading is INVOKER.
public final class JobEngine implements AutoCloseable {
    private static final long MIN_DATA_BUDGET = 1 << 20;
    private static final long CLAIM_TIMEOUT_NS = 1_000_000_000L;
    private static final int COMMAND_TRIES = 4;

    private final Engine engine;
    private final Client client;
    private final List<DiskImage> images;
    private final boolean closesImages;

    private JobEngine(Engine engine, List<DiskImage> images, boolean closesImages) {
        this.engine = engine;
        this.images = images;
        this.closesImages = closesImages;
        this.client = engine.openClient("trilane-bench", "target-0");
    }

    /// Brings an engine up, with image `i` as LUN `i` of target 0, and waits until every unit is ready.
    ///
    /// @param images closed with the engine, also when this fails
    /// @param depth  most tasks in flight
    /// @param bufferBytes for the data of all tasks in flight
    public static JobEngine launch(int shard, ThreadingMode threading, int depth, long bufferBytes,
            List<DiskImage> images) {
        return launch(new Plan(shard, threading, depth, bufferBytes), images, controller -> controller);
    }

    /// How an engine is launched, see [#launch(int, ThreadingMode, int, long, List)].
    ///
    /// @param provisioning THIN where blocks are to be unmapped
    public record Plan(int shard, ThreadingMode threading, int depth, long bufferBytes, Provisioning provisioning) {
        /// With units that cannot unmap.
        public Plan(int shard, ThreadingMode threading, int depth, long bufferBytes) {
            this(shard, threading, depth, bufferBytes, Provisioning.FULL);
        }
    }

    /// What its units have to be like for this load: only a thin one takes UNMAP.
    static Provisioning provisioning(Workload workload) {
        return workload.mix().has(RequestKind.UNMAP) ? Provisioning.THIN : Provisioning.FULL;
    }

    /// The same with a controller that `decoration` has put around the reference controller.
    public static JobEngine launch(Plan plan, List<DiskImage> images, UnaryOperator<Controller> decoration) {
        return launch(plan, images, decoration, config -> config);
    }

    /// The same with a configuration that `adaptation` has changed.
    static JobEngine launch(Plan plan, List<DiskImage> images, UnaryOperator<Controller> decoration,
            UnaryOperator<EngineConfig> adaptation) {
        try {
            return start(plan, images, decoration, adaptation, true);
        } catch (RuntimeException e) {
            close(images);
            throw e;
        }
    }

    /// The same over images that stay open afterwards.
    static JobEngine borrow(Plan plan, List<DiskImage> images) {
        return start(plan, images, controller -> controller, config -> config, false);
    }

    private static JobEngine start(Plan plan, List<DiskImage> images, UnaryOperator<Controller> decoration,
            UnaryOperator<EngineConfig> adaptation, boolean closesImages) {
        List<HbaConfig.Unit> units = new ArrayList<>();
        for (int lun = 0; lun < images.size(); lun++) {
            units.add(new HbaConfig.Unit(0, lun, unitConfig(plan, lun, images.get(lun)), images.get(lun)));
        }
        HbaConfig hardware = new HbaConfig(plan.depth, Workload.MAX_REQUEST_BYTES, 1, units);
        EngineConfig config = EngineConfig.defaults().withMaxTasks(plan.depth).withThreading(plan.threading)
                .withShard(plan.shard).withDataBudgetBytes(Math.max(MIN_DATA_BUDGET, plan.bufferBytes))
                .withCountersDirectory(Optional.empty());
        Controller controller = decoration.apply(new HbaController(new HbaModel(hardware)));
        JobEngine launched = new JobEngine(Engine.launch(adaptation.apply(config), controller), images, closesImages);
        try {
            launched.waitUntilReady();
        } catch (RuntimeException e) {
            launched.engine.close();
            throw e;
        }
        return launched;
    }

    /// A target for this workload; its depth and buffers must fit what the engine was launched with.
    public EngineLoadTarget target(Workload workload) {
        List<EngineLoadTarget.UnitAddress> units = new ArrayList<>();
        for (int lun = 0; lun < images.size(); lun++) {
            DiskImage image = images.get(lun);
            units.add(new EngineLoadTarget.UnitAddress(lun, image.blockBytes(), image.capacityBlocks()));
        }
        return new EngineLoadTarget(engine, client, workload, units);
    }

    public Engine engine() {
        return engine;
    }

    /// The one client; for its engine's thread.
    public Client client() {
        return client;
    }

    List<DiskImage> images() {
        return images;
    }

    @Override
    public void close() {
        try {
            engine.close();
        } finally {
            if (closesImages) {
                close(images);
            }
        }
    }

    /// One that still works must not be closed, and its complaint would hide why it does: it stays open.
    private static void close(List<DiskImage> images) {
        for (DiskImage image : images) {
            if (image.pendingOperations() == 0) {
                image.close();
            }
        }
    }

    /// TEST UNIT READY until it is GOOD: takes the unit attention that every new nexus gets first.
    private void waitUntilReady() {
        for (int lun = 0; lun < images.size(); lun++) {
            boolean ready = false;
            for (int i = 0; i < COMMAND_TRIES && !ready; i++) {
                ready = testUnitReady(lun);
            }
            if (!ready) {
                throw new IllegalStateException("image=" + images.get(lun).name() + " lun=" + lun
                        + " keeps reporting unit attentions");
            }
        }
    }

    private boolean testUnitReady(int lun) {
        Task task = Objects.requireNonNull(client.claim(0, CLAIM_TIMEOUT_NS), "no task for TEST UNIT READY");
        task.setTargetId(0);
        task.setLun((long) lun << 48);
        task.setCdb(new byte[6]);
        task.setTransfer(TransferDirection.NONE, 0);
        if (!client.submit(task)) {
            throw new IllegalStateException("submission of TEST UNIT READY refused, engine state=" + engine.state());
        }
        boolean[] good = new boolean[1];
        while (client.poll(finished -> good[0] = finish(finished), 1) == 0) {
            if (engine.config().threading() == ThreadingMode.INVOKER) {
                int _ = engine.doWork();
            } else {
                client.awaitCompletion(CLAIM_TIMEOUT_NS);
            }
        }
        return good[0];
    }

    private boolean finish(Task task) {
        boolean good = task.isGood();
        if (!good && !TaskErrors.isUnitAttention(task)) {
            throw new IllegalStateException("unit is not ready: " + TaskErrors.describe(task, 0));
        }
        boolean _ = client.release(task.token());
        return good;
    }

    private static LogicalUnitConfig unitConfig(Plan plan, int lun, DiskImage image) {
        int longest = (int) (Workload.MAX_REQUEST_BYTES / image.blockBytes());
        return new LogicalUnitConfig(UnitIdentity.ofSerial("bench-" + plan.shard + "-" + lun),
                new BlockLimits(longest, 0, 0, 0, 0), false, false).withProvisioning(plan.provisioning);
    }
}
