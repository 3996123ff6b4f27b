package io.trilane.perf.harness;

/// How requests that came by a schedule fared, all jobs together.
///
/// @param rate         what was asked for, per job
/// @param wantedIops   of all jobs
/// @param achievedIops requests that were started per second
/// @param mostBacklog  most requests of one job whose turn had come while no slot was free
/// @param behindNs     how late the schedule was at the end, of the job that was latest; grows without end when the disk
///                     is too slow for the rate
/// @param response     from the intended start to the end
/// @param service      from the hand-over to the end
public record OpenLoopResult(OpenLoop rate, double wantedIops, double achievedIops, long mostBacklog, long behindNs,
        LatencySummary response, LatencySummary service) {}
