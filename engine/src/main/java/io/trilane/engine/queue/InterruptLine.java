package io.trilane.engine.queue;

import io.trilane.engine.task.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The wire from the hardware to the interrupt role: a level, so that raising it twice before it is served is one
/// interrupt. Raised by the hardware agent (any thread), served by the interrupt role only.
@HotPath
public final class InterruptLine {
    private static final VarHandle RAISED;

    static {
        try {
            RAISED = MethodHandles.lookup().findVarHandle(InterruptLine.class, "raised", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Doorbell doorbell;

    @SuppressWarnings("unused")
    private volatile boolean raised;

    public InterruptLine(Doorbell doorbell) {
        this.doorbell = doorbell;
    }

    /// Asks for service. Everything that the hardware wrote before is visible to the handler.
    public void raise() {
        RAISED.setRelease(this, true);
        doorbell.ring();
    }

    /// The interrupt role lowers the line before it calls the handler, so that a later raise is not lost.
    public boolean lower() {
        if (!(boolean) RAISED.getAcquire(this)) {
            return false;
        }
        RAISED.setRelease(this, false);
        VarHandle.fullFence();
        return true;
    }

    public boolean isRaised() {
        return (boolean) RAISED.getAcquire(this);
    }
}
