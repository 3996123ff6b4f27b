package io.trilane.perf.harness;

import org.jspecify.annotations.Nullable;

/// The driver's only view of a disk: hand requests over in bundles, let it work, count what came back. Allocates
/// nothing on the way. Opened, used and closed by one thread.
public interface LoadTarget extends AutoCloseable {
    /// Begins a bundle of at most `wanted` requests; returns how many it can take. 0: poll, try again.
    int begin(int wanted);

    /// Adds a request ([Request]) to the bundle. False: not now; submit, poll, try again.
    boolean add(long request);

    /// Hands over what was added.
    void submit();

    /// Lets the disk work and takes finished requests; returns how many there were. May sleep shortly when there is nothing
    /// to do; on a disk with a clock of its own, moves that clock on to the next thing that happens.
    int poll();

    /// From the next request on; null for none.
    void observe(@Nullable RequestObserver observer);

    /// Most requests in flight; slots that an observer sees are less than this.
    int slots();

    /// Requests that were added and have not come back.
    int inFlight();

    /// Requests that did not end well, so far.
    long errors();

    /// What was wrong with the first of them; a line for people.
    @Nullable
    String firstError();

    /// Ends it; requests in flight are waited for, at most a few seconds.
    @Override
    void close();
}
