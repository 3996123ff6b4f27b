package io.trilane.tools.lab.cost;

import io.trilane.engine.task.HotPath;
import java.util.function.LongSupplier;

/// Takes the price of crossings by spinning on a clock and by copying bytes. Belongs to the controller it is around.
///
/// NOTE: with DEDICATED threading two roles pay at once. They share the scratch memory, whose content means nothing, and
/// `lastQueue`, which is looked at only where wake-ups are priced; there they must not be, because real ones happen.
@HotPath
final class CrossingToll {
    static final int COMMAND_BYTES = 128;
    static final int RESPONSE_BYTES = 384;
    static final int INDEX_BYTES = 2;

    /// The queues that hand work to each other on the way of a task.
    enum Queue {
        PROCESS, INTERRUPT
    }

    private static final int SCRATCH_BYTES = 1 << 16;

    private final CrossingPrice price;
    private final LongSupplier nanoClock;
    private final byte[] source = new byte[SCRATCH_BYTES];
    private final byte[] target = new byte[SCRATCH_BYTES];
    private int at;
    private Queue lastQueue = Queue.INTERRUPT;

    CrossingToll(CrossingPrice price, LongSupplier nanoClock) {
        this.price = price;
        this.nanoClock = nanoClock;
    }

    /// Work begins on `queue`; it had to be woken if the work before was on another one.
    void enter(Queue queue) {
        if (price.wakeUpNs() != 0 && queue != lastQueue) {
            lastQueue = queue;
            spin(price.wakeUpNs());
        }
    }

    /// One call that carries `bytes`.
    void call(int bytes) {
        if (price.copies()) {
            copy(bytes);
        }
        if (price.callNs() != 0) {
            spin(price.callNs());
        }
    }

    private void copy(int bytes) {
        at = at + bytes > SCRATCH_BYTES ? 0 : at;
        System.arraycopy(source, at, target, at, bytes);
        at += bytes;
    }

    private void spin(long durationNs) {
        long startNs = nanoClock.getAsLong();
        while (nanoClock.getAsLong() - startNs < durationNs) {
            Thread.onSpinWait();
        }
    }
}
