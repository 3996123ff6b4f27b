package io.trilane.perf.harness;

import java.util.List;
import java.util.Optional;

/// Everything that a run found out.
///
/// @param read          all jobs together
/// @param write         all jobs together
/// @param flush         all jobs together; moves no bytes
/// @param unmap         all jobs together; its bytes are those given back
/// @param engineNsPerOp one per measured round, all jobs together: 1 / sum of rates
/// @param copyLimit     empty when it was not measured
/// @param copyLimitNote why not, or where; may be empty
/// @param interrupted   stopped by the operator
/// @param notes         for people: prefault, passes that were left out
/// @param latency       open loop, stages, the whole distribution
public record RunResult(BenchPlan plan, List<BenchDisk> disks, List<JobResult> jobs, IoStats read, IoStats write,
        IoStats flush, IoStats unmap,
        List<Double> engineNsPerOp, Optional<CopyLimit> copyLimit, String copyLimitNote, Verification verification,
        boolean interrupted, List<String> notes, LatencyDetail latency) {
    /// What checking the stamps gave.
    ///
    /// @param checkedBlocks 0: nothing was checked
    /// @param complete      the final pass reached its end
    /// @param failures      the first ones
    public record Verification(long checkedBlocks, long failedBlocks, boolean complete, List<StampFailure> failures) {}

    public double iops() {
        return read.iops() + write.iops() + flush.iops() + unmap.iops();
    }

    /// Of data that was moved.
    public double bytesPerSecond() {
        return read.bytesPerSecond() + write.bytesPerSecond();
    }

    public long errors() {
        return jobs.stream().mapToLong(JobResult::errors).sum();
    }

    /// True when every request and every checked block was good.
    public boolean isGood() {
        return errors() == 0 && verification.failedBlocks() == 0;
    }
}
