package io.trilane.tools.iscsi;

import io.trilane.tools.frontend.ServedUnit;
import io.trilane.tools.frontend.ServerEvent;
import java.util.List;

/// Asynchronous Messages (RFC 7143 11.9): what the target tells without being asked. Belongs to the connection's event
/// loop. A message for which there is no room is left out: the unit attention tells the same.
final class AsyncMessages {
    private static final int SCSI_EVENT = 0;
    private static final int LOGOUT_REQUESTED = 1;
    private static final int CONNECTIONS_DROPPED = 3;
    private static final int SENSE_LENGTH_BYTES = 2;
    private static final int UNIT_ATTENTION = 0x06;
    private static final int REPORTED_LUNS_DATA_HAS_CHANGED = 0x3F0E;
    private static final int CAPACITY_DATA_HAS_CHANGED = 0x2A09;

    private final Session session;

    AsyncMessages(Session session) {
        this.session = session;
    }

    /// The initiator is asked to log out within so many seconds.
    void requestLogout(int seconds) {
        send(LOGOUT_REQUESTED, 0, 0, seconds);
    }

    /// All connections of the session will be dropped.
    void announceDrop() {
        send(CONNECTIONS_DROPPED, 0, session.parameters().defaultTime2Wait(),
                session.parameters().defaultTime2Retain());
    }

    /// Something has changed at the logical units.
    void announce(ServerEvent event, List<ServedUnit> units) {
        switch (event) {
            case ServerEvent.MediaChanged changed ->
                    units.stream().filter(unit -> unit.targetId() == changed.targetId())
                            .forEach(unit -> sendSense(unit, CAPACITY_DATA_HAS_CHANGED));
            case ServerEvent.TargetChanged changed -> announceInventory(changed.targetId(), units);
            case ServerEvent.TargetGone gone -> announceInventory(gone.targetId(), units);
        }
    }

    private void announceInventory(long targetId, List<ServedUnit> units) {
        units.stream().filter(unit -> unit.targetId() == targetId).findFirst()
                .ifPresent(unit -> sendSense(unit, REPORTED_LUNS_DATA_HAS_CHANGED));
    }

    private void sendSense(ServedUnit unit, int additionalSense) {
        PduWriter writer = session.writer();
        int dataBytes = SENSE_LENGTH_BYTES + FixedSense.LENGTH;
        if (!writer.hasRoomForBytes(dataBytes)) {
            return;
        }
        int at = start(SCSI_EVENT, dataBytes);
        writer.putLong(at + Pdu.LUN, unit.lunBytes());
        writer.putShort(writer.data(at), FixedSense.LENGTH);
        FixedSense.put(writer, writer.data(at) + SENSE_LENGTH_BYTES, UNIT_ATTENTION, additionalSense);
        writer.finish(at);
    }

    private void send(int event, int parameter1, int parameter2, int parameter3) {
        PduWriter writer = session.writer();
        if (!writer.hasRoom(1)) {
            return;
        }
        int at = start(event, 0);
        writer.putShort(at + FullFeaturePdu.PARAMETER_1, parameter1);
        writer.putShort(at + FullFeaturePdu.PARAMETER_2, parameter2);
        writer.putShort(at + FullFeaturePdu.PARAMETER_3, parameter3);
        writer.finish(at);
    }

    private int start(int event, int dataBytes) {
        PduWriter writer = session.writer();
        int at = writer.start(Pdu.ASYNC_MESSAGE, Pdu.FINAL, dataBytes);
        writer.putInt(at + Pdu.INITIATOR_TASK_TAG, Pdu.NO_TAG);
        writer.putByte(at + FullFeaturePdu.ASYNC_EVENT, event);
        writer.putStatus(at);
        return at;
    }
}
