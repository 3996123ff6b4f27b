package io.trilane.tools.initiator.file;

import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.HotPath;
import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.RequestObserver;
import io.trilane.perf.harness.Workload;
import io.trilane.tools.initiator.slot.DiskRules;
import io.trilane.tools.initiator.slot.RequestSlots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// As many plain reads and writes at a time as the depth, each on a thread of its own. A request starts when it is added.
/// Belongs to one thread.
@HotPath
final class FileLoadTarget implements LoadTarget {
    /// Idle polls before it sleeps; few, as the workers need the processors.
    private static final int IDLE_SPINS = 64;
    private static final long SLEEP_NS = 1_000_000;
    /// With nothing in flight it is the caller that has something next, and soon.
    private static final long NOTHING_TO_DO_NS = 10_000;
    private static final long CLOSE_NS = 5_000_000_000L;

    private final DiskRules rules;
    private final Workload workload;
    private final FileChannel channel;
    private final LongSupplier nanoClock;
    private final RequestSlots slots;
    private final Doorbell bell = Doorbell.sleeping();
    private final SerialQueue<FileWorker> finished;
    /// By slot.
    private final FileWorker[] workers;
    private final Thread[] threads;
    private int idlePolls;
    private boolean isClosed;

    /// @param channel        closed with the target
    /// @param alignmentBytes of buffers
    FileLoadTarget(FileChannel channel, DiskRules rules, Workload workload, int job, int alignmentBytes,
            LongSupplier nanoClock) {
        int depth = workload.depth();
        this.rules = rules;
        this.workload = workload;
        this.channel = channel;
        this.nanoClock = nanoClock;
        this.slots = new RequestSlots(depth, (int) workload.longestBytes(), alignmentBytes, workload.seed() + job);
        this.finished = new SerialQueue<>("file-finished", depth, bell);
        this.workers = new FileWorker[depth];
        this.threads = new Thread[depth];
        for (int slot = 0; slot < depth; slot++) {
            workers[slot] = new FileWorker(slot, channel, slots.buffer(slot), finished);
            threads[slot] = Thread.ofPlatform().daemon().name("trilane-file-" + job + "-" + slot)
                    .unstarted(workers[slot]);
        }
    }

    /// All threads run, or none and the channel is closed.
    FileLoadTarget start() {
        int started = 0;
        try {
            for (Thread thread : threads) {
                thread.start();
                started++;
            }
            return this;
        } finally {
            if (started < threads.length) {
                end(started);
            }
        }
    }

    @Override
    public int begin(int wanted) {
        return Math.min(wanted, slots.freeCount());
    }

    /// @throws IllegalArgumentException the file must not be asked this
    @Override
    public boolean add(long request) {
        RequestKind kind = Request.kindOf(request);
        long length = kind == RequestKind.FLUSH ? 0 : workload.requestBytes(Request.sizeIndex(request));
        rules.check(request, length);
        if (slots.freeCount() == 0 || !slots.accepts(request)) {
            return false;
        }
        int slot = slots.take(request);
        workers[slot].start(kind, Request.offsetBytes(request), (int) length);
        return true;
    }

    /// Nothing: requests have started.
    @Override
    public void submit() {}

    @Override
    public int poll() {
        int count = 0;
        FileWorker worker;
        while (count < workers.length && (worker = finished.poll()) != null) {
            count++;
            onFinished(worker);
        }
        if (count == 0) {
            idle();
        } else {
            idlePolls = 0;
        }
        return count;
    }

    @Override
    public void observe(@Nullable RequestObserver observer) {
        slots.observe(observer);
    }

    @Override
    public int slots() {
        return slots.count();
    }

    @Override
    public int inFlight() {
        return slots.inFlight();
    }

    @Override
    public long errors() {
        return slots.errors();
    }

    @Override
    public @Nullable String firstError() {
        return slots.firstError();
    }

    /// The data of a slot, for a look at what was read.
    ByteBuffer buffer(int slot) {
        return slots.buffer(slot);
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        long endNs = nanoClock.getAsLong() + CLOSE_NS;
        while (slots.inFlight() > 0 && nanoClock.getAsLong() < endNs) {
            int _ = poll();
        }
        end(threads.length);
    }

    private void onFinished(FileWorker worker) {
        String problem = worker.problem();
        if (problem == null) {
            slots.finish(worker.slot());
        } else {
            slots.fail(worker.slot(), worker.length(), problem);
        }
    }

    private void idle() {
        if (++idlePolls < IDLE_SPINS) {
            Thread.onSpinWait();
            return;
        }
        if (slots.inFlight() == 0) {
            LockSupport.parkNanos(NOTHING_TO_DO_NS);
            return;
        }
        bell.prepareToSleep();
        if (finished.isEmpty()) {
            bell.sleep(SLEEP_NS);
        } else {
            bell.stayAwake();
        }
    }

    /// A thread that a device does not let go is left behind: it is a daemon. So is the channel, as closing it waits for the
    /// calls that are on it, without end; the descriptor goes with the process.
    private void end(int started) {
        for (int i = 0; i < started; i++) {
            workers[i].stop();
        }
        if (!haveEnded(started)) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("target=" + rules.name() + " cannot be closed: " + e.getMessage(), e);
        }
    }

    private boolean haveEnded(int started) {
        long endNs = nanoClock.getAsLong() + CLOSE_NS;
        boolean isInterrupted = false;
        boolean haveEnded = true;
        for (int i = 0; i < started; i++) {
            try {
                long leftNs = endNs - nanoClock.getAsLong();
                threads[i].join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNs)));
            } catch (InterruptedException _) {
                isInterrupted = true;
            }
            haveEnded &= !threads[i].isAlive();
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        return haveEnded;
    }
}
