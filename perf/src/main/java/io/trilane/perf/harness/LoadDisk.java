package io.trilane.perf.harness;

import java.util.List;
import java.util.function.LongSupplier;

/// A disk that load can be put on: an image in this process, or anybody's disk behind iSCSI, NBD, a file. Any thread; what
/// it opens belongs to the thread that opened it.
public interface LoadDisk extends AutoCloseable {
    /// As the user named it.
    String name();

    int blockBytes();

    long capacityBytes();

    Limits limits();

    /// The clock of everything that is measured on this disk: the machine's, or a simulated one.
    LongSupplier nanoClock();

    /// A way in for one job.
    ///
    /// @param job      tells the jobs of one run apart, `0..limits.maxJobs-1`
    /// @param workload sizes, depth and bundle are within [#limits]
    /// @throws IllegalArgumentException the workload cannot be had on this disk: `name=value relation name=value, remedy`
    /// @throws java.io.UncheckedIOException the disk cannot be reached
    LoadTarget open(int job, Workload workload);

    @Override
    void close();

    /// What a disk can take.
    ///
    /// @param maxRequestBytes longest request
    /// @param maxDepth        most requests in flight per job
    /// @param maxBundle       most requests handed over in one call; 1 where there are no bundles
    /// @param maxJobs         most ways in at the same time; 1 for a disk with a simulated clock
    /// @param isWritable      writes and unmaps may be asked for
    /// @param notes           for people: how depth is made, what could not be had
    record Limits(long maxRequestBytes, int maxDepth, int maxBundle, int maxJobs, boolean isWritable,
            List<String> notes) {}
}
