package io.trilane.perf.harness;

/// The driver's only view of a disk: hand requests over in bundles, let it work, count what came back. Allocates
/// nothing. Used by one thread.
public interface LoadTarget {
    /// Begins a bundle of at most `wanted` requests; returns how many it can take. 0: poll, try again.
    int begin(int wanted);

    /// Adds a request ([Request]) to the bundle. False: not now; submit, poll, try again.
    boolean add(long request);

    /// Hands over what was added.
    void submit();

    /// Lets the disk work and takes finished requests; returns how many there were.
    int poll();
}
