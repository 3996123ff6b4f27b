package io.trilane.perf.harness;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// Cuts what the jobs' recorders add up into intervals for a [LatencyLog]. On the bench's thread, between rounds.
final class LatencyIntervals {
    private static final String RESPONSE = "response";

    private final LatencyLog log;
    private final List<Job> jobs;
    private final long originNs;
    /// All that is in the log already.
    private final Map<RequestKind, Histogram> logged = new EnumMap<>(RequestKind.class);
    private final Histogram loggedResponse = LatencyRecorder.newHistogram();

    /// @param originNs when the measurement begins
    LatencyIntervals(LatencyLog log, List<Job> jobs, long originNs) {
        this.log = log;
        this.jobs = jobs;
        this.originNs = originNs;
        for (RequestKind kind : RequestKind.values()) {
            logged.put(kind, LatencyRecorder.newHistogram());
        }
    }

    /// Logs what came since the last call.
    void end(long startNs, long endNs) {
        logged.forEach((kind, before) -> {
            Histogram all = LatencyRecorder.newHistogram();
            jobs.forEach(job -> all.add(job.latency().histogram(kind)));
            write(kind.name().toLowerCase(Locale.ROOT), startNs, endNs, all, before);
        });
        Histogram all = LatencyRecorder.newHistogram();
        jobs.forEach(job -> job.open().ifPresent(open -> all.add(open.response())));
        write(RESPONSE, startNs, endNs, all, loggedResponse);
    }

    private void write(String tag, long startNs, long endNs, Histogram all, Histogram before) {
        if (all.getTotalCount() == before.getTotalCount()) {
            return;
        }
        all.subtract(before);
        log.interval(tag, startNs - originNs, endNs - originNs, all);
        before.add(all);
    }
}
