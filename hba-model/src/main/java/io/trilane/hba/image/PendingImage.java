package io.trilane.hba.image;

import io.trilane.engine.task.Extents;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An image like one behind a network: it answers PENDING to everything and does the work when told to, in any order.
/// The image inside must finish at once. Submitted to by its agent, completed from any thread; bytes move, and the
/// listener hears, on the thread that completes.
public final class PendingImage extends ForwardingImage {
    private final List<Held> held = new ArrayList<>();
    private @Nullable ImageListener listener;

    public PendingImage(DiskImage inner) {
        super(inner);
    }

    private record Held(Operation operation, long offset, long length, Extents extents, long token) {}

    @Override
    public synchronized long submit(Operation operation, long offset, long length, Extents extents, long token) {
        held.add(new Held(operation, offset, length, extents, token));
        return ImageResult.PENDING;
    }

    /// Does the operation of `token`, the oldest one if there are several.
    public void complete(long token) {
        Held one = take(token);
        report(token, inner.submit(one.operation, one.offset, one.length, one.extents, token));
    }

    /// Ends the operation of `token` without doing it.
    ///
    /// @param result as for [ImageListener#onImageDone]
    public void completeWith(long token, long result) {
        Held _ = take(token);
        report(token, result);
    }

    /// Does the oldest operation; false when there is none.
    public boolean completeOldest() {
        return completeAt(true);
    }

    /// Does the newest operation; false when there is none.
    public boolean completeNewest() {
        return completeAt(false);
    }

    /// Tokens of what is pending, in the order of submission.
    public synchronized List<Long> pendingTokens() {
        return held.stream().map(Held::token).toList();
    }

    @Override
    public synchronized int pendingOperations() {
        return held.size();
    }

    @Override
    public synchronized void setListener(ImageListener newListener) {
        listener = newListener;
    }

    @Override
    public synchronized void close() {
        if (!held.isEmpty()) {
            throw new IllegalStateException("pendingOperations=" + held.size() + " > 0, complete them before closing");
        }
        super.close();
    }

    private boolean completeAt(boolean oldest) {
        long token;
        synchronized (this) {
            if (held.isEmpty()) {
                return false;
            }
            token = (oldest ? held.getFirst() : held.getLast()).token;
        }
        complete(token);
        return true;
    }

    private synchronized Held take(long token) {
        for (Held one : held) {
            if (one.token == token) {
                held.remove(one);
                return one;
            }
        }
        throw new IllegalStateException("token=" + token + " is not pending");
    }

    /// Outside the lock: the listener may submit.
    private void report(long token, long result) {
        @Nullable ImageListener hearer;
        synchronized (this) {
            hearer = listener;
        }
        if (hearer == null || result == ImageResult.PENDING) {
            throw new IllegalStateException("token=" + token + " result=" + result + " has no listener or no end");
        }
        hearer.onImageDone(token, result);
    }
}
