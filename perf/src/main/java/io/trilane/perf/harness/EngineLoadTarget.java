package io.trilane.perf.harness;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.ThreadingMode;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A disk behind an engine: claims tasks, writes the commands, submits bundles, checks status and byte count of every
/// completion. With INVOKER threading its polls are what drives the engine. Used by one thread.
@HotPath
public final class EngineLoadTarget implements LoadTarget, Consumer<Task> {
    private static final int POLL_LIMIT = 64;
    private static final int IDLE_SPINS = 64;
    private static final long IDLE_SLEEP_NS = 1_000_000;
    private static final long INVOKER_SLEEP_NS = 10_000;
    private static final long VARIED = -1;

    private final Engine engine;
    private final Client client;
    private final boolean invoker;
    private final long[] luns;
    private final TransferCommands[] commands;
    /// Of every task's buffer.
    private final long bufferBytes;
    /// What every request must have transferred, where all are alike; otherwise [#VARIED].
    private final long plainBytes;
    /// By slot: what its request must have transferred, where requests differ.
    private final long[] expectedBytes;
    /// Claimed tasks; the first [#filled] carry a request.
    private final TaskBatch batch = new TaskBatch();
    private int filled;
    private @Nullable TaskObserver checker;
    private @Nullable RequestObserver observer;
    private @Nullable StageRecorder stages;
    private int idlePolls;
    private long errors;
    private @Nullable String firstError;

    /// @param units in the order of [Request#unit]
    EngineLoadTarget(Engine engine, Client client, Workload workload, List<UnitAddress> units) {
        this.engine = engine;
        this.client = client;
        this.invoker = engine.config().threading() == ThreadingMode.INVOKER;
        this.bufferBytes = workload.longestBytes();
        this.plainBytes = workload.mix().isPlain() ? bufferBytes : VARIED;
        this.expectedBytes = new long[engine.config().maxTasks()];
        this.luns = new long[units.size()];
        this.commands = new TransferCommands[units.size()];
        for (int i = 0; i < luns.length; i++) {
            UnitAddress unit = units.get(i);
            luns[i] = unit.lunWord();
            commands[i] = new TransferCommands(workload, unit.blockBytes(), unit.capacityBlocks());
        }
    }

    /// Where a unit is and what its LBAs mean. All are on target 0.
    record UnitAddress(int lun, int blockBytes, long capacityBlocks) {
        /// Peripheral device addressing (SAM-5 4.7.7.2).
        long lunWord() {
            return (long) lun << 48;
        }
    }

    @Override
    public void observe(@Nullable RequestObserver newObserver) {
        observer = newObserver;
    }

    /// Takes the stages of tasks, from the next request on; null: they are not stamped.
    void observeStages(@Nullable StageRecorder recorder) {
        stages = recorder;
        client.stampStages(recorder != null);
    }

    /// Who stamps and checks data, from the next request on; null for nobody.
    void check(@Nullable TaskObserver newChecker) {
        checker = newChecker;
    }

    /// Writes into the buffers of `depth` tasks, so that their memory is there and holds something, as a writer's does:
    /// reading pages that were never written reads one page of zeros again and again.
    void fillBuffers(int depth) {
        List<Task> claimed = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            Task task = client.claim(bufferBytes);
            if (task != null) {
                long offset = task.extents().offset(0);
                task.extents().segment(0).asSlice(offset, bufferBytes).fill((byte) (i + 1));
                claimed.add(task);
            }
        }
        claimed.forEach(task -> {
            boolean _ = client.release(task.token());
        });
    }

    @Override
    public int begin(int wanted) {
        batch.clear();
        filled = 0;
        return client.claim(batch, wanted, bufferBytes);
    }

    @Override
    public boolean add(long request) {
        TaskObserver checking = checker;
        RequestObserver observing = observer;
        if (checking != null && !checking.accepts(request) || observing != null && !observing.accepts(request)) {
            return false;
        }
        Task task = batch.task(filled);
        int unit = Request.unit(request);
        task.setTargetId(0);
        task.setLun(luns[unit]);
        commands[unit].fill(task, request);
        if (plainBytes == VARIED) {
            expectedBytes[task.slot()] = commands[unit].transferBytes(request);
        }
        if (checking != null) {
            checking.onFilled(request, task);
        }
        if (observing != null) {
            observing.onAdded(task.slot(), request);
        }
        filled++;
        return true;
    }

    @Override
    public void submit() {
        for (int i = filled; i < batch.count(); i++) {
            boolean _ = client.release(batch.token(i));
        }
        batch.truncate(filled);
        int sent = filled == 0 ? 0 : client.submit(batch);
        if (sent != batch.count()) {
            // The queue holds every task there is, so this is no back-pressure.
            throw new IllegalStateException("submitted=" + sent + " < bundle=" + batch.count() + ", engine state="
                    + engine.state() + ", keep the engine open while it is under load");
        }
    }

    @Override
    public int poll() {
        int worked = invoker ? engine.doWork() : 0;
        int polled = client.poll(this, POLL_LIMIT);
        if (polled + worked == 0) {
            idle();
        } else {
            idlePolls = 0;
        }
        return polled;
    }

    /// One finished task.
    @Override
    public void accept(Task task) {
        long wantedBytes = plainBytes == VARIED ? expectedBytes[task.slot()] : plainBytes;
        boolean good = task.isGood() && task.bytesTransferred() == wantedBytes;
        if (!good) {
            onError(task, wantedBytes);
        }
        if (stages != null && good) {
            stages.onFinished(task);
        }
        if (observer != null) {
            observer.onFinished(task.slot(), good);
        }
        if (checker != null) {
            checker.onFinished(task, good);
        }
        boolean _ = client.release(task.token());
    }

    @Override
    public long errors() {
        return errors;
    }

    @Override
    public @Nullable String firstError() {
        return firstError;
    }

    @Override
    public int inFlight() {
        return client.inFlight();
    }

    @Override
    public int slots() {
        return engine.config().maxTasks();
    }

    /// Nothing: the engine is closed by whoever launched it.
    @Override
    public void close() {}

    /// Somebody else works: the engine's own threads, or slow work.
    private void idle() {
        if (++idlePolls < IDLE_SPINS) {
            Thread.onSpinWait();
        } else if (invoker) {
            LockSupport.parkNanos(INVOKER_SLEEP_NS);
        } else {
            client.awaitCompletion(IDLE_SLEEP_NS);
        }
    }

    private void onError(Task task, long wantedBytes) {
        if (errors++ == 0) {
            firstError = TaskErrors.describe(task, wantedBytes);
        }
    }
}
