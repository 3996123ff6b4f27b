package io.trilane.tools.iscsi;

import io.trilane.engine.task.Task;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// NOP-Out and NOP-In (RFC 7143 11.18, 11.19): echoes the initiator's pings; pings an initiator that is silent, and says
/// when it is dead. Belongs to the connection's event loop.
final class NopIntake {
    private final Session session;
    private final long peerTimeoutNs;
    private @Nullable Task echo;
    private boolean isEchoed;
    private boolean isPinged;
    private long heardNs;
    /// At the last deadline.
    private long queuedBytes;

    NopIntake(Session session, long peerTimeoutNs, long nowNs) {
        this.session = session;
        this.peerTimeoutNs = peerTimeoutNs;
        this.heardNs = nowNs;
    }

    /// A ping's data goes through a task's buffer; without one the ping is refused.
    void onHeader() {
        PduReader reader = session.reader();
        ByteBuffer header = reader.header();
        int length = reader.dataLength();
        isEchoed = header.getInt(Pdu.INITIATOR_TASK_TAG) != Pdu.NO_TAG;
        if (isEchoed && length > 0) {
            Task task = length > session.maxTransferBytes() ? null : session.client().claim(length);
            if (task == null) {
                isEchoed = false;
                session.reject(RejectReason.TOO_MANY_IMMEDIATE_COMMANDS);
                return;
            }
            echo = task;
            reader.readTo(task.extents().address(0));
        }
    }

    void onPdu() {
        if (!isEchoed) {
            return;
        }
        PduWriter writer = session.writer();
        ByteBuffer header = session.reader().header();
        int length = Math.min(session.reader().dataLength(),
                session.parameters().initiatorMaxRecvDataSegmentLength());
        int at = length == 0 ? writer.start(Pdu.NOP_IN, Pdu.FINAL, 0)
                : writer.startForData(Pdu.NOP_IN, Pdu.FINAL, length);
        writer.putInt(at + Pdu.INITIATOR_TASK_TAG, header.getInt(Pdu.INITIATOR_TASK_TAG));
        writer.putInt(at + Pdu.TARGET_TRANSFER_TAG, Pdu.NO_TAG);
        writer.putStatus(at);
        if (length == 0) {
            writer.finish(at);
            return;
        }
        Task task = Objects.requireNonNull(echo);
        echo = null;
        writer.finishWithData(at, task.extents().address(0), length);
        session.connection().outbox().thenRelease(task);
    }

    /// Bytes came, or went.
    void onSignOfLife(long nowNs) {
        heardNs = nowNs;
        isPinged = false;
    }

    /// When [#onDeadline] is due.
    long deadlineNs() {
        return heardNs + (isPinged ? peerTimeoutNs : peerTimeoutNs / 2);
    }

    /// Pings after half of the time, gives up after all of it.
    /// A peer that reads what was queued before lives.
    void onDeadline(long nowNs) {
        long queued = session.connection().outbox().queuedBytes();
        boolean isTaken = queued < queuedBytes;
        queuedBytes = queued;
        if (isTaken) {
            onSignOfLife(nowNs);
            return;
        }
        if (nowNs - heardNs >= peerTimeoutNs) {
            session.connection().close("silentNs=" + (nowNs - heardNs) + " >= peerTimeoutNs=" + peerTimeoutNs
                    + ", the peer counts as dead");
        } else if (!isPinged && nowNs - heardNs >= peerTimeoutNs / 2 && session.writer().hasRoom(1)) {
            isPinged = true;
            ping();
        } else {
            isPinged = true;
        }
    }

    /// The connection is gone while a ping's data was coming.
    void onClosed() {
        Task task = echo;
        if (task != null) {
            boolean _ = session.client().release(task.token());
            echo = null;
        }
    }

    /// Tells a window that has opened without an answer (11.19.2): the initiator could wait for ever.
    void tellWindow() {
        if (session.writer().hasRoom(1)) {
            send(Pdu.NO_TAG);
        }
    }

    private void ping() {
        send(session.takeTransferTags(1));
    }

    private void send(int transferTag) {
        PduWriter writer = session.writer();
        int at = writer.start(Pdu.NOP_IN, Pdu.FINAL, 0);
        writer.putInt(at + Pdu.INITIATOR_TASK_TAG, Pdu.NO_TAG);
        writer.putInt(at + Pdu.TARGET_TRANSFER_TAG, transferTag);
        writer.putNextStatus(at);
        writer.finish(at);
    }
}
