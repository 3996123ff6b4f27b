package io.trilane.engine.role;

/// One thing that a role does in its cycle: bounded, never blocking.
@FunctionalInterface
public interface RoleWork {
    /// Does at most a bundle of work and returns how much was done.
    int doWork(long nowNs);
}
