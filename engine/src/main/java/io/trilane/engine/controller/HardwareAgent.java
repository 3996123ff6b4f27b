package io.trilane.engine.controller;

/// The hardware behind a controller: bounded work, pumped by the engine after the submitting role and before the
/// interrupt role, or on a thread of its own.
public interface HardwareAgent {
    /// Does some work and returns how much; never blocks.
    int doWork(long nowNs);

    /// For thread names and counters.
    String name();
}
