package io.trilane.perf.harness;

import java.util.function.LongSupplier;

/// How an open loop sees time pass and lets it pass. A disk with a clock of its own hands out a clock that is one of these
/// ([LoadDisk#nanoClock]). Used by the job's thread only.
public interface Pacing {
    /// Nanoseconds from any origin.
    long nowNs();

    /// The driver has something to do then: a simulated clock is moved on by [LoadTarget#poll], but not beyond this moment.
    /// [Long#MAX_VALUE]: as far as the next event.
    default void expect(long ns) {}

    /// Nothing is in flight: returns at this moment, or earlier. A simulated clock jumps there.
    void waitUntil(long ns);

    /// What `nanoClock` is already, or the machine's time.
    static Pacing of(LongSupplier nanoClock) {
        return nanoClock instanceof Pacing pacing ? pacing : new RealPacing(nanoClock);
    }
}
