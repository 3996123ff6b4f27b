package io.trilane.hba.device;

import io.trilane.engine.task.Extents;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageListener;
import io.trilane.hba.image.ImageResult;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// An image that takes as long as a device: answers PENDING, and finishes each operation when a [DeviceModel] says so. The
/// image inside must finish at once; bytes move when an operation ends.
///
/// Time is what [#advance] was last told, counted from the first operation. Submitted to and moved on by its hardware agent; operations that may take long
/// also come from the slow-work agent. The listener hears on the agent that moves it on.
public final class TimedImage implements DiskImage {
    private static final Comparator<Held> BY_TIME = (a, b) -> a.timeNs != b.timeNs ? Long.compare(a.timeNs, b.timeNs)
            : Long.compare(a.sequence, b.sequence);

    private final DiskImage inner;
    private final DeviceModel.Host host;
    private final DeviceTimeline device;
    private final Clocking clocking;

    /// For the host, in the order of submission.
    private final ArrayDeque<Held> waiting = new ArrayDeque<>();
    private final PriorityQueue<Held> onDevice = new PriorityQueue<>(BY_TIME);
    /// Done, and waiting for others to share an interrupt with.
    private final ArrayDeque<Held> coalescing = new ArrayDeque<>();
    private final ArrayDeque<Held> interrupting = new ArrayDeque<>();
    private final ArrayDeque<Held> spare = new ArrayDeque<>();

    /// The clock's value that is the device's time 0: when it was given its first operation.
    private long originNs;
    private long nowNs;
    private long hostFreeNs;
    private long deadlineNs;
    private long interruptFreeNs;
    private long sequence;
    private int pending;
    private long completed;
    private @Nullable ImageListener listener;

    /// How an image's time is kept.
    ///
    /// @param bundle most tasks that cross to the device together
    /// @param nearNs something that is due within this keeps the agent awake; 0: nothing does
    public record Clocking(int bundle, long nearNs) {
        /// Longer than any agent sleeps that has nothing to do, so that it never oversleeps.
        private static final long AWAKE_NS = 20_000_000;

        public Clocking {
            if (bundle < 1) {
                throw new IllegalArgumentException("bundle=" + bundle + " < 1, choose at least 1");
            }
        }

        /// A clock that is moved to [#nextNs] whenever nothing else can happen.
        public static Clocking simulated(int bundle) {
            return new Clocking(bundle, 0);
        }

        /// The machine's clock.
        public static Clocking realTime(int bundle) {
            return new Clocking(bundle, AWAKE_NS);
        }
    }

    /// An operation on its way. Reused.
    private static final class Held {
        private Operation operation = Operation.READ;
        private long offset;
        private long length;
        private @Nullable Extents extents;
        private long token;
        /// Where the command begins that is under way; those before it are done.
        private long commandOffset;
        private long commandLength;
        /// When what it is in ends, or began to wait.
        private long timeNs;
        private long sequence;
    }

    public TimedImage(DiskImage inner, DeviceModel model, Clocking clocking) {
        this.inner = inner;
        this.host = model.host();
        this.device = new DeviceTimeline(model, inner.capacityBlocks() * inner.blockBytes());
        this.clocking = clocking;
    }

    @Override
    public synchronized long submit(Operation operation, long offset, long length, Extents extents, long token) {
        if (operation == Operation.SEEK_DATA || operation == Operation.SEEK_HOLE) {
            return inner.submit(operation, offset, length, extents, token);
        }
        Held held = spare.isEmpty() ? new Held() : spare.pop();
        held.operation = operation;
        held.offset = offset;
        held.length = length;
        held.extents = extents;
        held.token = token;
        held.sequence = sequence++;
        held.commandOffset = offset;
        pending++;
        waitForHost(held, nowNs);
        return ImageResult.PENDING;
    }

    @Override
    public boolean hasClock() {
        return true;
    }

    /// What happens at one time happens in this order: commands end, interrupts are raised, a crossing takes what waits,
    /// interrupts arrive.
    @Override
    public synchronized int advance(long clockNs) {
        if (sequence == 0) {
            originNs = clockNs;
            return 0;
        }
        nowNs = Math.max(nowNs, clockNs - originNs);
        int steps = 0;
        long dueNs = nextEventNs();
        while (dueNs <= nowNs) {
            step(dueNs);
            steps++;
            dueNs = nextEventNs();
        }
        return steps == 0 && dueNs != Long.MAX_VALUE && dueNs - nowNs <= clocking.nearNs ? 1 : steps;
    }

    @Override
    public synchronized long nextNs() {
        long dueNs = nextEventNs();
        return dueNs == Long.MAX_VALUE ? dueNs : dueNs + originNs;
    }

    /// Operations that have ended since it was opened.
    public synchronized long completedOperations() {
        return completed;
    }

    @Override
    public synchronized int pendingOperations() {
        return pending;
    }

    @Override
    public synchronized void setListener(ImageListener newListener) {
        listener = newListener;
    }

    @Override
    public int blockBytes() {
        return inner.blockBytes();
    }

    @Override
    public long capacityBlocks() {
        return inner.capacityBlocks();
    }

    @Override
    public boolean isReadOnly() {
        return inner.isReadOnly();
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public synchronized void close() {
        if (pending > 0) {
            throw new IllegalStateException("pendingOperations=" + pending + " > 0, let them end before closing");
        }
        inner.close();
    }

    private long nextEventNs() {
        long dueNs = waiting.isEmpty() ? Long.MAX_VALUE : crossingNs();
        if (!onDevice.isEmpty()) {
            dueNs = Math.min(dueNs, onDevice.element().timeNs);
        }
        if (!coalescing.isEmpty()) {
            dueNs = Math.min(dueNs, deadlineNs);
        }
        return interrupting.isEmpty() ? dueNs : Math.min(dueNs, interrupting.element().timeNs);
    }

    private void step(long atNs) {
        if (!onDevice.isEmpty() && onDevice.element().timeNs == atNs) {
            onCommandDone(onDevice.remove(), atNs);
        } else if (!coalescing.isEmpty() && deadlineNs == atNs) {
            interrupt(atNs);
        } else if (!waiting.isEmpty() && crossingNs() == atNs) {
            cross(atNs);
        } else {
            onInterrupt(interrupting.remove(), atNs);
        }
    }

    private void waitForHost(Held held, long atNs) {
        held.timeNs = atNs;
        held.commandLength = held.offset + held.length - held.commandOffset;
        if (MemberTimeline.movesData(held.operation)) {
            held.commandLength = Math.min(held.commandLength, host.maxTransferBytes());
        }
        waiting.add(held);
    }

    /// When the next crossing begins.
    private long crossingNs() {
        return Math.max(hostFreeNs, waiting.element().timeNs);
    }

    /// Takes what waits over to the device.
    private void cross(long atNs) {
        long taskNs = atNs + host.crossingNs();
        for (int i = 0; i < clocking.bundle && !waiting.isEmpty() && waiting.element().timeNs <= atNs; i++) {
            Held held = waiting.remove();
            taskNs += host.taskNs();
            held.timeNs = device.finishNs(held.operation, held.commandOffset, held.commandLength, taskNs);
            onDevice.add(held);
        }
        hostFreeNs = taskNs;
    }

    private void onCommandDone(Held held, long atNs) {
        if (coalescing.isEmpty()) {
            deadlineNs = atNs + host.coalescedNs();
        }
        coalescing.add(held);
        if (coalescing.size() >= host.coalescedCount()) {
            interrupt(atNs);
        }
    }

    private void interrupt(long atNs) {
        interruptFreeNs = Math.max(interruptFreeNs, atNs) + host.interruptNs();
        while (!coalescing.isEmpty()) {
            Held held = coalescing.remove();
            held.timeNs = interruptFreeNs;
            interrupting.add(held);
        }
    }

    private void onInterrupt(Held held, long atNs) {
        held.commandOffset += held.commandLength;
        if (held.commandOffset < held.offset + held.length) {
            waitForHost(held, atNs);
        } else {
            complete(held);
        }
    }

    private void complete(Held held) {
        long token = held.token;
        Extents extents = held.extents == null ? Extents.NONE : held.extents;
        long result = inner.submit(held.operation, held.offset, held.length, extents, token);
        held.extents = null;
        spare.push(held);
        pending--;
        completed++;
        ImageListener hearer = listener;
        if (hearer == null || result == ImageResult.PENDING) {
            throw new IllegalStateException("token=" + token + " result=" + result + " has no listener or no end");
        }
        hearer.onImageDone(token, result);
    }
}
