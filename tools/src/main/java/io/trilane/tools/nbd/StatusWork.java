package io.trilane.tools.nbd;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.tools.frontend.Outbox;
import io.trilane.tools.frontend.ServedUnit;
import io.trilane.tools.nbd.Request.Step;
import io.trilane.tools.nbd.RequestWork.Progress;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Answers BLOCK_STATUS for base:allocation from GET LBA STATUS (SBC-4 5.4). Belongs to its connection's event loop.
@HotPath
final class StatusWork {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int HEAD_BYTES = 8;
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int MAX_EXTENTS = 128;
    private static final int ANSWER_BYTES = HEAD_BYTES + MAX_EXTENTS * DESCRIPTOR_BYTES;
    private static final int DEALLOCATED = 1;
    private static final int ANCHORED = 2;
    /// So that a length fits 32 bits and stays a multiple of every block.
    private static final long MAX_EXTENT_BYTES = 0xFFFF_0000L;

    private final RequestWork work;
    private final ServedUnit unit;
    private final UnitTraits traits;
    private final Outbox outbox;
    private final Replies replies;
    private final MemorySegment answer = MemorySegment.ofArray(new byte[ANSWER_BYTES]);
    private final long[] lengths = new long[MAX_EXTENTS];
    private final int[] states = new int[MAX_EXTENTS];
    private int count;
    private boolean canAsk = true;

    StatusWork(RequestWork work, UnitTraits traits, Outbox outbox, Replies replies) {
        this.work = work;
        this.unit = work.unit();
        this.traits = traits;
        this.outbox = outbox;
        this.replies = replies;
    }

    Progress advance(Request request) {
        if (request.isReplyStarted) {
            return Progress.FINISHED;
        }
        if (!canAsk) {
            count = 0;
            add(request.end - request.offset, 0);
            reply(request);
            return Progress.FINISHED;
        }
        Task task = work.claim(request, ANSWER_BYTES);
        if (task == null) {
            return Progress.BLOCKED;
        }
        BlockCommands.lbaStatus(task, unit, request.firstBlock(), ANSWER_BYTES);
        return work.submit(request, task, Step.STATUS);
    }

    void onTask(Request request, Task task, Verdict verdict) {
        long bytes = verdict == Verdict.GOOD
                ? task.extents().gather(0, answer, 0, Math.min(task.bytesTransferred(), ANSWER_BYTES)) : 0;
        work.release(task);
        if (verdict == Verdict.UNSUPPORTED) {
            canAsk = false;
        } else if (verdict != Verdict.GOOD) {
            work.fail(request, verdict);
        } else {
            collect(request, bytes);
            reply(request);
        }
    }

    /// Descriptors that follow each other from the request's first byte to its last, neighbours of one state as one.
    private void collect(Request request, long bytes) {
        count = 0;
        long said = bytes < 4 ? 0 : Math.min(bytes, (answer.get(INT, 0) & 0xFFFF_FFFFL) + 4);
        long at = request.offset;
        for (long base = HEAD_BYTES; base + DESCRIPTOR_BYTES <= said && at < request.end; base += DESCRIPTOR_BYTES) {
            long start = answer.get(LONG, base) * unit.blockBytes();
            long stop = start + (answer.get(INT, base + 8) & 0xFFFF_FFFFL) * unit.blockBytes();
            if (start > at || stop <= at) {
                break;
            }
            long next = Math.min(stop, request.end);
            if (!add(next - at, state(answer.get(ValueLayout.JAVA_BYTE, base + 12) & 0x0F))) {
                break;
            }
            at = next;
        }
        if (count == 0) {
            boolean _ = add(request.end - request.offset, 0);
        }
    }

    /// False when there is no more room.
    private boolean add(long length, int state) {
        if (count > 0 && states[count - 1] == state && lengths[count - 1] + length <= MAX_EXTENT_BYTES) {
            lengths[count - 1] += length;
            return true;
        }
        if (count == MAX_EXTENTS) {
            return false;
        }
        lengths[count] = Math.min(length, MAX_EXTENT_BYTES);
        states[count] = state;
        count++;
        return length <= MAX_EXTENT_BYTES;
    }

    private int state(int provisioning) {
        return switch (provisioning) {
            case DEALLOCATED -> NbdCodes.STATE_HOLE | (traits.readsZero() ? NbdCodes.STATE_ZERO : 0);
            case ANCHORED -> traits.readsZero() ? NbdCodes.STATE_ZERO : 0;
            default -> 0;
        };
    }

    /// As many extents as the outbox takes without using what others need for their replies.
    private void reply(Request request) {
        int extents = request.has(NbdCodes.CMD_FLAG_REQ_ONE) ? 1 : count;
        while (extents > 1 && !outbox.hasRoom(MAX_EXTENTS * Replies.PIECES,
                MAX_EXTENTS * Replies.HEADER_BYTES + extents * Replies.EXTENT_BYTES)) {
            extents /= 2;
        }
        int start = replies.blockStatus(request, extents);
        ByteBuffer ring = outbox.ring();
        for (int i = 0; i < extents; i++) {
            ring.putInt(start + i * Replies.EXTENT_BYTES, (int) lengths[i]);
            ring.putInt(start + i * Replies.EXTENT_BYTES + 4, states[i]);
        }
        request.isReplyStarted = true;
    }
}
