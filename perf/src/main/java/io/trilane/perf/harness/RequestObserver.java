package io.trilane.perf.harness;

/// Sees each request before it leaves and after it came back: takes times. Absent in measured rounds. Used by the target's
/// thread only; allocates nothing.
public interface RequestObserver {
    /// Whether this request may start now; when not, it is offered again later.
    default boolean accepts(long request) {
        return true;
    }

    /// The request is part of the bundle that is made up.
    ///
    /// @param slot one of `0..slots-1` of the target, unique among the requests in flight
    void onAdded(int slot, long request);

    /// It came back.
    ///
    /// @param good with GOOD status and all its bytes
    void onFinished(int slot, boolean good);
}
