package io.trilane.perf.tune;

import io.trilane.perf.harness.LoadDisk;
import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestObserver;
import io.trilane.perf.harness.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A disk of a few channels that serve each request in a fixed time, by a clock of its own; each way in has its own clock
/// when there are several.
final class SimulatedDisk implements LoadDisk {
    static final int BLOCK_BYTES = 4096;

    final int channels;
    final long serviceNs;
    final int maxJobs;
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger openNow = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();
    final Set<Integer> ways = new TreeSet<>();
    final List<String> threads = new ArrayList<>();
    final List<Long> offsets = new ArrayList<>();
    long failAfter = Long.MAX_VALUE;
    Runnable onPoll = () -> {};
    private final ThreadClock clock = new ThreadClock();

    /// One clock per thread that asks, so that jobs do not disturb each other's.
    private static final class ThreadClock {
        private final ConcurrentHashMap<Thread, long[]> clocks =
                new ConcurrentHashMap<>();

        long[] mine() {
            return clocks.computeIfAbsent(Thread.currentThread(), _ -> new long[]{1_000});
        }
    }

    SimulatedDisk(int channels, long serviceNs, int maxJobs) {
        this.channels = channels;
        this.serviceNs = serviceNs;
        this.maxJobs = maxJobs;
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public int blockBytes() {
        return BLOCK_BYTES;
    }

    @Override
    public long capacityBytes() {
        return 64 << 20;
    }

    @Override
    public Limits limits() {
        return new Limits(1 << 20, 64, 8, maxJobs, false, List.of("a simulation"));
    }

    @Override
    public LongSupplier nanoClock() {
        return () -> clock.mine()[0];
    }

    @Override
    public synchronized LoadTarget open(int job, Workload workload) {
        if (!ways.add(job) || job >= maxJobs) {
            throw new IllegalStateException("job=" + job + " is open or beyond maxJobs=" + maxJobs);
        }
        threads.add(Thread.currentThread().getName());
        opened.incrementAndGet();
        mostOpen.accumulateAndGet(openNow.incrementAndGet(), Math::max);
        return new Target(job, workload, clock.mine());
    }

    @Override
    public void close() {}

    private synchronized void onClosed(int job) {
        ways.remove(job);
        openNow.decrementAndGet();
    }

    private final class Target implements LoadTarget {
        private final int job;
        private final int depth;
        private final long[] nowNs;
        private final Thread owner = Thread.currentThread();
        /// By slot: when it is done; 0 is free.
        private final long[] doneNs;
        private final long[] freeNs = new long[channels];
        private @Nullable RequestObserver observer;
        private int inFlight;
        private long finished;
        private long errors;

        Target(int job, Workload workload, long[] nowNs) {
            this.job = job;
            this.depth = workload.depth();
            this.nowNs = nowNs;
            this.doneNs = new long[depth];
        }

        @Override
        public int begin(int wanted) {
            return Math.min(wanted, depth - inFlight);
        }

        @Override
        public boolean add(long request) {
            int slot = 0;
            while (doneNs[slot] != 0) {
                slot++;
            }
            int channel = 0;
            for (int i = 1; i < channels; i++) {
                channel = freeNs[i] < freeNs[channel] ? i : channel;
            }
            freeNs[channel] = Math.max(freeNs[channel], nowNs[0]) + serviceNs;
            doneNs[slot] = freeNs[channel];
            inFlight++;
            if (offsets.size() < 100_000 && maxJobs == 1) {
                offsets.add(Request.offsetBytes(request));
            }
            if (observer != null) {
                observer.onAdded(slot, request);
            }
            return true;
        }

        @Override
        public void submit() {}

        @Override
        public int poll() {
            if (Thread.currentThread() != owner) {
                throw new IllegalStateException("polled by another thread");
            }
            onPoll.run();
            if (inFlight == 0) {
                return 0;
            }
            nowNs[0] = Math.max(nowNs[0], Arrays.stream(doneNs).filter(done -> done > 0).min().orElseThrow());
            int count = 0;
            for (int slot = 0; slot < depth; slot++) {
                if (doneNs[slot] != 0 && doneNs[slot] <= nowNs[0]) {
                    doneNs[slot] = 0;
                    boolean good = ++finished <= failAfter;
                    errors += good ? 0 : 1;
                    if (observer != null) {
                        observer.onFinished(slot, good);
                    }
                    count++;
                }
            }
            inFlight -= count;
            return count;
        }

        @Override
        public void observe(@Nullable RequestObserver newObserver) {
            observer = newObserver;
        }

        @Override
        public int slots() {
            return depth;
        }

        @Override
        public int inFlight() {
            return inFlight;
        }

        @Override
        public long errors() {
            return errors;
        }

        @Override
        public @Nullable String firstError() {
            return errors == 0 ? null : "broken";
        }

        @Override
        public void close() {
            if (Thread.currentThread() != owner) {
                throw new IllegalStateException("closed by another thread");
            }
            onClosed(job);
        }
    }
}
