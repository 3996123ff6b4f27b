package io.trilane.engine.queue;

import io.trilane.engine.task.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Wakes a consumer that said it is about to sleep; costs a producer one load otherwise. One doorbell serves all queues
/// of one consumer.
///
/// The consumer: [#prepareToSleep], look at its queues once more, then [#sleep] or [#stayAwake]. The full fence on both
/// sides makes either the consumer see the element or the producer see the sleeper.
@HotPath
public final class Doorbell {
    private static final VarHandle SLEEPER;

    static {
        try {
            SLEEPER = MethodHandles.lookup().findVarHandle(Doorbell.class, "sleeper", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final boolean canSleep;
    private final @Nullable Runnable wake;

    @SuppressWarnings("unused")
    private volatile @Nullable Thread sleeper;

    private Doorbell(boolean canSleep, @Nullable Runnable wake) {
        this.canSleep = canSleep;
        this.wake = wake;
    }

    /// For a consumer that parks when idle.
    public static Doorbell sleeping() {
        return new Doorbell(true, null);
    }

    /// For a consumer that sleeps in a way of its own, for example in a selector, between [#prepareToSleep] and [#stayAwake].
    ///
    /// @param wake ends that sleep, now or when it is about to begin; called by producers on any thread, must not block
    public static Doorbell waking(Runnable wake) {
        return new Doorbell(true, wake);
    }

    /// For a consumer that is pumped and never sleeps: ringing costs nothing.
    public static Doorbell silent() {
        return new Doorbell(false, null);
    }

    /// Producer side: after the element is visible.
    public void ring() {
        if (canSleep) {
            VarHandle.fullFence();
            Thread thread = (Thread) SLEEPER.getOpaque(this);
            if (thread != null) {
                wake(thread);
            }
        }
    }

    /// Consumer side: announces the intention to sleep. Look for work after this.
    public void prepareToSleep() {
        SLEEPER.setOpaque(this, Thread.currentThread());
        VarHandle.fullFence();
    }

    /// Consumer side: work was found after all.
    public void stayAwake() {
        SLEEPER.setOpaque(this, null);
    }

    /// Consumer side: parks until the bell rings, at most `maxNs` nanoseconds.
    public void sleep(long maxNs) {
        LockSupport.parkNanos(this, maxNs);
        SLEEPER.setOpaque(this, null);
    }

    private void wake(Thread thread) {
        if (wake == null) {
            LockSupport.unpark(thread);
        } else {
            wake.run();
        }
    }
}
