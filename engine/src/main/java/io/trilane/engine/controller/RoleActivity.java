package io.trilane.engine.controller;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Role;
import org.jspecify.annotations.Nullable;

/// What a role is doing now: written by its loop with plain stores, read by the same thread to learn where a call was made,
/// and by others for diagnosis only.
@HotPath
public final class RoleActivity {
    private final Role role;
    private boolean busy;
    private long sinceNs;
    private @Nullable Callback callback;
    private @Nullable Thread worker;

    public RoleActivity(Role role) {
        this.role = role;
    }

    public Role role() {
        return role;
    }

    /// The loop: a cycle begins on this thread.
    public void begin(Thread thread, long nowNs) {
        sinceNs = nowNs;
        worker = thread;
        busy = true;
    }

    /// The loop: the controller is called; null when it has returned.
    public void setCallback(@Nullable Callback newCallback) {
        callback = newCallback;
    }

    /// The loop: the cycle is over.
    public void end() {
        callback = null;
        busy = false;
    }

    public boolean isBusy() {
        return busy;
    }

    /// True when `thread` is inside a cycle of this role.
    public boolean isOn(Thread thread) {
        return busy && worker == thread;
    }

    /// What the controller is called for, or null.
    public @Nullable Callback callback() {
        return callback;
    }

    /// When the cycle began.
    public long sinceNs() {
        return sinceNs;
    }

    /// The thread of the last cycle.
    public @Nullable Thread worker() {
        return worker;
    }
}
