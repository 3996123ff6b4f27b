package io.trilane.perf.harness;

import io.trilane.engine.task.HotPath;

/// Keeps a target busy in a closed loop: as many requests in flight as the depth, handed over in bundles. No clock call
/// and no allocation inside. Belongs to one job's thread; anyone may stop it.
@HotPath
public final class LoadDriver {
    /// A target that does nothing for so many polls in a row is asked how long that took.
    private static final int PATIENCE_POLLS = 1 << 16;
    private static final long HANG_NS = 60_000_000_000L;

    private final LoadTarget target;
    private final OffsetSequence sequence;
    private final int depth;
    private final int bundle;
    private long position;
    /// Since when nothing came back, while polls are idle.
    private long idleSinceNs;
    private volatile boolean stopped;

    public LoadDriver(LoadTarget target, OffsetSequence sequence, Workload workload) {
        this.target = target;
        this.sequence = sequence;
        this.depth = workload.depth();
        this.bundle = workload.bundle();
    }

    /// Where in its sequence the next round starts.
    public long position() {
        return position;
    }

    /// Any thread: rounds end early, after what is in flight has come back.
    public void stop() {
        stopped = true;
    }

    /// Makes `operations` requests, in order, and waits for all of them; returns how many there were.
    public long run(long operations) {
        sequence.prepare(position);
        long done = loop(operations);
        position += done;
        return done;
    }

    /// The measured loop; [OffsetSequence#prepare] has been called.
    long loop(long operations) {
        long[] entries = sequence.entries();
        long mask = sequence.mask();
        long next = position;
        long end = position + operations;
        long inFlight = 0;
        int idlePolls = 0;
        while (next < end || inFlight > 0) {
            long room = Math.min(depth - inFlight, end - next);
            while (room > 0) {
                int wanted = (int) Math.min(bundle, room);
                int possible = target.begin(wanted);
                int added = 0;
                while (added < possible && target.add(entries[(int) (next & mask)])) {
                    added++;
                    next++;
                }
                target.submit();
                inFlight += added;
                room = added < wanted ? 0 : room - added;
            }
            int finished = target.poll();
            inFlight -= finished;
            if (finished > 0) {
                idlePolls = 0;
            } else if (++idlePolls % PATIENCE_POLLS == 0) {
                checkAlive(idlePolls);
            }
            if (stopped) {
                end = next;
            }
        }
        return next - position;
    }

    /// Cold: nothing has come back for a long time.
    private void checkAlive(int idlePolls) {
        long nowNs = System.nanoTime();
        if (idlePolls == PATIENCE_POLLS) {
            idleSinceNs = nowNs;
        } else if (nowNs - idleSinceNs > HANG_NS) {
            throw new IllegalStateException("no completion for " + HANG_NS / 1_000_000_000L + " s, the engine hangs");
        }
    }
}
