package io.trilane.perf.harness;

import io.trilane.engine.ThreadingMode;

/// How a workload is run and measured.
///
/// @param jobs       engines, each with a thread and a region of its own
/// @param runtimeNs  how long to measure, contenders and latency rounds included
/// @param rampNs     how long to warm up before
/// @param numberIos  requests per job in measured rounds; 0: as many as the time allows; [#ONE_PASS]: until every block
///                   was requested once, for sequential workloads
/// @param copyLimit  whether to compare with the copy limit
/// @param stamps     for what this run stamps
/// @param latency    open loop, stages
public record BenchPlan(Workload workload, ThreadingMode threading, int jobs, long runtimeNs, long rampNs,
        long numberIos, CopyLimitMode copyLimit, StampIdentity stamps, LatencyPlan latency) {
    /// When to measure the copy limit.
    public enum CopyLimitMode {
        /// Or fail.
        ON,
        OFF,
        /// Where it means something and there is room for it.
        AUTO
    }

    /// See `numberIos`.
    public static final long ONE_PASS = -1;

    private static final int MAX_JOBS = 256;

    public BenchPlan {
        if (jobs < 1 || jobs > MAX_JOBS) {
            throw new IllegalArgumentException("numjobs=" + jobs + " not in 1.." + MAX_JOBS
                    + ", choose a value in that range");
        }
        if (runtimeNs < 1) {
            throw new IllegalArgumentException("runtime=" + runtimeNs + "ns < 1ns, choose a positive time");
        }
        if (rampNs < 0) {
            throw new IllegalArgumentException("ramp_time=" + rampNs + "ns < 0, choose 0 or more");
        }
        if (numberIos < ONE_PASS) {
            throw new IllegalArgumentException("number_ios=" + numberIos + " < 1, choose at least 1");
        }
        if (copyLimit == CopyLimitMode.ON && latency.openLoop().isPresent()) {
            throw new IllegalArgumentException("copy-limit=on rate_iops=" + latency.openLoop().get().rateIops()
                    + ": a given rate cannot be compared with a limit, leave one of them out");
        }
    }

    /// In a closed loop.
    public BenchPlan(Workload workload, ThreadingMode threading, int jobs, long runtimeNs, long rampNs, long numberIos,
            CopyLimitMode copyLimit, StampIdentity stamps) {
        this(workload, threading, jobs, runtimeNs, rampNs, numberIos, copyLimit, stamps, LatencyPlan.PLAIN);
    }

    public BenchPlan withLatency(LatencyPlan newLatency) {
        return new BenchPlan(workload, threading, jobs, runtimeNs, rampNs, numberIos, copyLimit, stamps, newLatency);
    }
}
