package io.trilane.tools.iscsi;

import io.trilane.engine.Client;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskAttribute;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TransferDirection;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Takes SCSI Command PDUs: claims a task, writes the command into it, says where immediate data goes (RFC 7143 11.3).
/// Belongs to the connection's event loop.
@HotPath
final class CommandIntake {
    private static final int AHS_HEADER_BYTES = 4;
    private static final int AHS_LENGTH_BYTES = 3;
    /// Writes of the longest transfer whose data may be outstanding at once.
    private static final int COLLECTING_TRANSFERS = 32;

    private final Session session;
    private final DataOutIntake dataOut;
    private @Nullable ScsiCommand current;

    CommandIntake(Session session, DataOutIntake dataOut) {
        this.session = session;
        this.dataOut = dataOut;
    }

    /// True when this session holds all tasks that it may have because answers are not written yet: the command has to wait.
    boolean mustWait() {
        int claimed = session.client().claimed();
        return claimed >= session.slots().capacity() && claimed > session.slots().count();
    }

    void onHeader() {
        ByteBuffer header = session.reader().header();
        current = null;
        @Nullable RejectReason reason = check(header);
        if (reason != null) {
            session.reject(reason);
            return;
        }
        ScsiCommand command = session.slots().claim(header.getInt(Pdu.INITIATOR_TASK_TAG), header.getLong(Pdu.LUN),
                isImmediate(header));
        if (command == null) {
            session.reject(RejectReason.TOO_MANY_IMMEDIATE_COMMANDS);
            return;
        }
        current = command;
        command.dataNs = session.connection().nowNs();
        int flags = header.get(Pdu.FLAGS);
        command.isRead = (flags & FullFeaturePdu.READ) != 0;
        command.isWrite = (flags & FullFeaturePdu.WRITE) != 0;
        command.expectedBytes = command.isRead || command.isWrite
                ? header.getInt(FullFeaturePdu.EXPECTED_DATA_TRANSFER_LENGTH) & 0xFFFF_FFFFL : 0;
        command.boundBytes = (int) Math.min(command.expectedBytes, session.maxTransferBytes());
        command.isUnsolicitedOpen = (flags & Pdu.FINAL) == 0;
        claimTask(command, header);
        takeImmediateData(command);
    }

    /// The command and its immediate data are here.
    void onPdu() {
        ScsiCommand command = current;
        if (command != null) {
            if (command.refusal == null) {
                command.receivedBytes = session.reader().dataLength();
            }
            dataOut.advance(command);
        }
    }

    private @Nullable RejectReason check(ByteBuffer header) {
        int flags = header.get(Pdu.FLAGS);
        boolean writes = (flags & FullFeaturePdu.WRITE) != 0;
        if (writes && (flags & FullFeaturePdu.READ) != 0) {
            return RejectReason.COMMAND_NOT_SUPPORTED;
        }
        boolean owesNothing = (flags & Pdu.FINAL) != 0 && session.reader().dataLength() == 0;
        if (!writes && !owesNothing || (flags & FullFeaturePdu.ATTRIBUTE_MASK) > TaskAttribute.ACA.code() + 1
                || header.getInt(Pdu.INITIATOR_TASK_TAG) == Pdu.NO_TAG) {
            return RejectReason.INVALID_PDU_FIELD;
        }
        if (session.slots().find(header.getInt(Pdu.INITIATOR_TASK_TAG)) != null) {
            return RejectReason.TASK_IN_PROGRESS;
        }
        return checkExtendedCdb(header);
    }

    /// One additional header segment at most, with the rest of a CDB that a task can carry (11.2.2.3).
    private static @Nullable RejectReason checkExtendedCdb(ByteBuffer header) {
        int ahsBytes = header.limit() - Pdu.HEADER_BYTES;
        if (ahsBytes == 0) {
            return null;
        }
        int length = header.getShort(Pdu.HEADER_BYTES) & 0xFFFF;
        int type = header.get(Pdu.HEADER_BYTES + 2) & 0x3F;
        if (type != FullFeaturePdu.AHS_TYPE_EXTENDED_CDB || length < 2
                || Pdu.padded(length + AHS_LENGTH_BYTES) != ahsBytes) {
            return RejectReason.INVALID_PDU_FIELD;
        }
        return FullFeaturePdu.CDB_BYTES + length - 1 > TaskExtension.MAX_CDB_BYTES
                ? RejectReason.COMMAND_NOT_SUPPORTED : null;
    }

    private void claimTask(ScsiCommand command, ByteBuffer header) {
        Client client = session.client();
        boolean isFull = client.claimed() >= session.slots().capacity() || holdsTooMuch(command);
        Task task = isFull ? null : client.claim(command.boundBytes);
        if (task == null) {
            session.connection().statistics().refused(command.lun);
            command.refusal = session.slots().count() > 1 ? CommandRefusal.TASK_SET_FULL : CommandRefusal.BUSY;
            return;
        }
        command.task = task;
        task.setTargetId(session.targetId());
        task.setLun(command.lun);
        task.setTag(command.taskTag());
        task.setUserData(command.slot());
        task.setAttribute(attribute(header.get(Pdu.FLAGS) & FullFeaturePdu.ATTRIBUTE_MASK));
        task.setControl(putCdb(task, header), direction(command), command.boundBytes);
    }

    /// Memory of writes whose data has not come is bounded: a session that never sends it leaves some to others.
    private boolean holdsTooMuch(ScsiCommand command) {
        if (!command.isWrite) {
            return false;
        }
        CommandSlots slots = session.slots();
        long bytes = 0;
        for (int i = 0; i < slots.count(); i++) {
            ScsiCommand other = slots.inUse(i);
            bytes += other.state == ScsiCommand.State.COLLECTING && other.task != null ? other.boundBytes : 0;
        }
        return bytes + command.boundBytes > (long) COLLECTING_TRANSFERS * session.maxTransferBytes();
    }

    /// Returns the CDB's length.
    private static int putCdb(Task task, ByteBuffer header) {
        task.setCdbWord(0, header.getLong(FullFeaturePdu.CDB));
        task.setCdbWord(1, header.getLong(FullFeaturePdu.CDB + 8));
        if (header.limit() == Pdu.HEADER_BYTES) {
            return FullFeaturePdu.CDB_BYTES;
        }
        int extra = (header.getShort(Pdu.HEADER_BYTES) & 0xFFFF) - 1;
        for (int i = 0; i < extra; i++) {
            task.setCdbByte(FullFeaturePdu.CDB_BYTES + i, header.get(Pdu.HEADER_BYTES + AHS_HEADER_BYTES + i));
        }
        return FullFeaturePdu.CDB_BYTES + extra;
    }

    private void takeImmediateData(ScsiCommand command) {
        SessionParameters parameters = session.parameters();
        int length = session.reader().dataLength();
        if (length > 0 && !parameters.immediateData() || command.isUnsolicitedOpen && parameters.initialR2t()) {
            dataOut.refuse(command, CommandRefusal.UNEXPECTED_UNSOLICITED_DATA);
        } else if (length > Math.min(parameters.firstBurstLength(), command.boundBytes)) {
            dataOut.refuse(command, CommandRefusal.INCORRECT_AMOUNT_OF_DATA);
        }
        Task task = command.task;
        if (length > 0 && task != null) {
            session.reader().readTo(task.extents().address(0));
        }
    }

    private static boolean isImmediate(ByteBuffer header) {
        return (header.get(Pdu.OPCODE) & Pdu.IMMEDIATE) != 0;
    }

    private static TransferDirection direction(ScsiCommand command) {
        return command.isRead ? TransferDirection.FROM_TARGET
                : command.isWrite ? TransferDirection.TO_TARGET : TransferDirection.NONE;
    }

    /// 0 untagged, 1 simple, 2 ordered, 3 head of queue, 4 ACA (11.3.1.1).
    private static TaskAttribute attribute(int code) {
        return TaskAttribute.of(Math.max(code - 1, 0));
    }
}
