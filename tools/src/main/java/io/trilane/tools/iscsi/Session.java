package io.trilane.tools.iscsi;

import io.trilane.engine.Client;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.tools.frontend.Connection;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the parts of the full-feature phase share. One connection is one session. Belongs to the connection's event loop.
@HotPath
final class Session {
    private final Connection connection;
    private final PduReader reader;
    private final PduWriter writer;
    private final SerialNumbers numbers;
    private final CommandSlots slots;
    private final long targetId;
    private final int maxTransferBytes;
    private SessionParameters parameters;
    private int nextTransferTag;

    /// @param targetId         of the engine
    /// @param maxTransferBytes longest data of one task
    Session(Connection connection, PduReader reader, PduWriter writer, SerialNumbers numbers, CommandSlots slots,
            SessionParameters parameters, long targetId, int maxTransferBytes) {
        this.connection = connection;
        this.reader = reader;
        this.writer = writer;
        this.numbers = numbers;
        this.slots = slots;
        this.parameters = parameters;
        this.targetId = targetId;
        this.maxTransferBytes = maxTransferBytes;
    }

    Connection connection() {
        return connection;
    }

    /// A normal session's; a discovery session has none.
    Client client() {
        return Objects.requireNonNull(connection.client());
    }

    PduReader reader() {
        return reader;
    }

    PduWriter writer() {
        return writer;
    }

    SerialNumbers numbers() {
        return numbers;
    }

    CommandSlots slots() {
        return slots;
    }

    SessionParameters parameters() {
        return parameters;
    }

    /// What a Text request has changed.
    void setParameters(SessionParameters changed) {
        parameters = changed;
    }

    long targetId() {
        return targetId;
    }

    int maxTransferBytes() {
        return maxTransferBytes;
    }

    /// The first of `count` target transfer tags in a row, none of them [Pdu#NO_TAG].
    int takeTransferTags(int count) {
        if (nextTransferTag <= Pdu.NO_TAG && nextTransferTag + count > Pdu.NO_TAG) {
            nextTransferTag = 0;
        }
        int first = nextTransferTag;
        nextTransferTag += count;
        return first;
    }

    /// The command is over: its slot is free, the window opens.
    void free(ScsiCommand command) {
        slots.free(command);
        numbers.openWindow(slots.room());
    }

    /// Ends a command that the engine does not have, without an answer.
    void drop(ScsiCommand command) {
        releaseTask(command);
        free(command);
    }

    /// The data of a command that the engine does not have is not needed any more.
    void releaseTask(ScsiCommand command) {
        @Nullable Task task = command.task;
        if (task != null) {
            boolean _ = client().release(task.token());
            command.task = null;
        }
    }

    /// Refuses the PDU whose header was read last: sends it back with the reason (RFC 7143 11.17).
    void reject(RejectReason reason) {
        ByteBuffer header = reader.header();
        int length = header.limit();
        int at = writer.start(Pdu.REJECT, Pdu.FINAL, length);
        writer.putByte(at + FullFeaturePdu.RESPONSE, reason.code());
        writer.putInt(at + Pdu.INITIATOR_TASK_TAG, Pdu.NO_TAG);
        writer.putBytes(writer.data(at), header.array(), length);
        writer.putStatus(at);
        writer.finish(at);
    }

    /// The same; the connection ends when it is sent: what follows in the stream cannot be trusted.
    void rejectAndClose(RejectReason reason, String why) {
        reject(reason);
        connection.close(why);
    }
}
