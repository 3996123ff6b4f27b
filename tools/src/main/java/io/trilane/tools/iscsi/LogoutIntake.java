package io.trilane.tools.iscsi;

import java.nio.ByteBuffer;

/// Logout (RFC 7143 11.14, 11.15): commands that the engine has are answered first, those that wait for data are dropped,
/// then the response goes and the connection ends. Belongs to the connection's event loop.
final class LogoutIntake {
    private static final int CLOSE_SESSION = 0;
    private static final int CLOSE_CONNECTION = 1;
    private static final int REMOVE_FOR_RECOVERY = 2;

    private static final int DONE = 0;
    private static final int CID_NOT_FOUND = 1;
    private static final int RECOVERY_NOT_SUPPORTED = 2;

    private final Session session;
    private boolean isWaiting;
    private boolean isDone;
    private int tag;

    LogoutIntake(Session session) {
        this.session = session;
    }

    /// The peer has logged out: no more commands.
    boolean isUnderWay() {
        return isWaiting || isDone;
    }

    void onPdu() {
        ByteBuffer header = session.reader().header();
        tag = header.getInt(Pdu.INITIATOR_TASK_TAG);
        int reason = header.get(Pdu.FLAGS) & FullFeaturePdu.REASON_MASK;
        int connectionId = header.getShort(FullFeaturePdu.CONNECTION_ID) & 0xFFFF;
        switch (reason) {
            case CLOSE_SESSION -> begin();
            case CLOSE_CONNECTION -> {
                if (connectionId == session.parameters().connectionId()) {
                    begin();
                } else {
                    answer(CID_NOT_FOUND);
                }
            }
            case REMOVE_FOR_RECOVERY -> answer(RECOVERY_NOT_SUPPORTED);
            default -> session.reject(RejectReason.INVALID_PDU_FIELD);
        }
    }

    /// Answers when nothing is under way any more; false: there is no room for the answer.
    boolean settle() {
        if (isWaiting && session.slots().count() == 0) {
            if (!session.writer().hasRoom(1)) {
                return false;
            }
            isWaiting = false;
            isDone = true;
            answer(DONE);
            session.connection().close(null);
        }
        return true;
    }

    private void begin() {
        isWaiting = true;
        CommandSlots slots = session.slots();
        for (int i = slots.count() - 1; i >= 0; i--) {
            ScsiCommand command = slots.inUse(i);
            if (command.state == ScsiCommand.State.COLLECTING) {
                session.drop(command);
            }
        }
    }

    private void answer(int response) {
        PduWriter writer = session.writer();
        int at = writer.start(Pdu.LOGOUT_RESPONSE, Pdu.FINAL, 0);
        writer.putByte(at + FullFeaturePdu.RESPONSE, response);
        writer.putInt(at + Pdu.INITIATOR_TASK_TAG, tag);
        writer.putStatus(at);
        writer.putShort(at + FullFeaturePdu.TIME_2_WAIT, session.parameters().defaultTime2Wait());
        writer.putShort(at + FullFeaturePdu.TIME_2_RETAIN, session.parameters().defaultTime2Retain());
        writer.finish(at);
    }
}
