package io.trilane.tools.iscsi;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Sends the data and the status of commands that are over, in the order in which they came back, as far as the outbox has
/// room. Belongs to the connection's event loop.
@HotPath
final class AnswerSender {
    private static final int CHECK_CONDITION = 0x02;
    private static final int SENSE_LENGTH_BYTES = 2;

    private final Session session;
    private final PduWriter writer;
    private final ArrayDeque<ScsiCommand> queue;
    private long sentPdus;

    AnswerSender(Session session) {
        this.session = session;
        this.writer = session.writer();
        this.queue = new ArrayDeque<>(session.slots().capacity());
    }

    /// The command is over: its task has come back, or it has a refusal.
    void add(ScsiCommand command) {
        command.state = ScsiCommand.State.ANSWERING;
        queue.add(command);
    }

    /// The command was aborted before its status was sent.
    void remove(ScsiCommand command) {
        boolean _ = queue.remove(command);
    }

    /// How many PDUs were sent ever.
    long sentPdus() {
        return sentPdus;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /// Sends what there is room for; false: the outbox has to move first.
    boolean pump() {
        ScsiCommand command;
        while ((command = queue.peek()) != null) {
            if (!send(command)) {
                return false;
            }
            ScsiCommand _ = queue.poll();
        }
        return true;
    }

    private boolean send(ScsiCommand command) {
        if (command.refusal != null) {
            return sendRefusal(command, command.refusal);
        }
        Task task = Objects.requireNonNull(command.task);
        boolean isComplete = task.serviceResponse() == ServiceResponse.TASK_COMPLETE && !isCutShort(command, task);
        int dataBytes =
                isComplete && command.isRead ? (int) Math.min(task.bytesTransferred(), command.boundBytes) : 0;
        while (command.sentBytes < dataBytes) {
            if (!writer.hasRoom(1)) {
                return false;
            }
            if (sendData(command, task, dataBytes)) {
                return true;
            }
        }
        return sendResponse(command, task, isComplete);
    }

    /// The command wanted more than one task can carry and the initiator offered it: our limit, no success.
    private static boolean isCutShort(ScsiCommand command, Task task) {
        return command.expectedBytes > command.boundBytes && task.residual() < 0;
    }

    /// One Data-In PDU; true when it carried the status, which only GOOD can do (RFC 7143 11.7.3).
    private boolean sendData(ScsiCommand command, Task task, int dataBytes) {
        SessionParameters parameters = session.parameters();
        int length = Math.min(Math.min(dataBytes - command.sentBytes, parameters.initiatorMaxRecvDataSegmentLength()),
                parameters.maxBurstLength() - command.burstBytes);
        boolean isLast = command.sentBytes + length == dataBytes;
        boolean endsBurst = isLast || command.burstBytes + length == parameters.maxBurstLength();
        boolean hasStatus = isLast && task.isGood();
        long address = task.extents().address(0) + command.sentBytes;
        int at = writer.startForData(Pdu.DATA_IN, endsBurst ? Pdu.FINAL : 0, length);
        writer.putInt(at + Pdu.INITIATOR_TASK_TAG, command.tag);
        writer.putInt(at + Pdu.TARGET_TRANSFER_TAG, Pdu.NO_TAG);
        writer.putInt(at + FullFeaturePdu.DATA_SN, command.sentPdus);
        writer.putInt(at + FullFeaturePdu.BUFFER_OFFSET, command.sentBytes);
        sentPdus++;
        command.sentPdus++;
        command.sentBytes += length;
        command.burstBytes = endsBurst ? 0 : command.burstBytes + length;
        if (hasStatus) {
            putResidual(at, Pdu.FINAL | FullFeaturePdu.STATUS_PRESENT, residual(command, task));
            session.free(command);
            writer.putStatus(at);
        } else {
            writer.putWindow(at);
        }
        writer.finishWithData(at, address, length);
        if (hasStatus) {
            session.connection().outbox().thenRelease(task);
        }
        return hasStatus;
    }

    private boolean sendResponse(ScsiCommand command, Task task, boolean isComplete) {
        int senseBytes = isComplete ? task.senseLength() : 0;
        int dataBytes = senseBytes == 0 ? 0 : SENSE_LENGTH_BYTES + senseBytes;
        if (!writer.hasRoomForBytes(dataBytes)) {
            return false;
        }
        int at = startResponse(command, dataBytes, isComplete ? residual(command, task) : 0);
        if (isComplete) {
            writer.putByte(at + FullFeaturePdu.STATUS, task.status().code());
        } else {
            writer.putByte(at + FullFeaturePdu.RESPONSE, FullFeaturePdu.TARGET_FAILURE);
        }
        if (senseBytes > 0) {
            int data = writer.data(at);
            writer.putShort(data, senseBytes);
            for (int i = 0; i < senseBytes; i++) {
                writer.putByte(data + SENSE_LENGTH_BYTES + i, task.senseByte(i));
            }
        }
        finishResponse(command, at);
        session.connection().outbox().thenRelease(task);
        return true;
    }

    /// What was refused transferred nothing.
    private boolean sendRefusal(ScsiCommand command, CommandRefusal refusal) {
        boolean hasSense = refusal.status().code() == CHECK_CONDITION;
        int dataBytes = hasSense ? SENSE_LENGTH_BYTES + FixedSense.LENGTH : 0;
        if (!writer.hasRoomForBytes(dataBytes)) {
            return false;
        }
        @Nullable Task task = command.task;
        assert task == null : task;
        int at = startResponse(command, dataBytes, command.expectedBytes);
        writer.putByte(at + FullFeaturePdu.STATUS, refusal.status().code());
        if (hasSense) {
            int data = writer.data(at);
            writer.putShort(data, FixedSense.LENGTH);
            FixedSense.put(writer, data + SENSE_LENGTH_BYTES, refusal.senseKey(), refusal.additionalSense());
        }
        finishResponse(command, at);
        return true;
    }

    private int startResponse(ScsiCommand command, int dataBytes, long residual) {
        int at = writer.start(Pdu.SCSI_RESPONSE, Pdu.FINAL, dataBytes);
        putResidual(at, Pdu.FINAL, residual);
        writer.putInt(at + Pdu.INITIATOR_TASK_TAG, command.tag);
        writer.putInt(at + FullFeaturePdu.EXP_DATA_SN, command.sentPdus + command.r2tSent);
        return at;
    }

    private void finishResponse(ScsiCommand command, int at) {
        sentPdus++;
        session.free(command);
        writer.putStatus(at);
        writer.finish(at);
    }

    /// Positive: the command wanted less than the initiator offered or expected; negative: more (11.4.5.2).
    private static long residual(ScsiCommand command, Task task) {
        return task.residual() + command.expectedBytes - command.boundBytes;
    }

    private void putResidual(int at, int flags, long residual) {
        int residualFlag = residual > 0 ? FullFeaturePdu.UNDERFLOW : residual < 0 ? FullFeaturePdu.OVERFLOW : 0;
        writer.putByte(at + Pdu.FLAGS, flags | residualFlag);
        writer.putInt(at + FullFeaturePdu.RESIDUAL_COUNT, (int) Math.min(Math.abs(residual), 0xFFFF_FFFFL));
    }
}
