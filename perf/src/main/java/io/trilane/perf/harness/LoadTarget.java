package io.trilane.perf.harness;

/// The driver's only view of a disk: hand requests over in bundles, let it work, count what came back. Allocates
/// nothing. Used by one thread.
public interface LoadTarget {
    /// Adds a request ([Request]) to the bundle. False: not now; submit, poll, try again.
    boolean add(long request);

    /// Hands the bundle over.
    void submit();

    /// Lets the disk work and takes finished requests; returns how many there were.
    int poll();
}
