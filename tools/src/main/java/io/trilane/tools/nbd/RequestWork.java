package io.trilane.tools.nbd;

import io.trilane.engine.Client;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.tools.frontend.Connection;
import io.trilane.tools.frontend.Outbox;
import io.trilane.tools.frontend.ServedUnit;
import io.trilane.tools.nbd.Request.Step;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Turns requests into commands, one after the other, and takes their answers. Belongs to its connection's event loop.
@HotPath
final class RequestWork {
    /// What became of a request that wanted to go on.
    enum Progress {
        UNDER_WAY, BLOCKED, NEEDS_PAYLOAD, FINISHED
    }

    private static final int MAX_ATTEMPTS = 1000;
    /// A peer that asks and does not read is not read for, beyond this.
    private static final long MAX_QUEUED_BYTES = 8L << 20;

    private final Connection connection;
    private final Client client;
    private final ServedUnit unit;
    private final int blockBytes;
    private final Outbox outbox;
    private final Replies replies;
    private final EdgeWork edges;
    private final RangeWork ranges;
    private final StatusWork status;
    /// Of reads under way: in the outbox as soon as they are back.
    private long readingBytes;

    RequestWork(Connection connection, Client client, ServedUnit unit, UnitTraits traits, Replies replies) {
        this.connection = connection;
        this.client = client;
        this.unit = unit;
        this.blockBytes = unit.blockBytes();
        this.outbox = connection.outbox();
        this.replies = replies;
        this.edges = new EdgeWork(this);
        this.ranges = new RangeWork(this, edges, traits);
        this.status = new StatusWork(this, traits, outbox, replies);
    }

    ServedUnit unit() {
        return unit;
    }

    /// True when every request under way, and one more, can be answered.
    boolean hasRoom(int active) {
        return outbox.queuedBytes() + readingBytes < MAX_QUEUED_BYTES
                && outbox.hasRoom(Replies.PIECES * (active + 1), Replies.HEADER_BYTES * (active + 1));
    }

    /// Starts the next command. A request that is BLOCKED holds nothing that others need and is to be tried again.
    Progress advance(Request request, int active) {
        if (request.error != 0) {
            return Progress.FINISHED;
        }
        if (request.hasEdge) {
            return edges.advance(request);
        }
        if (request.payload != null) {
            return resend(request, request.payload);
        }
        return switch (request.type) {
            case NbdCodes.CMD_READ -> read(request, active);
            case NbdCodes.CMD_WRITE -> request.cursor == request.end ? Progress.FINISHED : Progress.NEEDS_PAYLOAD;
            case NbdCodes.CMD_FLUSH -> ranges.synchronize(request);
            case NbdCodes.CMD_TRIM -> ranges.trim(request);
            case NbdCodes.CMD_CACHE -> ranges.cache(request);
            case NbdCodes.CMD_WRITE_ZEROES -> ranges.writeZeroes(request);
            default -> status.advance(request);
        };
    }

    /// The payload of the part has come.
    Progress write(Request request, Task task) {
        return send(request, task, Step.WRITE);
    }

    /// Takes the answer of the command under way; then the request may go on.
    void onTask(Request request, Task task) throws IOException {
        Verdict verdict = Verdict.of(task);
        Step step = request.step;
        request.step = Step.NONE;
        if (step == Step.READ) {
            readingBytes -= request.coverBytes();
        }
        if (verdict == Verdict.RETRY && request.attempts++ < MAX_ATTEMPTS) {
            keepForRetry(request, task, step);
            return;
        }
        switch (step) {
            case READ -> onRead(request, task, verdict);
            case WRITE -> onWritten(request, task, verdict);
            case EDGE_READ, EDGE_WRITE -> edges.onTask(request, task, step, verdict);
            case STATUS -> status.onTask(request, task, verdict);
            case ZERO, ZERO_DATA, UNMAP, PREFETCH, SYNCHRONIZE -> ranges.onTask(request, task, step, verdict);
            case NONE -> throw new IllegalStateException("slot=" + task.slot() + " answers no command, our bug");
        }
    }

    /// A claimed task for the request, or null.
    @Nullable
    Task claim(Request request, long lengthBytes) {
        Task task = client.claim(lengthBytes);
        if (task == null) {
            connection.statistics().refused(unit.lunBytes());
        } else {
            task.setUserData(request.index);
        }
        return task;
    }

    void release(Task task) {
        boolean _ = client.release(task.token());
    }

    /// Submits a command that has nothing of value in its data.
    Progress submit(Request request, Task task, Step step) {
        if (connection.submit(task)) {
            request.step = step;
            return Progress.UNDER_WAY;
        }
        release(task);
        return refused(request);
    }

    /// No room now; for ever is an error.
    Progress refused(Request request) {
        if (++request.attempts < MAX_ATTEMPTS * MAX_ATTEMPTS) {
            return Progress.BLOCKED;
        }
        request.fail(NbdCodes.ESHUTDOWN, "the engine takes no commands");
        return Progress.FINISHED;
    }

    /// The command of the part failed.
    void fail(Request request, Verdict verdict) {
        boolean isWrite = request.type == NbdCodes.CMD_WRITE || request.type == NbdCodes.CMD_WRITE_ZEROES;
        request.fail(verdict == Verdict.OUT_OF_RANGE && isWrite ? NbdCodes.ENOSPC : verdict.error(), verdict.text());
    }

    /// Gives back what a request holds whose connection is gone.
    void drop(Request request) {
        if (request.receiving != null) {
            release(request.receiving);
            request.receiving = null;
        }
        if (request.payload != null) {
            // A second task that is still under way reads this one's memory.
            if (request.step == Step.WRITE) {
                connection.releaseAfterTasks(request.payload);
            } else {
                release(request.payload);
            }
            request.payload = null;
        }
    }

    private Progress read(Request request, int active) {
        if (request.cursor == request.end) {
            return Progress.FINISHED;
        }
        request.takeCover(unit.maxTransferBytes());
        long bytes = request.coverBytes();
        Task task = hasRoom(active) ? claim(request, bytes) : null;
        if (task == null) {
            return Progress.BLOCKED;
        }
        BlockCommands.fill(task, unit, BlockCommands.READ_16, 0, request.firstBlock(), bytes / blockBytes,
                TransferDirection.FROM_TARGET, bytes);
        Progress progress = submit(request, task, Step.READ);
        readingBytes += progress == Progress.UNDER_WAY ? bytes : 0;
        return progress;
    }

    private void onRead(Request request, Task task, Verdict verdict) throws IOException {
        if (verdict == Verdict.GOOD && task.bytesTransferred() == request.coverBytes()) {
            replies.data(request, task);
            request.finishPart();
            return;
        }
        release(task);
        fail(request, verdict == Verdict.GOOD ? Verdict.HARDWARE : verdict);
        boolean isChunked = replies.isStructured() && !request.has(NbdCodes.CMD_FLAG_DF);
        if (request.isReplyStarted && !isChunked) {
            throw new IOException("read at offset=" + request.cursor
                    + " failed after its reply had begun: " + request.reason);
        }
    }

    private Progress send(Request request, Task task, Step step) {
        long bytes = request.partBytes();
        int bits = request.has(NbdCodes.CMD_FLAG_FUA) ? BlockCommands.FUA : 0;
        BlockCommands.fill(task, unit, BlockCommands.WRITE_16, bits, request.firstBlock(), bytes / blockBytes,
                TransferDirection.TO_TARGET, bytes);
        if (connection.submit(task)) {
            request.step = step;
            return Progress.UNDER_WAY;
        }
        if (request.payload == null) {
            request.payload = task;
        } else {
            release(task);
        }
        return refused(request);
    }

    /// A second task for the same data. Needs a slot and no memory.
    private Progress resend(Request request, Task payload) {
        Task task = claim(request, 0);
        if (task == null) {
            if (++request.attempts < MAX_ATTEMPTS) {
                return Progress.BLOCKED;
            }
            release(payload);
            request.payload = null;
            fail(request, Verdict.RETRY);
            return Progress.FINISHED;
        }
        task.bindForeign(payload.extents().address(0), request.partBytes());
        return send(request, task, Step.WRITE);
    }

    /// Everything but the payload of a write is made anew.
    private void keepForRetry(Request request, Task task, Step step) {
        if (step == Step.WRITE && request.payload == null) {
            request.payload = task;
        } else {
            release(task);
        }
    }

    private void onWritten(Request request, Task task, Verdict verdict) {
        boolean isWhole = verdict == Verdict.GOOD && task.bytesTransferred() == request.partBytes();
        release(task);
        if (request.payload != null) {
            release(request.payload);
            request.payload = null;
        }
        if (isWhole) {
            request.finishPart();
        } else {
            fail(request, verdict == Verdict.GOOD ? Verdict.HARDWARE : verdict);
        }
    }
}
