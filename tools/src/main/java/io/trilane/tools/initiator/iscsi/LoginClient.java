package io.trilane.tools.initiator.iscsi;

import io.trilane.tools.iscsi.LoginRequest;
import io.trilane.tools.iscsi.Pdu;
import io.trilane.tools.iscsi.PduReader;
import io.trilane.tools.iscsi.PduWriter;
import io.trilane.tools.iscsi.TextCollector;
import io.trilane.tools.iscsi.TextPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The login of a session (RFC 7143 6.3): security stage, operational stage, full-feature phase. Waits for each answer
/// until the deadline of the whole. Belongs to the session's thread; used once.
final class LoginClient {
    private static final int STATUS = 36;
    private static final int TASK_TAG = 1;
    /// Answers that bring nothing new end the login.
    private static final int MAX_REQUESTS = 32;
    /// Longest data segment before anything else was declared.
    private static final int MAX_DATA_BYTES = 8192;
    private static final String AUTH_METHOD = "AuthMethod";
    private static final String CHAP = "CHAP";

    private final PeerLink link;
    private final CommandNumbers numbers;
    private final long isid;
    private final long deadlineNs;
    private int requests;
    private int expStatSn;
    private int stage = LoginRequest.SECURITY;

    /// What came in one or more Login responses.
    ///
    /// @param isTransit the target goes to the stage that we asked for
    private record Answer(boolean isTransit, Map<String, String> keys) {}

    LoginClient(PeerLink link, CommandNumbers numbers, long isid, long deadlineNs) {
        this.link = link;
        this.numbers = numbers;
        this.isid = isid;
        this.deadlineNs = deadlineNs;
    }

    /// Logs in to a target.
    ///
    /// @throws IOException refused, against the rules, or too late
    Negotiated login(IscsiUri uri, String initiatorName, @Nullable ChapAnswer account, boolean headerDigest,
            boolean dataDigest) throws IOException {
        String names = "InitiatorName=" + initiatorName + "\0SessionType=Normal\0TargetName=" + uri.targetName() + "\0";
        if (account == null) {
            requireTransit(exchange(LoginRequest.OPERATIONAL, names + AUTH_METHOD + "=" + TextPair.NONE + "\0"));
        } else {
            authenticate(names, account);
        }
        stage = LoginRequest.OPERATIONAL;
        Map<String, String> agreed = new HashMap<>();
        String text = Negotiated.offer(headerDigest, dataDigest);
        Answer answer = exchange(LoginRequest.FULL_FEATURE, text);
        agreed.putAll(answer.keys);
        while (!answer.isTransit) {
            answer = exchange(LoginRequest.FULL_FEATURE, "");
            agreed.putAll(answer.keys);
        }
        return Negotiated.of(agreed, headerDigest, dataDigest);
    }

    private void authenticate(String names, ChapAnswer account) throws IOException {
        Answer method = exchange(LoginRequest.SECURITY, names + AUTH_METHOD + "=" + CHAP + "," + TextPair.NONE + "\0");
        if (TextPair.NONE.equals(method.keys.get(AUTH_METHOD))) {
            requireTransit(exchange(LoginRequest.OPERATIONAL, ""));
            return;
        }
        if (!CHAP.equals(method.keys.get(AUTH_METHOD))) {
            throw new IOException("login: the target answers neither CHAP nor None to " + AUTH_METHOD);
        }
        Answer question = exchange(LoginRequest.SECURITY, "CHAP_A=" + ChapAnswer.algorithms() + "\0");
        requireTransit(exchange(LoginRequest.OPERATIONAL, account.respond(question.keys)));
    }

    private static void requireTransit(Answer answer) throws IOException {
        if (!answer.isTransit) {
            throw new IOException("login: the target does not leave the security stage, keys=" + answer.keys.keySet()
                    + ", give a CHAP user and secret if it wants them");
        }
    }

    /// One request and all of its answer, which may come in pieces (the C bit).
    private Answer exchange(int nextStage, String text) throws IOException {
        TextCollector collector = new TextCollector();
        send(nextStage, text.getBytes(StandardCharsets.UTF_8));
        int flags = receive(collector);
        while ((flags & LoginRequest.CONTINUE) != 0) {
            send(stage, new byte[0]);
            flags = receive(collector);
        }
        TextPair.Pairs pairs = collector.take();
        if (pairs.fault() != null) {
            throw new IOException("login: the target's answer has " + pairs.fault());
        }
        Map<String, String> keys = new HashMap<>();
        pairs.pairs().forEach(pair -> keys.put(pair.key(), pair.value()));
        boolean isTransit = (flags & LoginRequest.TRANSIT) != 0;
        if (isTransit && ((flags & LoginRequest.STAGE_MASK) != nextStage || nextStage == stage)) {
            throw new IOException("login: NSG=" + (flags & LoginRequest.STAGE_MASK) + " where asked=" + nextStage);
        }
        return new Answer(isTransit, keys);
    }

    /// @param nextStage the current one: we stay in it
    private void send(int nextStage, byte[] text) throws IOException {
        if (++requests > MAX_REQUESTS) {
            throw new IOException("login: requests=" + requests + " > " + MAX_REQUESTS + ", the target leads nowhere");
        }
        boolean isTransit = nextStage != stage;
        PduWriter writer = link.writer();
        int flags = (isTransit ? LoginRequest.TRANSIT | nextStage : 0) | stage << LoginRequest.CURRENT_STAGE_SHIFT;
        int at = writer.start(Pdu.LOGIN_REQUEST | Pdu.IMMEDIATE, flags, text.length);
        writer.putLong(at + LoginRequest.ISID, isid << 16);
        writer.putInt(at + Pdu.INITIATOR_TASK_TAG, TASK_TAG);
        writer.putInt(at + Pdu.CMD_SN, numbers.cmdSn());
        writer.putInt(at + Pdu.EXP_STAT_SN, expStatSn);
        writer.putBytes(writer.data(at), text, text.length);
        writer.finish(at);
    }

    /// Collects one Login response; returns its flags.
    private int receive(TextCollector collector) throws IOException {
        PduReader reader = link.reader();
        await(reader::readHeader);
        ByteBuffer header = reader.header();
        int opcode = header.get(Pdu.OPCODE) & Pdu.OPCODE_MASK;
        if (opcode != Pdu.LOGIN_RESPONSE || header.getInt(Pdu.INITIATOR_TASK_TAG) != TASK_TAG) {
            throw new IOException("login: PDU opcode=" + Integer.toHexString(opcode)
                    + "h where a Login response was awaited, the peer speaks no iSCSI");
        }
        if (reader.dataLength() > MAX_DATA_BYTES) {
            throw new IOException("login: dataSegmentLength=" + reader.dataLength() + " > " + MAX_DATA_BYTES);
        }
        reader.readToBytes();
        await(reader::readData);
        int status = header.getShort(STATUS) & 0xFFFF;
        if (status != 0) {
            throw new IOException("login refused: status=" + String.format("%04x", status) + "h, " + words(status));
        }
        int flags = header.get(Pdu.FLAGS);
        int current = flags >> LoginRequest.CURRENT_STAGE_SHIFT & LoginRequest.STAGE_MASK;
        if (current != stage || !collector.append(reader.bytes())) {
            throw new IOException(
                    "login: CSG=" + current + " where stage=" + stage + ", or an answer that is too long");
        }
        expStatSn = header.getInt(Pdu.STAT_SN) + 1;
        numbers.start(header.getInt(Pdu.STAT_SN), header.getInt(Pdu.MAX_CMD_SN));
        return flags;
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private void await(Condition condition) throws IOException {
        link.flush();
        while (!condition.holds()) {
            long nowNs = link.nowNs();
            if (nowNs - deadlineNs >= 0) {
                throw new IOException("login: no answer in time, look whether the peer is an iSCSI target");
            }
            link.idle(nowNs);
            link.flush();
        }
        link.onBusy();
    }

    /// Status-Class and Status-Detail (RFC 7143 11.13.5).
    private static String words(int status) {
        return switch (status) {
            case 0x0101, 0x0102 -> "the target has moved, ask its administrator for the new address";
            case 0x0201 -> "authentication failure, check the CHAP user and its secret";
            case 0x0202 -> "not authorised, ask the target's administrator to admit this initiator name";
            case 0x0203 -> "there is no such target, check the name";
            case 0x0204 -> "the target was removed";
            case 0x0205 -> "unsupported version";
            case 0x0206 -> "too many connections, use fewer jobs";
            case 0x0207 -> "missing parameter";
            case 0x0300 -> "target error";
            case 0x0301 -> "service unavailable, try later";
            case 0x0302 -> "out of resources, use fewer jobs";
            default -> status >>> 8 == 2 ? "the target calls it our fault" : "the target gives no known reason";
        };
    }
}
