package io.trilane.tools.initiator.iscsi;

import io.trilane.engine.task.HotPath;
import io.trilane.tools.iscsi.FullFeaturePdu;
import io.trilane.tools.iscsi.Pdu;
import io.trilane.tools.iscsi.PduWriter;
import java.util.ArrayDeque;

/// Puts commands and their data on the way (RFC 7143 11.3, 11.7). Data that does not fit in the outbox waits in its
/// slot's turn; slots take turns in the order of their commands, as unsolicited data has to. Belongs to the session's thread.
@HotPath
final class CommandSender {
    private static final int TASK_ATTRIBUTE_SIMPLE = 1;
    private static final int LOGOUT_CLOSES_SESSION = 0;

    private final PduWriter writer;
    private final CommandNumbers numbers;
    private final Negotiated agreed;
    private final long lunField;
    private final ArrayDeque<RequestSlot> waiting;
    private boolean hasPing;
    private int pingTag;
    private long pingLun;

    CommandSender(PduWriter writer, CommandNumbers numbers, Negotiated agreed, long lunField, int slots) {
        this.writer = writer;
        this.numbers = numbers;
        this.agreed = agreed;
        this.lunField = lunField;
        this.waiting = new ArrayDeque<>(slots + 1);
    }

    /// Whether so many commands can be put on their way now.
    boolean hasRoom(int commands) {
        return writer.hasRoom(commands);
    }

    /// Sends the command of a slot with its immediate data.
    void send(RequestSlot slot) {
        int unsolicited = !slot.isWrite || agreed.initialR2t() ? 0 : Math.min(slot.length, agreed.firstBurstBytes());
        int immediate = !slot.isWrite || !agreed.immediateData() ? 0
                : Math.min(Math.min(slot.length, agreed.firstBurstBytes()), agreed.maxSendBytes());
        boolean hasMore = unsolicited > immediate;
        int flags = (hasMore ? 0 : Pdu.FINAL) | (slot.isRead ? FullFeaturePdu.READ : 0)
                | (slot.isWrite ? FullFeaturePdu.WRITE : 0) | TASK_ATTRIBUTE_SIMPLE;
        int at = writer.startForData(Pdu.SCSI_COMMAND, flags, immediate);
        writer.putLong(at + Pdu.LUN, lunField);
        writer.putInt(at + Pdu.INITIATOR_TASK_TAG, slot.tag);
        writer.putInt(at + FullFeaturePdu.EXPECTED_DATA_TRANSFER_LENGTH, slot.length);
        writer.putInt(at + Pdu.CMD_SN, numbers.takeCmdSn());
        writer.putInt(at + Pdu.EXP_STAT_SN, numbers.expStatSn());
        writer.putBytes(at + FullFeaturePdu.CDB, slot.cdb, RequestSlot.CDB_BYTES);
        finish(at, slot.address, immediate);
        if (hasMore) {
            slot.unsolicitedAt = immediate;
            slot.unsolicitedEnd = unsolicited;
            enqueue(slot);
        }
    }

    /// The target is ready for data of this slot.
    void onReady(RequestSlot slot, int transferTag, int offset, int bytes) {
        slot.addR2t(transferTag, offset, bytes);
        enqueue(slot);
    }

    /// The command is over, whatever it had to send.
    void forget(RequestSlot slot) {
        if (slot.isQueued) {
            boolean _ = waiting.remove(slot);
            slot.isQueued = false;
        }
    }

    /// The target asks whether we are there. One answer waits at a time: who asks faster than it reads asks in vain.
    void onPing(int transferTag, long lun) {
        if (!hasPing) {
            hasPing = true;
            pingTag = transferTag;
            pingLun = lun;
        }
    }

    /// Sends what there is room for.
    void pump() {
        if (hasPing && writer.hasRoom(1)) {
            answerPing();
        }
        RequestSlot slot;
        while ((slot = waiting.peek()) != null && sendData(slot)) {
            slot.isQueued = false;
            RequestSlot _ = waiting.poll();
        }
    }

    /// Asks for the end of the session (11.14); immediate, so that no window holds it up.
    void logout(int tag) {
        int at = writer.start(Pdu.LOGOUT_REQUEST | Pdu.IMMEDIATE, Pdu.FINAL | LOGOUT_CLOSES_SESSION, 0);
        writer.putInt(at + Pdu.INITIATOR_TASK_TAG, tag);
        writer.putInt(at + Pdu.CMD_SN, numbers.cmdSn());
        writer.putInt(at + Pdu.EXP_STAT_SN, numbers.expStatSn());
        writer.finish(at);
    }

    private void answerPing() {
        int at = writer.start(Pdu.NOP_OUT | Pdu.IMMEDIATE, Pdu.FINAL, 0);
        writer.putLong(at + Pdu.LUN, pingLun);
        writer.putInt(at + Pdu.INITIATOR_TASK_TAG, Pdu.NO_TAG);
        writer.putInt(at + Pdu.TARGET_TRANSFER_TAG, pingTag);
        writer.putInt(at + Pdu.CMD_SN, numbers.cmdSn());
        writer.putInt(at + Pdu.EXP_STAT_SN, numbers.expStatSn());
        writer.finish(at);
        hasPing = false;
    }

    private void enqueue(RequestSlot slot) {
        if (!slot.isQueued) {
            slot.isQueued = true;
            waiting.add(slot);
        }
    }

    /// Sends all that the slot may send; false: the outbox is full.
    private boolean sendData(RequestSlot slot) {
        while (slot.hasUnsolicited()) {
            if (!writer.hasRoom(1)) {
                return false;
            }
            int length = Math.min(slot.unsolicitedEnd - slot.unsolicitedAt, agreed.maxSendBytes());
            boolean isLast = slot.unsolicitedAt + length == slot.unsolicitedEnd;
            sendDataOut(slot, Pdu.NO_TAG, slot.unsolicitedAt, length, isLast);
            slot.unsolicitedAt += length;
            slot.dataSn = isLast ? 0 : slot.dataSn + 1;
        }
        while (slot.r2ts() > 0) {
            if (!writer.hasRoom(1)) {
                return false;
            }
            int length = Math.min(slot.r2tLength(), agreed.maxSendBytes());
            sendDataOut(slot, slot.r2tTag(), slot.r2tOffset(), length, length == slot.r2tLength());
            boolean _ = slot.advanceR2t(length);
        }
        return true;
    }

    private void sendDataOut(RequestSlot slot, int transferTag, int offset, int length, boolean isLast) {
        int at = writer.startForData(Pdu.DATA_OUT, isLast ? Pdu.FINAL : 0, length);
        if (transferTag != Pdu.NO_TAG) {
            writer.putLong(at + Pdu.LUN, lunField);
        }
        writer.putInt(at + Pdu.INITIATOR_TASK_TAG, slot.tag);
        writer.putInt(at + Pdu.TARGET_TRANSFER_TAG, transferTag);
        writer.putInt(at + Pdu.EXP_STAT_SN, numbers.expStatSn());
        writer.putInt(at + FullFeaturePdu.DATA_SN, slot.dataSn);
        writer.putInt(at + FullFeaturePdu.BUFFER_OFFSET, offset);
        finish(at, slot.address + offset, length);
    }

    private void finish(int at, long address, int length) {
        if (length > 0) {
            writer.finishWithData(at, address, length);
        } else {
            writer.finish(at);
        }
    }
}
