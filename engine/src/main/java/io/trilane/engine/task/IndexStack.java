package io.trilane.engine.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A lock-free LIFO of small integers; any thread may push and pop. The head carries a tag against ABA.
///
/// NOTE: `next` is read while another thread may already have popped and pushed that index. The value may then be wrong,
/// but the head's tag has changed and the compare-and-set throws it away.
@HotPath
final class IndexStack {
    static final int EMPTY = -1;

    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(IndexStack.class, "head", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int[] next;

    /// Tag in the upper half, index + 1 in the lower one (0 = empty).
    @SuppressWarnings("unused")
    private volatile long head;

    IndexStack(int capacity) {
        next = new int[capacity];
    }

    void push(int index) {
        long seen;
        do {
            seen = (long) HEAD.getAcquire(this);
            next[index] = (int) seen;
        } while (!HEAD.compareAndSet(this, seen, tagged(seen, index + 1)));
    }

    /// Pushes `indexes[0..count)` at once, the last one on top.
    void push(int[] indexes, int count) {
        for (int i = 1; i < count; i++) {
            next[indexes[i]] = indexes[i - 1] + 1;
        }
        long seen;
        do {
            seen = (long) HEAD.getAcquire(this);
            next[indexes[0]] = (int) seen;
        } while (!HEAD.compareAndSet(this, seen, tagged(seen, indexes[count - 1] + 1)));
    }

    boolean isEmpty() {
        return (int) (long) HEAD.getAcquire(this) == 0;
    }

    /// The index pushed last, or [#EMPTY].
    int pop() {
        long seen;
        int top;
        do {
            seen = (long) HEAD.getAcquire(this);
            top = (int) seen;
            if (top == 0) {
                return EMPTY;
            }
        } while (!HEAD.compareAndSet(this, seen, tagged(seen, next[top - 1])));
        return top - 1;
    }

    /// Pops at most `limit` indexes at once, last pushed first; returns how many.
    int pop(int[] indexes, int limit) {
        long seen;
        int top;
        int count;
        do {
            seen = (long) HEAD.getAcquire(this);
            top = (int) seen;
            for (count = 0; count < limit && top != 0; count++) {
                indexes[count] = top - 1;
                top = next[top - 1];
            }
            if (count == 0) {
                return 0;
            }
        } while (!HEAD.compareAndSet(this, seen, tagged(seen, top)));
        return count;
    }

    private static long tagged(long seen, int top) {
        return (seen >>> 32) + 1 << 32 | top;
    }
}
