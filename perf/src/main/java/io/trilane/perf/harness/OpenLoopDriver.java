package io.trilane.perf.harness;

import io.trilane.engine.task.HotPath;

/// Starts requests when their turn comes, whatever became of those before: as many clients do that know nothing of each
/// other. Latency counts from the intended start, so that a stall of the disk costs everybody who came meanwhile and not
/// only the one request that was in it (coordinated omission). At most the workload's depth is in flight; who comes then
/// waits in the backlog. Belongs to one job's thread; anyone may stop it. Allocates nothing inside.
///
/// The schedule stands still between rounds, and goes on where it was: a backlog is taken along.
@HotPath
public final class OpenLoopDriver {
    /// A stop is heard within this time.
    private static final long LONGEST_WAIT_NS = 1_000_000;
    private static final int PATIENCE_POLLS = 1 << 16;
    private static final long HANG_NS = 60_000_000_000L;

    private final LoadTarget target;
    private final OffsetSequence sequence;
    private final Pacing pacing;
    private final OpenLoopRecorder recorder;
    private final int depth;
    private final int bundle;
    /// Of requests to start.
    private final Arrivals arrivals;
    /// The same schedule, read ahead up to now.
    private final Arrivals due;
    private boolean isScheduled;
    /// When the last request of a round was handed over.
    private long pausedNs;
    private long activeNs;
    private long startedCount;
    private long dueCount;
    private int inFlight;
    private long mostBacklog;
    private int idlePolls;
    private long idleSinceNs;
    private volatile boolean stopped;

    /// @param recorder observes the target while a round runs
    OpenLoopDriver(LoadTarget target, OffsetSequence sequence, Workload workload, Schedule schedule,
            OpenLoopRecorder recorder) {
        this.target = target;
        this.sequence = sequence;
        this.pacing = schedule.pacing;
        this.recorder = recorder;
        this.depth = workload.depth();
        this.bundle = workload.bundle();
        this.arrivals = new Arrivals(schedule.rate, schedule.seed);
        this.due = new Arrivals(schedule.rate, schedule.seed);
    }

    /// When requests start.
    ///
    /// @param seed of what is random about it
    record Schedule(OpenLoop rate, long seed, Pacing pacing) {
        private static final long GOLDEN = 0x9E3779B97F4A7C15L;

        /// @param job tells the jobs of one run apart
        static Schedule of(OpenLoop rate, long seed, int job, Pacing pacing) {
            return new Schedule(rate, seed + job * GOLDEN, pacing);
        }
    }

    /// Requests started so far: where in its sequence the next round starts.
    public long position() {
        return startedCount;
    }

    /// How long the last round took, from its start to the hand-over of its last request.
    public long activeNs() {
        return activeNs;
    }

    /// Most requests whose turn had come and that could not be handed over.
    public long mostBacklog() {
        return mostBacklog;
    }

    /// How long the next request has been waiting for its start, when the last round ended; 0: its turn had not come.
    public long behindNs() {
        return isScheduled ? Math.max(0, pausedNs - arrivals.nextNs()) : 0;
    }

    /// Any thread: rounds end early, after what is in flight has come back.
    public void stop() {
        stopped = true;
    }

    /// Forgets the schedule and its backlog: the next round begins another.
    void restart() {
        isScheduled = false;
        mostBacklog = 0;
    }

    /// Starts the next `operations` requests, each in its turn, and waits for all of them; returns how many there were.
    public long run(long operations) {
        sequence.prepare(startedCount);
        target.observe(recorder);
        try {
            return loop(operations);
        } finally {
            target.observe(null);
        }
    }

    private long loop(long operations) {
        long first = startedCount;
        long end = first + operations;
        long beginNs = pacing.nowNs();
        resume(beginNs);
        while (startedCount < end || inFlight > 0) {
            if (startedCount < end) {
                pausedNs = pacing.nowNs();
                startAllDue(end);
                if (stopped) {
                    end = startedCount;
                }
            }
            letWork(end);
        }
        activeNs = pausedNs - beginNs;
        return startedCount - first;
    }

    private void resume(long nowNs) {
        if (isScheduled) {
            arrivals.shift(nowNs - pausedNs);
            due.shift(nowNs - pausedNs);
        } else {
            arrivals.startAt(nowNs);
            due.startAt(nowNs);
            dueCount = startedCount;
            isScheduled = true;
        }
        pausedNs = nowNs;
    }

    private void startAllDue(long end) {
        while (dueCount < end && due.nextNs() <= pausedNs) {
            due.advance();
            dueCount++;
        }
        boolean room = true;
        while (room && startedCount < dueCount && inFlight < depth) {
            int wanted = (int) Math.min(bundle, Math.min(depth - inFlight, dueCount - startedCount));
            room = start(wanted) == wanted;
        }
        mostBacklog = Math.max(mostBacklog, dueCount - startedCount);
    }

    private int start(int wanted) {
        long[] entries = sequence.entries();
        long mask = sequence.mask();
        int possible = target.begin(wanted);
        int added = 0;
        while (added < possible) {
            recorder.intend(arrivals.nextNs());
            if (!target.add(entries[(int) (startedCount & mask)])) {
                break;
            }
            arrivals.advance();
            startedCount++;
            added++;
        }
        target.submit();
        inFlight += added;
        return added;
    }

    /// Until something comes back, or the next turn has come.
    private void letWork(long end) {
        boolean isWaiting = startedCount < dueCount;
        boolean isOver = startedCount >= end;
        if (inFlight == 0 && !isWaiting) {
            if (!isOver) {
                pacing.waitUntil(Math.min(arrivals.nextNs(), pausedNs + LONGEST_WAIT_NS));
            }
            return;
        }
        pacing.expect(isWaiting || isOver || inFlight == depth ? Long.MAX_VALUE : arrivals.nextNs());
        int finished = target.poll();
        inFlight -= finished;
        if (finished > 0) {
            idlePolls = 0;
        } else if (++idlePolls % PATIENCE_POLLS == 0) {
            checkAlive();
        }
    }

    /// Cold: nothing has come back for a long time.
    private void checkAlive() {
        long nowNs = System.nanoTime();
        if (idlePolls == PATIENCE_POLLS) {
            idleSinceNs = nowNs;
        } else if (nowNs - idleSinceNs > HANG_NS) {
            throw new IllegalStateException("no completion for " + HANG_NS / 1_000_000_000L + " s, the engine hangs");
        }
    }
}
