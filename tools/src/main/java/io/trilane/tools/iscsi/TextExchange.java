package io.trilane.tools.iscsi;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Text negotiation in the full-feature phase and discovery (RFC 7143 7.2, 11.10, 11.11): PDU in, PDU out, no sockets. Belongs to its
/// connection's event loop. Whatever comes in is answered; what is against the protocol with a Reject PDU, after which the connection
/// goes on.
final class TextExchange {
    /// Longest data segment of an answer, however much the initiator would take: it bounds what the connection has to hold.
    static final int MAX_SEGMENT_BYTES = 8192;

    private static final int CONTINUE = 0x40;

    // Reasons of a Reject PDU (11.17.1).
    private static final int REASON = 2;
    private static final int PROTOCOL_ERROR = 0x04;
    private static final int INVALID_PDU_FIELD = 0x09;
    private static final int OUT_OF_RESOURCES = 0x0A;

    private final SendTargets sendTargets;
    private final TextCollector collector = new TextCollector();
    private final TextAnswer answer = new TextAnswer();
    private SessionParameters session;
    private int tag;
    private int taskTag;
    private boolean open;
    private boolean rejected;
    private int declaredLength;

    /// @param portal address that the initiator connected to, as in TargetAddress
    TextExchange(TargetDirectory targets, SessionParameters session, String portal) {
        this.sendTargets = new SendTargets(targets, portal);
        this.session = session;
    }

    /// Answers one Text Request.
    ///
    /// @param header 48 bytes at position 0
    /// @param data   the data segment without padding
    LoginStep onRequest(ByteBuffer header, byte[] data) {
        ByteBuffer request = header.duplicate().clear();
        int flags = request.get(Pdu.FLAGS) & 0xFF;
        boolean isContinued = (flags & CONTINUE) != 0;
        boolean isFinal = (flags & Pdu.FINAL) != 0;
        int reason = check(request, data, isContinued && isFinal);
        if (reason == 0 && !isContinued && !answer.hasMore() && !answerPairs()) {
            reason = PROTOCOL_ERROR;
        }
        return reason == 0 ? respond(isContinued, isFinal) : reject(request, reason);
    }

    /// The reason to reject, or 0. A request without a tag of ours begins anew, whatever was before (11.10.4).
    private int check(ByteBuffer request, byte[] data, boolean isContradiction) {
        int requestTag = request.getInt(Pdu.TARGET_TRANSFER_TAG);
        if (requestTag == Pdu.NO_TAG) {
            reset();
            taskTag = request.getInt(Pdu.INITIATOR_TASK_TAG);
        } else if (!open || requestTag != tag) {
            return INVALID_PDU_FIELD;
        } else if (taskTag != request.getInt(Pdu.INITIATOR_TASK_TAG) || answer.hasMore() && data.length > 0) {
            return PROTOCOL_ERROR;
        }
        if (isContradiction) {
            return PROTOCOL_ERROR;
        }
        return collector.append(data) ? 0 : OUT_OF_RESOURCES;
    }

    private boolean answerPairs() {
        TextPair.Pairs pairs = collector.take();
        if (pairs.fault() != null) {
            return false;
        }
        answerAll(pairs.pairs());
        return true;
    }

    private void answerAll(List<TextPair> pairs) {
        for (TextPair pair : pairs) {
            String key = pair.key();
            if (key.equals(LoginKeys.SEND_TARGETS)) {
                rejectUnless(sendTargets.answer(pair.value(), session, answer), key);
            } else if (key.equals(OperationalKey.MAX_RECV_DATA_SEGMENT_LENGTH.key())) {
                declaredLength = OperationalKey.MAX_RECV_DATA_SEGMENT_LENGTH.parse(pair.value());
                rejectUnless(declaredLength != TextValue.NOT_A_NUMBER, key);
            } else if (LoginKeys.isDeclaration(key)) {
                rejectUnless(key.equals(LoginKeys.INITIATOR_ALIAS) && LoginKeys.fits(pair.value()), key);
            } else if (!LoginKeys.isKnown(key)) {
                answer.add(key, TextPair.NOT_UNDERSTOOD);
            } else if (!pair.value().equals(TextPair.NOT_UNDERSTOOD)) {
                rejectUnless(false, key); // A key of the login, or the target's.
            }
        }
    }

    private void rejectUnless(boolean isTaken, String key) {
        if (!isTaken) {
            answer.add(key, TextPair.REJECT);
            rejected = true;
        }
    }

    /// The exchange ends when the initiator says so and all is said (11.11.1). Nothing changes if any key was rejected (7.11).
    private LoginStep respond(boolean isContinued, boolean isFinal) {
        int limit = Math.min(session.initiatorMaxRecvDataSegmentLength(), MAX_SEGMENT_BYTES);
        byte[] data = isContinued ? new byte[0] : answer.next(limit);
        boolean isEnd = isFinal && !answer.hasMore();
        SessionParameters changed = isEnd ? changedSession() : null;
        int flags = (isEnd ? Pdu.FINAL : 0) | (answer.hasMore() ? CONTINUE : 0);
        int responseTag = isEnd ? Pdu.NO_TAG : openTag();
        ByteBuffer header = ByteBuffer.allocate(Pdu.HEADER_BYTES);
        header.put(Pdu.OPCODE, (byte) Pdu.TEXT_RESPONSE).put(Pdu.FLAGS, (byte) flags);
        header.putInt(Pdu.TOTAL_AHS_LENGTH, data.length);
        header.putInt(Pdu.INITIATOR_TASK_TAG, taskTag).putInt(Pdu.TARGET_TRANSFER_TAG, responseTag);
        if (isEnd) {
            reset();
        }
        return new LoginStep(header.array(), data, changed, null);
    }

    private @Nullable SessionParameters changedSession() {
        if (rejected || declaredLength == 0) {
            return null;
        }
        session = session.withInitiatorMaxRecvDataSegmentLength(declaredLength);
        return session;
    }

    private int openTag() {
        if (!open) {
            open = true;
            tag = tag + 1 & Integer.MAX_VALUE; // Never NO_TAG.
        }
        return tag;
    }

    private LoginStep reject(ByteBuffer request, int reason) {
        reset();
        byte[] copy = new byte[Pdu.HEADER_BYTES];
        request.get(0, copy);
        ByteBuffer header = ByteBuffer.allocate(Pdu.HEADER_BYTES);
        header.put(Pdu.OPCODE, (byte) Pdu.REJECT).put(Pdu.FLAGS, (byte) Pdu.FINAL).put(REASON, (byte) reason);
        header.putInt(Pdu.TOTAL_AHS_LENGTH, copy.length).putInt(Pdu.INITIATOR_TASK_TAG, Pdu.NO_TAG);
        return new LoginStep(header.array(), copy, null, null);
    }

    private void reset() {
        open = false;
        rejected = false;
        declaredLength = 0;
        collector.reset();
        answer.reset();
    }
}
