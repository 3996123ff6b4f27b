package io.trilane.engine.queue;

import io.trilane.engine.task.HotPath;
import java.util.function.Consumer;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/// The only queue: bounded, many producers, one consumer. Handing an element over is the release, taking it the acquire
/// edge. A full queue refuses. The consumer is the first thread that drains; any other is refused until
/// [#releaseConsumer].
///
/// @param <E> what crosses: a task, a message
@HotPath
public final class SerialQueue<E> {
    private final String name;
    private final int capacity;
    private final MpscVarHandleArrayQueue<E> queue;
    private final Doorbell doorbell;
    private @Nullable Thread consumer;

    /// @param name     for messages
    /// @param capacity least number of elements it holds (rounded up to a power of two)
    /// @param doorbell rung after each offer
    public SerialQueue(String name, int capacity, Doorbell doorbell) {
        this.name = name;
        this.queue = new MpscVarHandleArrayQueue<>(Math.max(capacity, 2));
        this.capacity = queue.capacity();
        this.doorbell = doorbell;
    }

    public String name() {
        return name;
    }

    public int capacity() {
        return capacity;
    }

    /// How many elements wait, roughly while others move.
    public int size() {
        return queue.size();
    }

    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /// How many elements were ever appended, or are being appended now. Any thread.
    public long offeredPosition() {
        return queue.currentProducerIndex();
    }

    /// How many elements were ever taken. Any thread.
    public long takenPosition() {
        return queue.currentConsumerIndex();
    }

    /// Appends one element; false when full. Any thread.
    public boolean offer(E element) {
        if (!queue.offer(element)) {
            return false;
        }
        doorbell.ring();
        return true;
    }

    /// Appends the first elements of a bundle, as a rule with one claim of the queue; returns how many fitted. Any thread.
    public int offer(Bundle<E> bundle) {
        int sent = 0;
        int filled;
        // One fill stops at the producers' cached limit, even when the queue has room beyond it.
        while (bundle.remaining() > 0 && (filled = queue.fill(bundle.supplier, bundle.remaining())) > 0) {
            sent += filled;
        }
        if (sent > 0) {
            doorbell.ring();
        }
        return sent;
    }

    /// Takes at most `limit` elements in order; returns how many. Consumer only.
    public int drain(Consumer<E> handler, int limit) {
        checkConsumer();
        int taken = 0;
        E element;
        while (taken < limit && (element = queue.relaxedPoll()) != null) {
            taken++;
            handler.accept(element);
        }
        return taken;
    }

    /// Takes at most `limit` elements in order into `elements`; returns how many. Consumer only.
    public int drainTo(E[] elements, int limit) {
        checkConsumer();
        int taken = 0;
        E element;
        while (taken < limit && (element = queue.relaxedPoll()) != null) {
            elements[taken++] = element;
        }
        return taken;
    }

    /// Takes one element or null. Consumer only.
    public @Nullable E poll() {
        checkConsumer();
        return queue.relaxedPoll();
    }

    /// The consumer gives its place up, for example before its thread ends.
    public void releaseConsumer() {
        consumer = null;
    }

    private void checkConsumer() {
        Thread current = Thread.currentThread();
        if (consumer != current) {
            bind(current);
        }
    }

    private void bind(Thread current) {
        if (consumer != null) {
            throw new IllegalStateException("queue=" + name + " consumer=" + current.getName() + " is not "
                    + consumer.getName() + ", drain a serial queue from one thread only");
        }
        consumer = current;
    }

    /// Elements to hand over in one claim; owned by its producer.
    ///
    /// @param <E> what crosses
    public static final class Bundle<E> {
        private final Object[] own;
        private final MessagePassingQueue.Supplier<E> supplier = this::get;
        private Object[] elements;
        private int next;
        private int count;

        public Bundle(int capacity) {
            own = new Object[capacity];
            elements = own;
        }

        /// Empties the bundle.
        public void clear() {
            elements = own;
            next = 0;
            count = 0;
        }

        /// Appends to a bundle that was cleared.
        public void add(E element) {
            elements[count++] = element;
        }

        /// Makes the bundle the first `newCount` elements of an array, without copying them. The array stays the caller's,
        /// who leaves it alone until they are handed over.
        public void wrap(E[] array, int newCount) {
            elements = array;
            next = 0;
            count = newCount;
        }

        public int remaining() {
            return count - next;
        }

        public boolean isFull() {
            return count == own.length;
        }

        /// Takes the next element that was not handed over.
        @SuppressWarnings("unchecked")
        public E get() {
            return (E) elements[next++];
        }
    }
}
