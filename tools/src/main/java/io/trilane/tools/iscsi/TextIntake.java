package io.trilane.tools.iscsi;

/// Text requests of the full-feature phase and of discovery (RFC 7143 11.10, 11.11). Belongs to the connection's event loop.
final class TextIntake {
    /// Longer answers go in several PDUs: the outbox has to hold them.
    private static final int MAX_ANSWER_BYTES = 8192;
    private static final int PIECES = 8;

    private final Session session;
    private final TextExchange exchange;

    TextIntake(Session session, TargetDirectory targets, String portal) {
        this.session = session;
        this.exchange = new TextExchange(targets, shortened(session.parameters()), portal);
    }

    /// False: the outbox has to move first.
    boolean hasRoom() {
        return session.connection().outbox().hasRoom(PIECES,
                MAX_ANSWER_BYTES + Pdu.HEADER_BYTES + 3 * Pdu.DIGEST_BYTES);
    }

    void onPdu() {
        LoginStep step = exchange.onRequest(session.reader().header(), session.reader().bytes());
        send(session.writer(), step);
        SessionParameters changed = step.finished();
        if (changed != null) {
            session.setParameters(changed);
        }
        String failure = step.failure();
        if (failure != null) {
            session.connection().close(failure);
        }
    }

    private static SessionParameters shortened(SessionParameters parameters) {
        return parameters.withInitiatorMaxRecvDataSegmentLength(
                Math.min(parameters.initiatorMaxRecvDataSegmentLength(), MAX_ANSWER_BYTES));
    }

    /// A PDU that is made already, but for its numbers.
    static void send(PduWriter writer, LoginStep step) {
        byte[] data = step.data();
        int at = writer.start(step.header()[Pdu.OPCODE], 0, data.length);
        writer.putBytes(at, step.header(), Pdu.HEADER_BYTES);
        writer.putBytes(writer.data(at), data, data.length);
        writer.putStatus(at);
        writer.finish(at);
    }
}
