package io.trilane.tools.iscsi;

import io.trilane.tools.iscsi.LoginStatus.Refusal;
import io.trilane.tools.iscsi.OperationalNegotiation.Identity;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The login phase of one connection (RFC 7143 6.3): PDU in, PDU out, no sockets. Belongs to its connection's event loop. Whatever
/// comes in is answered, never thrown at.
final class LoginExchange {
    /// Longest data segment of either side during login (13.12).
    static final int MAX_SEGMENT_BYTES = 8192;
    /// A login needs three or four; one that takes more than this talks to no purpose.
    static final int MAX_REQUESTS = 64;

    private final SessionRegistry sessions;
    private final SessionRegistry.Member member;
    private final SecurityNegotiation security;
    private final OperationalNegotiation operational;
    private final LoginIdentity identification;
    private final TextCollector collector = new TextCollector();
    private final TextAnswer answer = new TextAnswer();
    private int requests;
    private int stage;
    private boolean over;
    private boolean standingChecked;
    private @Nullable LoginRequest first;
    private @Nullable Identity identity;

    /// @param member what the registry tells that this session was taken over
    /// @param random production passes a SecureRandom: CHAP's challenges come from it
    /// @param portal address that the initiator connected to, for messages
    LoginExchange(TargetDirectory targets, LoginPolicy policy, SessionRegistry sessions, SessionRegistry.Member member,
            RandomGenerator random, String portal) {
        this.sessions = sessions;
        this.member = member;
        this.security = new SecurityNegotiation(policy.chap(), random);
        this.operational = new OperationalNegotiation(policy.limits());
        this.identification = new LoginIdentity(targets, portal);
    }

    /// Whether a Login Request has come. Before, a connection that gets anything else closes without an answer; after, it gives it to
    /// [#onRequest], which refuses it (RFC 7143 6.3).
    boolean isStarted() {
        return requests > 0;
    }

    /// Answers one request.
    ///
    /// @param header 48 bytes at position 0
    /// @param data   the data segment without padding
    LoginStep onRequest(ByteBuffer header, byte[] data) {
        LoginRequest request = LoginRequest.of(header);
        Refusal refusal = check(request, data);
        if (refusal == null && !request.isContinued() && !answer.hasMore()) {
            refusal = negotiate(request);
        }
        if (refusal == null && request.isTransit()) {
            refusal = checkAdmission(request);
        }
        return refusal == null ? proceed(request) : refuse(request, refusal);
    }

    private @Nullable Refusal check(LoginRequest request, byte[] data) {
        if (over || request.opcode() != Pdu.LOGIN_REQUEST) {
            return LoginStatus.INVALID_DURING_LOGIN.because("opcode=" + request.opcode() + " in a login that "
                    + (over ? "is over" : "takes only opcode=" + Pdu.LOGIN_REQUEST));
        }
        requests++;
        if (first == null) {
            first = request;
            stage = request.currentStage();
        }
        Refusal refusal = checkHeader(request, first);
        if (refusal != null) {
            return refusal;
        }
        if (data.length > MAX_SEGMENT_BYTES) {
            return LoginStatus.INITIATOR_ERROR.because(
                    "dataSegmentLength=" + data.length + " > maximum=" + MAX_SEGMENT_BYTES + " during login");
        }
        if (answer.hasMore() && (data.length > 0 || request.isContinued())) {
            return LoginStatus.INITIATOR_ERROR.because("text before the end of a continued answer");
        }
        return collector.append(data) ? null
                : LoginStatus.OUT_OF_RESOURCES
                        .because("login text is longer than maximum=" + TextCollector.MAX_BYTES);
    }

    private @Nullable Refusal checkHeader(LoginRequest request, LoginRequest leading) {
        if (request.minVersion() > 0) {
            return LoginStatus.UNSUPPORTED_VERSION.because("versionMin=" + request.minVersion() + " > supported=0");
        }
        if (stage != LoginRequest.SECURITY && stage != LoginRequest.OPERATIONAL) {
            return LoginStatus.INITIATOR_ERROR.because("CSG=" + stage + " is no stage to begin with");
        }
        if (requests > MAX_REQUESTS) {
            return LoginStatus.INITIATOR_ERROR.because("loginRequests=" + requests + " > maximum=" + MAX_REQUESTS);
        }
        if (!request.isSameLogin(leading)) {
            return LoginStatus.INITIATOR_ERROR.because("ISID, TSIH or CID changed within a login");
        }
        if (request.ahsLength() != 0) {
            return LoginStatus.INITIATOR_ERROR.because("a Login Request with an additional header segment");
        }
        String fault = request.faultAt(stage);
        return fault == null ? null : LoginStatus.INITIATOR_ERROR.because(fault);
    }

    /// Everything that the initiator has to say is here: answers it.
    private @Nullable Refusal negotiate(LoginRequest request) {
        TextPair.Pairs pairs = collector.take();
        if (pairs.fault() != null) {
            return LoginStatus.INITIATOR_ERROR.because(pairs.fault());
        }
        boolean isFirst = identity == null;
        Refusal refusal = isFirst ? identify(request, pairs.pairs()) : null;
        if (refusal == null && stage == LoginRequest.OPERATIONAL) {
            refusal = checkAdmission(request);
        }
        if (refusal == null) {
            refusal = answerPairs(pairs.pairs(), isFirst);
        }
        if (refusal == null && stage == LoginRequest.OPERATIONAL) {
            operational.declare(answer);
        }
        return refusal;
    }

    private @Nullable Refusal identify(LoginRequest request, List<TextPair> pairs) {
        Refusal refusal = identification.identify(pairs);
        if (refusal == null) {
            identity = identification.identity(request);
            identification.announce(answer);
        }
        return refusal;
    }

    private @Nullable Refusal answerPairs(List<TextPair> pairs, boolean isFirst) {
        LoginKeys keys = new LoginKeys(stage, isFirst, identification.isDiscovery(), operational, answer);
        Map<String, String> securityKeys = new HashMap<>();
        for (TextPair pair : LoginKeys.inOrder(pairs)) {
            if (stage == LoginRequest.SECURITY && SecurityNegotiation.KEYS.contains(pair.key())) {
                securityKeys.put(pair.key(), pair.value());
            } else {
                keys.answer(pair);
            }
        }
        return keys.failure() == null ? security.onKeys(securityKeys, answer) : keys.failure();
    }

    /// The initiator wants to leave the security stage, or is beyond it: may it, and does the session exist that it names?
    private @Nullable Refusal checkAdmission(LoginRequest request) {
        if (!security.isSatisfied()) {
            return security.isUnderWay() ? null
                    : LoginStatus.AUTHENTICATION_FAILURE.because("CHAP is required and AuthMethod was not offered");
        }
        Identity who = identity;
        if (who == null || standingChecked || request.tsih() == 0) {
            return null;
        }
        standingChecked = true;
        SessionRegistry.Standing standing = sessions.standing(port(who), request.tsih(), request.connectionId());
        String which = "TSIH=" + request.tsih() + " CID=" + request.connectionId();
        return switch (standing) {
            case UNKNOWN ->
                    LoginStatus.SESSION_DOES_NOT_EXIST.because(which + " names no session of this initiator port");
            case OTHER_CONNECTION -> LoginStatus.TOO_MANY_CONNECTIONS.because(which + " exceeds MaxConnections=1");
            case SAME_CONNECTION -> LoginStatus.CANNOT_INCLUDE_IN_SESSION
                    .because(which + " would reinstate a connection, which needs a new session (TSIH=0) here");
        };
    }

    /// The answer when nothing is wrong; the last one of a login has the session in it.
    private LoginStep proceed(LoginRequest request) {
        byte[] data = request.isContinued() ? new byte[0] : answer.next(MAX_SEGMENT_BYTES);
        boolean isTransit = request.isTransit() && !answer.hasMore() && security.isSatisfied();
        Identity who = identity;
        if (!isTransit || request.nextStage() != LoginRequest.FULL_FEATURE || who == null) {
            stage = isTransit ? request.nextStage() : stage;
            return new LoginStep(header(request, isTransit, request.tsih(), LoginStatus.SUCCESS, data.length), data,
                    null, null);
        }
        int tsih = sessions.join(port(who), request.connectionId(), member);
        if (tsih == SessionRegistry.CLOSED) {
            return refuse(request, LoginStatus.SERVICE_UNAVAILABLE.because("the target is shutting down"));
        }
        if (tsih == SessionRegistry.FULL) {
            return refuse(request, LoginStatus.OUT_OF_RESOURCES.because("no session is left"));
        }
        over = true;
        return new LoginStep(header(request, true, tsih, LoginStatus.SUCCESS, data.length), data,
                operational.parameters(who, tsih), null);
    }

    /// The answer that ends the login. What was answered before it failed goes along: it shows the rejected key.
    private LoginStep refuse(LoginRequest request, Refusal refusal) {
        over = true;
        byte[] data = answer.next(MAX_SEGMENT_BYTES);
        String failure = String.format(Locale.ROOT, "login status=0x%04x initiator=%s %s",
                refusal.status().code(), identification.initiatorName(), refusal.reason());
        return new LoginStep(header(request, false, request.tsih(), refusal.status(), data.length), data, null,
                failure);
    }

    private byte[] header(LoginRequest request, boolean isTransit, int tsih, LoginStatus status, int dataBytes) {
        ByteBuffer header = ByteBuffer.allocate(Pdu.HEADER_BYTES);
        int flags = request.currentStage() << LoginRequest.CURRENT_STAGE_SHIFT;
        flags |= isTransit ? LoginRequest.TRANSIT | request.nextStage() : 0;
        flags |= status == LoginStatus.SUCCESS && answer.hasMore() ? LoginRequest.CONTINUE : 0;
        header.put(Pdu.OPCODE, (byte) Pdu.LOGIN_RESPONSE).put(Pdu.FLAGS, (byte) flags);
        header.putInt(Pdu.TOTAL_AHS_LENGTH, dataBytes);
        header.putLong(LoginRequest.ISID, request.isid() << 16 | tsih);
        header.putInt(Pdu.INITIATOR_TASK_TAG, request.taskTag());
        header.putShort(LoginStep.STATUS, (short) status.code());
        return header.array();
    }

    private static SessionRegistry.Port port(Identity who) {
        return new SessionRegistry.Port(who.initiatorName(), who.isid(), who.targetName());
    }
}
