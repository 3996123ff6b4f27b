package io.trilane.tools.iscsi;

import io.trilane.engine.task.Task;
import io.trilane.tools.frontend.ServerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Function;

/// From the first byte to the end of login, within a time (RFC 7143 6). Belongs to the connection's event loop.
final class LoginPhase implements Phase {
    /// Login requests are never longer: MaxRecvDataSegmentLength has its default until it is declared.
    private static final int MAX_DATA_BYTES = 8192;
    private static final int ANSWER_BYTES = 12 << 10;
    private static final int ANSWER_PIECES = 8;
    /// Status class 3, detail 2: out of resources (11.13.5).
    private static final int OUT_OF_RESOURCES = 0x0302;
    private static final int TRANSIT = 0x80;

    private final IscsiConnection owner;
    private final PduReader reader;
    private final PduWriter writer;
    private final SerialNumbers numbers;
    private final LoginExchange exchange;
    private final Function<SessionParameters, String> opener;
    private final long deadlineNs;
    private boolean isStarted;
    private boolean isStopping;

    /// @param opener makes the connection ready to serve; answers why it could not, or nothing
    LoginPhase(IscsiConnection owner, PduReader reader, PduWriter writer, SerialNumbers numbers, LoginExchange exchange,
            Function<SessionParameters, String> opener, long deadlineNs) {
        this.owner = owner;
        this.reader = reader;
        this.writer = writer;
        this.numbers = numbers;
        this.exchange = exchange;
        this.opener = opener;
        this.deadlineNs = deadlineNs;
    }

    @Override
    public boolean onHeader() throws IOException {
        if (!owner.connection().outbox().hasRoom(ANSWER_PIECES, ANSWER_BYTES)) {
            owner.connection().pauseReading();
            return false;
        }
        ByteBuffer header = reader.header();
        int opcode = header.get(Pdu.OPCODE) & Pdu.OPCODE_MASK;
        if (!isStarted && opcode != Pdu.LOGIN_REQUEST) {
            throw new IOException("opcode=" + opcode + " before login");
        }
        if (reader.dataLength() > MAX_DATA_BYTES) {
            throw new IOException("dataSegmentLength=" + reader.dataLength() + " > maximum=" + MAX_DATA_BYTES
                    + " during login");
        }
        reader.readToBytes();
        return true;
    }

    @Override
    public void onPdu() throws IOException {
        ByteBuffer header = reader.header();
        if (!isStarted) {
            isStarted = true;
            numbers.start(header.getInt(Pdu.CMD_SN), header.getInt(Pdu.EXP_STAT_SN));
        }
        LoginStep step = exchange.onRequest(header, reader.bytes());
        SessionParameters agreed = step.finished();
        String failure = step.failure();
        if (agreed != null) {
            String refused = opener.apply(agreed);
            if (!refused.isEmpty()) {
                TextIntake.send(writer, outOfResources(step));
                owner.connection().close("login refused: " + refused);
                return;
            }
        }
        TextIntake.send(writer, step);
        if (failure != null) {
            owner.connection().close(failure);
        } else if (agreed != null) {
            owner.enterFullFeature(agreed);
        }
    }

    @Override
    public void onRoom(long nowNs) {
        // Answers are written at once.
    }

    @Override
    public void onSignOfLife(long nowNs) {
        // The deadline stands.
    }

    @Override
    public void onTask(Task task) {
        throw new IllegalStateException("slot=" + task.slot() + " came back before login, our bug");
    }

    @Override
    public long deadlineNs() {
        return deadlineNs;
    }

    @Override
    public void onDeadline(long nowNs) {
        owner.connection().close("login was not over within its time");
    }

    @Override
    public void onEvent(ServerEvent event) {
        // Nobody is there to hear of it.
    }

    @Override
    public void onStop(long nowNs) {
        isStopping = true;
    }

    @Override
    public boolean isIdle() {
        return !isStarted || isStopping;
    }

    @Override
    public void onClosed() {
        // Nothing is held.
    }

    private static LoginStep outOfResources(LoginStep step) {
        byte[] header = step.header().clone();
        header[Pdu.FLAGS] = (byte) (header[Pdu.FLAGS] & ~TRANSIT);
        header[LoginStep.STATUS] = (byte) (OUT_OF_RESOURCES >>> 8);
        header[LoginStep.STATUS + 1] = (byte) OUT_OF_RESOURCES;
        for (int i = 0; i < 3; i++) {
            header[Pdu.DATA_SEGMENT_LENGTH + i] = 0;
        }
        return new LoginStep(header, new byte[0], null, null);
    }
}
