package io.trilane.engine.controller;

/// A hardware agent whose cycles are not written down, but whose calls into the framework are found on its own track:
/// one thread may pump it between the roles.
final class TracedHardware implements HardwareAgent {
    private final CallTrace trace;
    private final HardwareAgent hardware;

    TracedHardware(CallTrace trace, HardwareAgent hardware) {
        this.trace = trace;
        this.hardware = hardware;
    }

    @Override
    public int doWork(long nowNs) {
        trace.beginHardware();
        try {
            return hardware.doWork(nowNs);
        } finally {
            trace.endHardware();
        }
    }

    @Override
    public String name() {
        return hardware.name();
    }
}
