package io.trilane.tools.initiator.file;

import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.HotPath;
import io.trilane.perf.harness.RequestKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// The thread of one slot: makes its plain read, write or force, and gives itself back through the queue of what is finished.
/// The fields of a request belong to the target's thread before [#start] and after the worker came back, to the worker's
/// thread in between; the queues are the edges.
@HotPath
final class FileWorker implements Runnable {
    private static final long SLEEP_NS = 100_000_000;

    private enum Order {
        TRANSFER,
        STOP
    }

    private final int slot;
    private final FileChannel channel;
    private final ByteBuffer buffer;
    private final SerialQueue<FileWorker> finished;
    private final Doorbell bell = Doorbell.sleeping();
    private final SerialQueue<Order> orders;
    private RequestKind kind = RequestKind.READ;
    private long offset;
    private int length;
    private @Nullable String problem;

    /// @param buffer the worker's while it works
    FileWorker(int slot, FileChannel channel, ByteBuffer buffer, SerialQueue<FileWorker> finished) {
        this.slot = slot;
        this.channel = channel;
        this.buffer = buffer;
        this.finished = finished;
        this.orders = new SerialQueue<>("file-worker-" + slot, 2, bell);
    }

    int slot() {
        return slot;
    }

    int length() {
        return length;
    }

    /// What was wrong with the last request, or null.
    @Nullable
    String problem() {
        return problem;
    }

    /// Target's thread, while the worker is idle.
    void start(RequestKind newKind, long newOffset, int newLength) {
        kind = newKind;
        offset = newOffset;
        length = newLength;
        give(Order.TRANSFER);
    }

    /// Target's thread: the worker ends after what it does.
    void stop() {
        give(Order.STOP);
    }

    @Override
    public void run() {
        while (true) {
            Order order = orders.poll();
            if (order == Order.STOP) {
                return;
            }
            if (order == null) {
                rest();
                continue;
            }
            problem = work();
            boolean isTaken = finished.offer(this);
            assert isTaken : "the queue has room for every worker";
        }
    }

    private void give(Order order) {
        if (!orders.offer(order)) {
            throw new IllegalStateException("slot=" + slot + " has orders already");
        }
    }

    private void rest() {
        bell.prepareToSleep();
        if (orders.isEmpty()) {
            bell.sleep(SLEEP_NS);
        } else {
            bell.stayAwake();
        }
    }

    private @Nullable String work() {
        try {
            return switch (kind) {
                case READ -> read();
                case WRITE -> write();
                // Data and what is needed to find it again: fdatasync.
                case FLUSH -> {
                    channel.force(false);
                    yield null;
                }
                case UNMAP -> "kind=UNMAP is not offered";
            };
        } catch (IOException | RuntimeException e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }

    private @Nullable String read() throws IOException {
        buffer.limit(length).position(0);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                return "bytes=" + buffer.position() + " < length=" + length + ", the file has become shorter";
            }
        }
        return null;
    }

    private @Nullable String write() throws IOException {
        buffer.limit(length).position(0);
        while (buffer.hasRemaining()) {
            int _ = channel.write(buffer, offset + buffer.position());
        }
        return null;
    }
}
