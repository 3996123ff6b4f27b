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

/// A disk behind an engine: claims tasks, writes READ and WRITE commands, submits bundles, checks the status of every
/// completion. With INVOKER threading its polls are what drives the engine. Used by one thread.
@HotPath
public final class EngineLoadTarget implements LoadTarget, Consumer<Task> {
    private static final int POLL_LIMIT = 64;
    private static final int IDLE_SPINS = 64;
    private static final long IDLE_SLEEP_NS = 1_000_000;
    private static final long INVOKER_SLEEP_NS = 10_000;

    private final Engine engine;
    private final Client client;
    private final boolean invoker;
    private final long[] luns;
    private final TransferCommands[] commands;
    private final long requestBytes;
    /// Claimed tasks; the first [#filled] carry a request.
    private final TaskBatch batch = new TaskBatch();
    private int filled;
    private @Nullable TaskObserver observer;
    private int idlePolls;
    private long errors;
    private @Nullable String firstError;

    /// @param units in the order of [Request#unit]
    EngineLoadTarget(Engine engine, Client client, Workload workload, List<UnitAddress> units) {
        this.engine = engine;
        this.client = client;
        this.invoker = engine.config().threading() == ThreadingMode.INVOKER;
        this.requestBytes = workload.requestBytes();
        this.luns = new long[units.size()];
        this.commands = new TransferCommands[units.size()];
        for (int i = 0; i < luns.length; i++) {
            UnitAddress unit = units.get(i);
            luns[i] = unit.lunWord();
            commands[i] = new TransferCommands(requestBytes, unit.blockBytes(), unit.capacityBlocks(), workload.fua());
        }
    }

    /// Where a unit is and what its LBAs mean. All are on target 0.
    record UnitAddress(int lun, int blockBytes, long capacityBlocks) {
        /// Peripheral device addressing (SAM-5 4.7.7.2).
        long lunWord() {
            return (long) lun << 48;
        }
    }

    /// From the next request on; null for none.
    void observe(@Nullable TaskObserver newObserver) {
        observer = newObserver;
    }

    /// Writes into the buffers of `depth` tasks, so that their memory is there and holds something, as a writer's does:
    /// reading pages that were never written reads one page of zeros again and again.
    void fillBuffers(int depth) {
        List<Task> claimed = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            Task task = client.claim(requestBytes);
            if (task != null) {
                long offset = task.extents().offset(0);
                task.extents().segment(0).asSlice(offset, requestBytes).fill((byte) (i + 1));
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
        return client.claim(batch, wanted, requestBytes);
    }

    @Override
    public boolean add(long request) {
        TaskObserver current = observer;
        if (current != null && !current.accepts(request)) {
            return false;
        }
        Task task = batch.task(filled);
        int unit = Request.unit(request);
        task.setTargetId(0);
        task.setLun(luns[unit]);
        commands[unit].fill(task, request);
        if (current != null) {
            current.onFilled(request, task);
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
        boolean good = task.isGood() && task.bytesTransferred() == requestBytes;
        if (!good) {
            onError(task);
        }
        if (observer != null) {
            observer.onFinished(task, good);
        }
        boolean _ = client.release(task.token());
    }

    /// Requests that did not end with GOOD and all their bytes.
    public long errors() {
        return errors;
    }

    /// What was wrong with the first of them.
    public @Nullable String firstError() {
        return firstError;
    }

    /// Tasks that were submitted and did not come back.
    int inFlight() {
        return client.inFlight();
    }

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

    private void onError(Task task) {
        if (errors++ == 0) {
            firstError = TaskErrors.describe(task, requestBytes);
        }
    }
}
