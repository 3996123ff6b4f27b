package io.trilane.tools.iscsi;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.tools.frontend.Protocol;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Collects the data of writes: unsolicited Data-Out first, then what R2Ts ask for, in order (RFC 7143 11.7, 11.8);
/// submits the task when all is there. Belongs to the connection's event loop.
///
/// A command whose data is wrong is rejected at once, and ended with sense data when the initiator has sent the last F it
/// owes (11.17).
@HotPath
final class DataOutIntake {
    /// More than this at once is no faster.
    private static final int MAX_OUTSTANDING_R2T = 8;

    private final Session session;
    private final AnswerSender answers;
    private final long peerTimeoutNs;
    private @Nullable ScsiCommand current;

    DataOutIntake(Session session, AnswerSender answers, long peerTimeoutNs) {
        this.session = session;
        this.answers = answers;
        this.peerTimeoutNs = peerTimeoutNs;
    }

    /// When data that is owed has not come for too long: a write holds memory while it waits. [Protocol#NEVER]: none waits.
    long deadlineNs() {
        CommandSlots slots = session.slots();
        long dueNs = Protocol.NEVER;
        for (int i = 0; i < slots.count(); i++) {
            ScsiCommand command = slots.inUse(i);
            if (command.state == ScsiCommand.State.COLLECTING) {
                dueNs = Math.min(dueNs, command.dataNs + peerTimeoutNs);
            }
        }
        return dueNs;
    }

    void onDeadline(long nowNs) {
        long dueNs = deadlineNs();
        if (dueNs != Protocol.NEVER && nowNs - dueNs >= 0) {
            session.connection().close("data of a write has not come within peerTimeoutNs=" + peerTimeoutNs);
        }
    }

    void onHeader() {
        PduReader reader = session.reader();
        ByteBuffer header = reader.header();
        ScsiCommand command = session.slots().find(header.getInt(Pdu.INITIATOR_TASK_TAG));
        // Data for a command that has ended meanwhile, as after an abort, is no error.
        current = command != null && command.state == ScsiCommand.State.COLLECTING ? command : null;
        if (current == null) {
            return;
        }
        ScsiCommand owner = current;
        if (owner.refusal == null) {
            checkSequence(owner, header);
        }
        Task task = owner.task;
        if (owner.refusal == null && task != null && reader.dataLength() > 0) {
            reader.readTo(task.extents().address(0) + owner.receivedBytes);
        }
    }

    void onPdu() {
        ScsiCommand command = current;
        if (command == null) {
            return;
        }
        command.dataNs = session.connection().nowNs();
        ByteBuffer header = session.reader().header();
        if (command.refusal == null) {
            command.receivedBytes += session.reader().dataLength();
            command.dataSn++;
        }
        if ((header.get(Pdu.FLAGS) & Pdu.FINAL) != 0) {
            endSequence(command, header.getInt(Pdu.TARGET_TRANSFER_TAG));
        }
        advance(command);
    }

    /// Takes the next step with a command that collects data: waits, asks for more, submits or answers.
    void advance(ScsiCommand command) {
        if (command.refusal != null) {
            if (!command.isOwedData()) {
                answers.add(command);
            }
        } else if (!command.isUnsolicitedOpen) {
            if (command.isWrite && command.receivedBytes < command.boundBytes) {
                askForMore(command);
            } else if (!command.isOwedData()) {
                submit(command);
            }
        }
    }

    /// The command ends with this answer; its data is not needed any more.
    void refuse(ScsiCommand command, CommandRefusal refusal) {
        if (command.refusal == null) {
            command.refusal = refusal;
            session.releaseTask(command);
        }
    }

    private void checkSequence(ScsiCommand command, ByteBuffer header) {
        int offset = header.getInt(FullFeaturePdu.BUFFER_OFFSET);
        int length = session.reader().dataLength();
        int transferTag = header.getInt(Pdu.TARGET_TRANSFER_TAG);
        boolean isUnsolicited = transferTag == Pdu.NO_TAG;
        if (isUnsolicited && !command.isUnsolicitedOpen) {
            session.reject(RejectReason.PROTOCOL_ERROR);
            refuse(command, CommandRefusal.UNEXPECTED_UNSOLICITED_DATA);
            return;
        }
        boolean isTagRight = isUnsolicited
                || command.r2tDone < command.r2tSent && transferTag == command.firstTransferTag + command.r2tDone;
        int end = sequenceEnd(command, isUnsolicited);
        boolean isFinal = (header.get(Pdu.FLAGS) & Pdu.FINAL) != 0;
        boolean isTooMuch = offset != command.receivedBytes || length > end - offset;
        boolean isTooLittle = !isUnsolicited && isFinal && offset + length != end;
        if (!isTagRight || header.getInt(FullFeaturePdu.DATA_SN) != command.dataSn || isTooMuch || isTooLittle) {
            session.reject(isTagRight ? RejectReason.PROTOCOL_ERROR : RejectReason.INVALID_PDU_FIELD);
            refuse(command, CommandRefusal.INCORRECT_AMOUNT_OF_DATA);
        }
    }

    /// Where the sequence that is open ends, as an offset in the command's data.
    private int sequenceEnd(ScsiCommand command, boolean isUnsolicited) {
        return isUnsolicited ? Math.min(session.parameters().firstBurstLength(), command.boundBytes)
                : burstStart(command, command.r2tDone + 1);
    }

    /// Where R2T number `index` begins; the one behind the last begins at the end of the data.
    private int burstStart(ScsiCommand command, int index) {
        long start = command.solicitedStart + (long) index * session.parameters().maxBurstLength();
        return (int) Math.min(start, command.boundBytes);
    }

    private static void endSequence(ScsiCommand command, int transferTag) {
        command.dataSn = 0;
        if (transferTag == Pdu.NO_TAG) {
            command.isUnsolicitedOpen = false;
        } else if (command.r2tDone < command.r2tSent) {
            command.r2tDone++;
        }
    }

    private void askForMore(ScsiCommand command) {
        int maxBurst = session.parameters().maxBurstLength();
        if (command.r2tSent == 0) {
            command.solicitedStart = command.receivedBytes;
            int missing = command.boundBytes - command.receivedBytes;
            command.firstTransferTag = session.takeTransferTags((missing - 1) / maxBurst + 1);
        }
        int limit = Math.min(session.parameters().maxOutstandingR2t(), MAX_OUTSTANDING_R2T);
        while (command.r2tSent - command.r2tDone < limit
                && burstStart(command, command.r2tSent) < command.boundBytes) {
            sendR2t(command);
        }
    }

    private void sendR2t(ScsiCommand command) {
        PduWriter writer = session.writer();
        int start = burstStart(command, command.r2tSent);
        int at = writer.start(Pdu.READY_TO_TRANSFER, Pdu.FINAL, 0);
        writer.putLong(at + Pdu.LUN, command.lun);
        writer.putInt(at + Pdu.INITIATOR_TASK_TAG, command.tag);
        writer.putInt(at + Pdu.TARGET_TRANSFER_TAG, command.firstTransferTag + command.r2tSent);
        writer.putNextStatus(at);
        writer.putInt(at + FullFeaturePdu.R2T_SN, command.r2tSent);
        writer.putInt(at + FullFeaturePdu.BUFFER_OFFSET, start);
        command.r2tSent++;
        writer.putInt(at + FullFeaturePdu.DESIRED_DATA_TRANSFER_LENGTH, burstStart(command, command.r2tSent) - start);
        writer.finish(at);
    }

    private void submit(ScsiCommand command) {
        Task task = Objects.requireNonNull(command.task);
        command.state = ScsiCommand.State.SUBMITTED;
        if (!session.connection().submit(task)) {
            command.state = ScsiCommand.State.COLLECTING;
            refuse(command, CommandRefusal.BUSY);
            answers.add(command);
        }
    }
}
