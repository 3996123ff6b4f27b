package io.trilane.perf.harness;

import io.trilane.engine.task.HotPath;

/// Keeps a target busy in a closed loop: as many requests in flight as the depth, handed over in bundles. No clock call
/// and no allocation inside. Belongs to one job's thread; anyone may stop it.
@HotPath
public final class LoadDriver {
    /// A target that does nothing for so many polls in a row is asked how long that took.
    private static final int PATIENCE_POLLS = 1 << 16;
    /// Turns of the queue between two looks at whether a window takes too long.
    private static final long LOOK_TURNS = 16;
    private static final long HANG_NS = 60_000_000_000L;

    private final LoadTarget target;
    private final OffsetSequence sequence;
    private final int depth;
    private final int bundle;
    private long position;
    /// Of a run with a window.
    private int idlePolls;
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

    /// Hears of the part of a run that is measured. On the job's thread.
    public interface Window {
        /// It begins now, or begins anew: what was before does not count.
        void begin();

        /// It is over; what is in flight comes back later.
        void end();

        /// Asked now and then while it is open: has it taken too long already? The rest is not waited for then.
        default boolean isOver() {
            return false;
        }
    }

    /// As [#run], with the time in which the queue fills and the time in which it drains left out: the window begins when `lead`
    /// requests came back, and ends when at least `operations` more did, or it says that it is over; the queue is kept full until then. A run that is stopped
    /// has for its window what there was. Returns how many requests came back in the window.
    public long runWindow(long lead, long operations, Window window) {
        sequence.prepare(position);
        long start = position;
        long first = 0;
        long finished = 0;
        long last = lead;
        long nextLook = LOOK_TURNS * depth;
        boolean leads = true;
        window.begin();
        while (finished < last && !stopped) {
            fill(depth - (position - start - finished));
            finished += pollAlive();
            if (finished >= nextLook) {
                nextLook = finished + LOOK_TURNS * depth;
                last = window.isOver() ? finished : last;
            }
            if (leads && finished >= lead && !stopped) {
                leads = false;
                first = finished;
                last = finished + operations;
                window.begin();
            }
        }
        while (stopped && finished < position - start) {
            finished += pollAlive();
        }
        window.end();
        long counted = finished - first;
        while (finished < position - start) {
            finished += pollAlive();
        }
        return counted;
    }

    /// Hands over as many as there is room for, as far as the target takes them.
    private void fill(long free) {
        long[] entries = sequence.entries();
        long mask = sequence.mask();
        long room = free;
        while (room > 0) {
            int wanted = (int) Math.min(bundle, room);
            int possible = target.begin(wanted);
            int added = 0;
            while (added < possible && target.add(entries[(int) (position & mask)])) {
                added++;
                position++;
            }
            target.submit();
            room = added < wanted ? 0 : room - added;
        }
    }

    private int pollAlive() {
        int finished = target.poll();
        if (finished > 0) {
            idlePolls = 0;
        } else if (++idlePolls % PATIENCE_POLLS == 0) {
            checkAlive(idlePolls);
        }
        return finished;
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
