package io.trilane.engine;

/// Who runs the roles.
public enum ThreadingMode {
    /// One driver thread calls [Engine#doWork] and pumps roles and hardware in a fixed order, to completion. The default:
    /// splitting the path over threads measured slower than one thread.
    INVOKER,
    /// Each role, and the hardware, has a thread of its own; idle ones sleep.
    DEDICATED
}
