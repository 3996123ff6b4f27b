package io.trilane.perf.tune;

/// One way to load a disk.
///
/// @param requestBytes length of every request
/// @param depth        requests in flight per job
/// @param bundle       most requests handed over in one call
/// @param jobs         ways in at the same time
public record Cell(long requestBytes, int depth, int bundle, int jobs) {
    public Cell {
        if (requestBytes < 1 || depth < 1 || bundle < 1 || jobs < 1) {
            throw new IllegalArgumentException("bs=" + requestBytes + " iodepth=" + depth + " bundle=" + bundle
                    + " numjobs=" + jobs + " < 1, choose at least 1");
        }
    }

    /// What is under way at any time, in bytes.
    public long bytesInFlight() {
        return requestBytes * depth * jobs;
    }

    /// Requests under way at any time.
    public int concurrency() {
        return depth * jobs;
    }
}
