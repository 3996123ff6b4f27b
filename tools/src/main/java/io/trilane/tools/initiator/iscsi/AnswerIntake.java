package io.trilane.tools.initiator.iscsi;

import io.trilane.engine.task.HotPath;
import io.trilane.tools.iscsi.FullFeaturePdu;
import io.trilane.tools.iscsi.Pdu;
import io.trilane.tools.iscsi.PduReader;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Takes what the target sends in the full-feature phase, and believes none of it: each field is checked against the
/// command that it speaks of before anything is stored. What is wrong ends the session. Belongs to the session's thread.
@HotPath
final class AnswerIntake {
    /// Longest data segment that is not a command's data: sense data, a rejected header.
    private static final int MAX_SMALL_DATA_BYTES = 4096;
    private static final int RESPONSE_IS_TARGET_FAILURE = 1;

    // Asynchronous Messages (RFC 7143 11.9.1).
    private static final int ASYNC_LOGOUT_REQUESTED = 1;
    private static final int ASYNC_CONNECTION_DROPPED = 2;
    private static final int ASYNC_SESSION_DROPPED = 3;
    private static final int ASYNC_NEGOTIATION_REQUESTED = 4;

    private final PduReader reader;
    private final CommandNumbers numbers;
    private final CommandSender sender;
    private final Negotiated agreed;
    private final RequestSlot[] slots;
    private final Completions completions;
    /// A header was read and its data is not complete.
    private boolean isInside;
    private boolean isLogoutAsked;
    private boolean isLoggedOut;
    /// PDUs that brought a request nearer to its end.
    private long progress;

    /// Hears of each command that is over, while its slot still says how.
    interface Completions {
        void onCompleted(RequestSlot slot);
    }

    AnswerIntake(PduReader reader, CommandNumbers numbers, CommandSender sender, Negotiated agreed, RequestSlot[] slots,
            Completions completions) {
        this.reader = reader;
        this.numbers = numbers;
        this.sender = sender;
        this.agreed = agreed;
        this.slots = slots;
        this.completions = completions;
    }

    /// One PDU, or what there is of it; false when more has to come first.
    boolean readPdu() throws IOException {
        if (!isInside) {
            if (!reader.readHeader()) {
                return false;
            }
            placeData();
            isInside = true;
        }
        if (!reader.readData()) {
            return false;
        }
        isInside = false;
        if (reader.isDigestWrong()) {
            throw new IOException("data digest is wrong, the network or the target changes data");
        }
        take();
        return true;
    }

    boolean isLogoutAsked() {
        return isLogoutAsked;
    }

    boolean isLoggedOut() {
        return isLoggedOut;
    }

    long progress() {
        return progress;
    }

    private void placeData() throws IOException {
        int length = reader.dataLength();
        int opcode = reader.header().get(Pdu.OPCODE) & Pdu.OPCODE_MASK;
        if (length > Negotiated.MAX_RECEIVE_BYTES) {
            throw fault("dataSegmentLength=" + length + " > " + Negotiated.MAX_RECEIVE_BYTES, opcode);
        }
        if (opcode == Pdu.DATA_IN) {
            RequestSlot slot = slot(opcode);
            int offset = reader.header().getInt(FullFeaturePdu.BUFFER_OFFSET);
            if (!slot.isRead || offset != slot.received || length > slot.length - slot.received) {
                throw fault("bufferOffset=" + offset + " length=" + length + " where received=" + slot.received + " of "
                        + slot.length, opcode);
            }
            if (length > 0) {
                reader.readTo(slot.address + offset);
            }
        } else if (opcode == Pdu.SCSI_RESPONSE && length > 0) {
            if (length > MAX_SMALL_DATA_BYTES) {
                throw fault("responseDataBytes=" + length + " > " + MAX_SMALL_DATA_BYTES, opcode);
            }
            reader.readToBytes();
        }
    }

    private void take() throws IOException {
        ByteBuffer header = reader.header();
        int opcode = header.get(Pdu.OPCODE) & Pdu.OPCODE_MASK;
        switch (opcode) {
            case Pdu.DATA_IN -> takeData(header);
            case Pdu.SCSI_RESPONSE -> takeResponse(header);
            case Pdu.READY_TO_TRANSFER -> takeReady(header);
            case Pdu.NOP_IN -> takePing(header);
            case Pdu.ASYNC_MESSAGE -> takeMessage(header);
            case Pdu.LOGOUT_RESPONSE -> {
                takeNumbers(header, true);
                isLoggedOut = true;
            }
            case Pdu.REJECT -> throw fault("the target rejects what we sent, reason="
                    + hex(header.get(FullFeaturePdu.RESPONSE)), opcode);
            default -> throw fault("nothing that a target sends here", opcode);
        }
    }

    /// Data-In (RFC 7143 11.7).
    private void takeData(ByteBuffer header) throws IOException {
        int flags = header.get(Pdu.FLAGS);
        boolean hasStatus = (flags & FullFeaturePdu.STATUS_PRESENT) != 0;
        takeNumbers(header, hasStatus);
        RequestSlot slot = slot(Pdu.DATA_IN);
        slot.received += reader.dataLength();
        progress += reader.dataLength();
        if (hasStatus) {
            if ((flags & Pdu.FINAL) == 0) {
                throw fault("status before the end", Pdu.DATA_IN);
            }
            slot.status = header.get(FullFeaturePdu.STATUS) & 0xFF;
            end(slot, header);
        }
    }

    /// SCSI Response (11.4).
    private void takeResponse(ByteBuffer header) throws IOException {
        takeNumbers(header, true);
        RequestSlot slot = slot(Pdu.SCSI_RESPONSE);
        slot.response = header.get(FullFeaturePdu.RESPONSE) & 0xFF;
        slot.status = header.get(FullFeaturePdu.STATUS) & 0xFF;
        if (reader.dataLength() > 0) {
            slot.sense = SenseText.senseOf(reader.bytes());
        }
        if (slot.response > RESPONSE_IS_TARGET_FAILURE && slot.response < 0x80) {
            throw fault("response=" + hex(slot.response), Pdu.SCSI_RESPONSE);
        }
        end(slot, header);
    }

    private void end(RequestSlot slot, ByteBuffer header) {
        slot.residualFlags = header.get(Pdu.FLAGS) & (FullFeaturePdu.OVERFLOW | FullFeaturePdu.UNDERFLOW);
        slot.residual = header.getInt(FullFeaturePdu.RESIDUAL_COUNT);
        slot.isBusy = false;
        progress++;
        sender.forget(slot);
        completions.onCompleted(slot);
    }

    /// R2T (11.8): asks for a part of the data that was not sent yet.
    private void takeReady(ByteBuffer header) throws IOException {
        takeNumbers(header, false);
        RequestSlot slot = slot(Pdu.READY_TO_TRANSFER);
        int offset = header.getInt(FullFeaturePdu.BUFFER_OFFSET);
        int length = header.getInt(FullFeaturePdu.DESIRED_DATA_TRANSFER_LENGTH);
        boolean fits = offset >= 0 && length > 0 && offset <= slot.length && length <= slot.length - offset;
        if (!slot.isWrite || !fits || length > agreed.maxBurstBytes()) {
            throw fault("R2T offset=" + offset + " length=" + length + " where write=" + slot.isWrite + " bytes="
                    + slot.length + " maxBurst=" + agreed.maxBurstBytes(), Pdu.READY_TO_TRANSFER);
        }
        // In order (DataSequenceInOrder), so that every byte is asked for once: requests cannot go on for ever.
        if (slot.r2ts() >= agreed.maxOutstandingR2t() || offset < slot.received || offset < slot.unsolicitedEnd) {
            throw fault("R2T offset=" + offset + " where outstanding=" + slot.r2ts() + " asked=" + slot.received,
                    Pdu.READY_TO_TRANSFER);
        }
        slot.received = offset + length;
        progress++;
        sender.onReady(slot, header.getInt(Pdu.TARGET_TRANSFER_TAG), offset, length);
    }

    /// NOP-In (11.19): an answer is wanted when it has a transfer tag.
    private void takePing(ByteBuffer header) {
        int transferTag = header.getInt(Pdu.TARGET_TRANSFER_TAG);
        takeNumbers(header, header.getInt(Pdu.INITIATOR_TASK_TAG) != Pdu.NO_TAG);
        if (transferTag != Pdu.NO_TAG) {
            sender.onPing(transferTag, header.getLong(Pdu.LUN));
        }
    }

    private void takeMessage(ByteBuffer header) throws IOException {
        takeNumbers(header, true);
        int event = header.get(FullFeaturePdu.ASYNC_EVENT) & 0xFF;
        switch (event) {
            // New parameters cannot be negotiated without a text exchange: the session ends instead, as a refusal does.
            case ASYNC_LOGOUT_REQUESTED, ASYNC_NEGOTIATION_REQUESTED -> isLogoutAsked = true;
            case ASYNC_CONNECTION_DROPPED, ASYNC_SESSION_DROPPED ->
                    throw fault("the target drops the session", Pdu.ASYNC_MESSAGE);
            default -> {
                // Sense data: the unit attention says the same. Of vendors: not for us.
            }
        }
    }

    private void takeNumbers(ByteBuffer header, boolean hasStatus) {
        if (hasStatus) {
            numbers.onStatus(header.getInt(Pdu.STAT_SN));
        }
        numbers.onWindow(header.getInt(Pdu.EXP_CMD_SN), header.getInt(Pdu.MAX_CMD_SN));
    }

    private RequestSlot slot(int opcode) throws IOException {
        int tag = reader.header().getInt(Pdu.INITIATOR_TASK_TAG);
        int index = RequestSlot.slotOf(tag);
        if (index >= slots.length || !slots[index].isBusy || slots[index].tag != tag) {
            throw fault("taskTag=" + hex(tag) + " is of no command in flight", opcode);
        }
        return slots[index];
    }

    private static IOException fault(String what, int opcode) {
        return new IOException("PDU opcode=" + hex(opcode) + ": " + what + ", the session ends");
    }

    private static String hex(int value) {
        return Integer.toHexString(value) + "h";
    }
}
