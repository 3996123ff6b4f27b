package io.trilane.perf.harness;

/// Hears how far a run is. Called on the thread that runs the bench, except [#onPass].
public interface BenchListener {
    /// For when nobody listens.
    BenchListener SILENT = new BenchListener() {};

    /// A new phase begins.
    ///
    /// @param phase for people: `warming up`
    default void onPhase(String phase) {}

    /// Every job has opened its images: a temporary file needs its name no longer.
    default void onOpened() {}

    /// A round has ended.
    ///
    /// @param done 0..1
    /// @param iops of the last measured round of the engine
    default void onRound(double done, double iops) {}

    /// A job has come this far in a pass over all blocks.
    default void onPass(double done) {}
}
