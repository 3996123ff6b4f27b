package io.trilane.perf.harness;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A disk with a clock of its own that serves one request after the other in a fixed time, and that stops once: what would begin
/// within the stall begins at its end. Polling moves its clock to the next completion.
final class StallingDisk implements LoadTarget, LongSupplier, Pacing {
    private static final int SLOTS = 64;

    private final long serviceNs;
    private final long stallNs;
    private final long stallEndNs;
    /// By slot, which are used round and round: requests end in the order of their arrival.
    private final long[] endNs = new long[SLOTS];
    private long added;
    private @Nullable RequestObserver observer;
    private long nowNs;
    private long expectedNs = Long.MAX_VALUE;
    private long freeNs;
    Runnable onPoll = () -> {};
    int mostInFlight;
    long served;

    /// @param stallNs when the stall begins
    StallingDisk(long serviceNs, long stallNs, long lengthNs) {
        this.serviceNs = serviceNs;
        this.stallNs = stallNs;
        this.stallEndNs = stallNs + lengthNs;
    }

    /// Something else takes time.
    void pass(long ns) {
        nowNs += ns;
    }

    @Override
    public long getAsLong() {
        return nowNs;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public void expect(long ns) {
        expectedNs = ns;
    }

    @Override
    public void waitUntil(long ns) {
        assert inFlight() == 0 && ns >= nowNs;
        nowNs = ns;
    }

    @Override
    public int begin(int wanted) {
        return Math.min(wanted, SLOTS - inFlight());
    }

    @Override
    public boolean add(long request) {
        int slot = (int) (added++ % SLOTS);
        if (observer != null) {
            observer.onAdded(slot, request);
        }
        long beginNs = Math.max(nowNs, freeNs);
        if (beginNs >= stallNs && beginNs < stallEndNs) {
            beginNs = stallEndNs;
        }
        freeNs = beginNs + serviceNs;
        endNs[slot] = freeNs;
        mostInFlight = Math.max(mostInFlight, inFlight());
        return true;
    }

    @Override
    public void submit() {}

    @Override
    public int poll() {
        onPoll.run();
        if (inFlight() == 0) {
            return 0;
        }
        int slot = (int) (served % SLOTS);
        if (endNs[slot] > expectedNs) {
            nowNs = Math.max(nowNs, expectedNs);
            return 0;
        }
        nowNs = Math.max(nowNs, endNs[slot]);
        served++;
        if (observer != null) {
            observer.onFinished(slot, true);
        }
        return 1;
    }

    @Override
    public void observe(@Nullable RequestObserver newObserver) {
        observer = newObserver;
    }

    @Override
    public int slots() {
        return SLOTS;
    }

    @Override
    public int inFlight() {
        return (int) (added - served);
    }

    @Override
    public long errors() {
        return 0;
    }

    @Override
    public @Nullable String firstError() {
        return null;
    }

    @Override
    public void close() {}
}
