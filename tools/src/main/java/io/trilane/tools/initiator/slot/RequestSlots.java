package io.trilane.tools.initiator.slot;

import io.trilane.engine.task.HotPath;
import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestObserver;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The requests in flight of one way to a disk: a slot and a data buffer for each, and the count of what failed. Belongs to
/// the thread of its target.
@HotPath
public final class RequestSlots {
    private final long[] requests;
    private final boolean[] busy;
    private final ByteBuffer[] buffers;
    /// The first [#freeCount] are free; the one used last is taken first, while its buffer is in the caches.
    private final int[] free;
    private int freeCount;
    private @Nullable RequestObserver observer;
    private long errors;
    private @Nullable String firstError;

    /// Buffers start with random bytes: zeros are what disks write and send with less work.
    ///
    /// @param depth          slots
    /// @param bufferBytes    of each slot
    /// @param alignmentBytes of each buffer's address, a power of two
    /// @param seed           of the random bytes
    /// @throws IllegalArgumentException the JVM does not give that much memory
    public RequestSlots(int depth, int bufferBytes, int alignmentBytes, long seed) {
        this.requests = new long[depth];
        this.busy = new boolean[depth];
        this.buffers = new ByteBuffer[depth];
        this.free = new int[depth];
        SplittableRandom random = new SplittableRandom(seed);
        for (int slot = 0; slot < depth; slot++) {
            buffers[slot] = buffer(depth, bufferBytes, alignmentBytes, random);
            free[slot] = depth - 1 - slot;
        }
        freeCount = depth;
    }

    public int count() {
        return requests.length;
    }

    public int freeCount() {
        return freeCount;
    }

    public int inFlight() {
        return requests.length - freeCount;
    }

    public boolean isBusy(int slot) {
        return busy[slot];
    }

    /// What the slot is busy with.
    public long request(int slot) {
        return requests[slot];
    }

    /// Position and limit are the target's to set.
    public ByteBuffer buffer(int slot) {
        return buffers[slot];
    }

    public void observe(@Nullable RequestObserver newObserver) {
        observer = newObserver;
    }

    /// Whether the observer lets this request start now.
    public boolean accepts(long request) {
        RequestObserver observing = observer;
        return observing == null || observing.accepts(request);
    }

    /// A slot for the request; there is a free one.
    public int take(long request) {
        int slot = free[--freeCount];
        busy[slot] = true;
        requests[slot] = request;
        if (observer != null) {
            observer.onAdded(slot, request);
        }
        return slot;
    }

    /// All of the request was done.
    public void finish(int slot) {
        release(slot, true);
    }

    /// The request failed.
    ///
    /// @param lengthBytes of the request
    /// @param reason      for people; looked at for the first failure only
    public void fail(int slot, long lengthBytes, String reason) {
        if (errors++ == 0) {
            long request = requests[slot];
            firstError = Request.kindOf(request) + " offset=" + Request.offsetBytes(request) + " length=" + lengthBytes
                    + " failed: " + reason;
        }
        release(slot, false);
    }

    public long errors() {
        return errors;
    }

    public @Nullable String firstError() {
        return firstError;
    }

    private void release(int slot, boolean good) {
        if (!busy[slot]) {
            throw new IllegalStateException("slot=" + slot + " is not in flight");
        }
        busy[slot] = false;
        free[freeCount++] = slot;
        if (observer != null) {
            observer.onFinished(slot, good);
        }
    }

    private static ByteBuffer buffer(int depth, int bytes, int alignment, SplittableRandom random) {
        // An aligned slice ends at a multiple of the alignment, too.
        int room = (bytes + alignment - 1) / alignment * alignment;
        ByteBuffer buffer = memory(depth, room + alignment).alignedSlice(alignment).slice(0, bytes);
        for (int at = 0; at + Long.BYTES <= buffer.capacity(); at += Long.BYTES) {
            buffer.putLong(at, random.nextLong());
        }
        return buffer;
    }

    private static ByteBuffer memory(int depth, int bytes) {
        try {
            return ByteBuffer.allocateDirect(bytes);
        } catch (OutOfMemoryError e) {
            throw new IllegalArgumentException("iodepth=" + depth + " x bufferBytes=" + bytes
                    + " > the JVM's direct memory, lower --iodepth or --bs or raise -XX:MaxDirectMemorySize", e);
        }
    }
}
