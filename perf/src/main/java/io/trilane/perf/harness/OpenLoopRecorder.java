package io.trilane.perf.harness;

import io.trilane.engine.task.HotPath;
import org.HdrHistogram.Histogram;

/// Takes two times of each request: from the start that was intended to the end (response), and from the hand-over to the end
/// (service). Belongs to one job's thread until the job is done.
@HotPath
final class OpenLoopRecorder implements RequestObserver {
    private final Pacing pacing;
    private final LatencyRecorder service;
    private final Histogram response = LatencyRecorder.newHistogram();
    /// By slot.
    private final long[] intended;
    /// Of the request that is added now.
    private long intendedNs;

    /// @param service takes the second time
    /// @param slots   of the target
    OpenLoopRecorder(Pacing pacing, LatencyRecorder service, int slots) {
        this.pacing = pacing;
        this.service = service;
        this.intended = new long[slots];
    }

    /// The request that is added next should have started then.
    void intend(long ns) {
        intendedNs = ns;
    }

    Histogram response() {
        return response;
    }

    void reset() {
        response.reset();
    }

    @Override
    public void onAdded(int slot, long request) {
        intended[slot] = intendedNs;
        service.added(slot, request, pacing.nowNs());
    }

    @Override
    public void onFinished(int slot, boolean good) {
        long nowNs = pacing.nowNs();
        LatencyRecorder.record(response, nowNs - intended[slot]);
        service.finished(slot, nowNs);
    }
}
