package io.trilane.engine.controller;

import io.trilane.engine.task.HotPath;
import org.jspecify.annotations.Nullable;

/// Whether the hardware agent is in its cycle, and on which thread: it must never wait for a role, and never runs inside
/// itself. Written by whoever pumps it, read by the same thread.
@HotPath
public final class HardwareActivity {
    private boolean busy;
    private @Nullable Thread worker;

    public void begin(Thread thread) {
        busy = true;
        worker = thread;
    }

    public void end() {
        busy = false;
    }

    public boolean isBusy() {
        return busy;
    }

    /// True when `thread` is inside its cycle.
    public boolean isOn(Thread thread) {
        return busy && worker == thread;
    }
}
