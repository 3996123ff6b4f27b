package io.trilane.engine.controller;

import org.jspecify.annotations.Nullable;

/// A lock of a controller's own that the re-entrancy guard knows. It belongs to whoever took it: a role, or a thread that
/// runs none. Not re-entrant.
///
/// Taking it never hangs: a wait that would close a circle is refused and reported, any other ends at a deadline.
public final class GuardedLock {
    private final String name;
    private final ReentrancyGuard guard;
    private volatile @Nullable Object holder;

    GuardedLock(String name, ReentrancyGuard guard) {
        this.name = name;
        this.guard = guard;
    }

    public String name() {
        return name;
    }

    /// Takes the lock; false when it was refused ([Misuse#LOCK_HELD_ACROSS_CALL]) or the deadline passed. Then it must not
    /// be released.
    public boolean acquire() {
        return guard.acquire(this);
    }

    /// Gives the lock back. Fails when the caller does not hold it.
    public void release() {
        guard.release(this);
    }

    public boolean isHeld() {
        return holder != null;
    }

    @Nullable
    Object holder() {
        return holder;
    }

    void setHolder(@Nullable Object newHolder) {
        holder = newHolder;
    }
}
