package io.trilane.tools.iscsi;

import io.trilane.tools.iscsi.LoginStatus.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Answers the pairs of one login request, except those of the security stage. A rejected key does not stop the others from being
/// answered; it ends the login afterwards (RFC 7143 7.11).
final class LoginKeys {
    /// Longest value that has no limit of its own (6.1).
    private static final int MAX_VALUE_BYTES = 255;
    static final String INITIATOR_ALIAS = "InitiatorAlias";
    static final String NODE_ARCHITECTURE = "X#NodeArchitecture";
    static final String SEND_TARGETS = "SendTargets";
    /// Only targets say these.
    private static final Set<String> OF_TARGET = Set.of("TargetAlias", "TargetAddress", "TargetPortalGroupTag");

    private static final Set<String> LEADING = Set.of(LoginIdentity.INITIATOR_NAME, LoginIdentity.TARGET_NAME,
            LoginIdentity.SESSION_TYPE);

    private final int stage;
    private final boolean isFirst;
    private final boolean isDiscovery;
    private final OperationalNegotiation operational;
    private final TextAnswer answer;
    private @Nullable Refusal failure;

    LoginKeys(int stage, boolean isFirst, boolean isDiscovery, OperationalNegotiation operational, TextAnswer answer) {
        this.stage = stage;
        this.isFirst = isFirst;
        this.isDiscovery = isDiscovery;
        this.operational = operational;
        this.answer = answer;
    }

    /// The pairs in the order in which they can be answered: FirstBurstLength depends on three other keys.
    static List<TextPair> inOrder(List<TextPair> pairs) {
        List<TextPair> ordered = new ArrayList<>(pairs);
        ordered.removeIf(LoginKeys::isFirstBurstLength);
        pairs.stream().filter(LoginKeys::isFirstBurstLength).forEach(ordered::add);
        return ordered;
    }

    void answer(TextPair pair) {
        OperationalKey key = OperationalKey.of(pair.key());
        if (key != null && stage == LoginRequest.OPERATIONAL) {
            negotiate(key, pair);
        } else if (key != null || SecurityNegotiation.KEYS.contains(pair.key())) {
            reject(pair, "belongs to another stage than stage=" + stage);
        } else if (LEADING.contains(pair.key())) {
            if (!isFirst) {
                reject(pair, "belongs to the first request");
            }
        } else if (OF_TARGET.contains(pair.key())) {
            // An initiator may say of our declarations that it does not know them.
            if (!pair.value().equals(TextPair.NOT_UNDERSTOOD)) {
                reject(pair, "is a key that only targets say");
            }
        } else if (pair.key().equals(SEND_TARGETS)) {
            reject(pair, "belongs to the full-feature phase");
        } else if (!isDeclaration(pair.key())) {
            answer.add(pair.key(), TextPair.NOT_UNDERSTOOD);
        } else if (!fits(pair.value())) {
            reject(pair, "is longer than " + MAX_VALUE_BYTES + " bytes");
        }
    }

    /// Why the login cannot go on; null: it can.
    @Nullable
    Refusal failure() {
        return failure;
    }

    /// Keys of the initiator's that have no answer and need no action.
    static boolean isDeclaration(String key) {
        return key.equals(INITIATOR_ALIAS) || key.equals(NODE_ARCHITECTURE);
    }

    /// Whether the key has a meaning somewhere in a login or later; the others are answered "NotUnderstood".
    static boolean isKnown(String key) {
        return OperationalKey.of(key) != null || SecurityNegotiation.KEYS.contains(key) || LEADING.contains(key)
                || OF_TARGET.contains(key) || isDeclaration(key) || key.equals(SEND_TARGETS);
    }

    static boolean fits(String value) {
        return value.getBytes(StandardCharsets.UTF_8).length <= MAX_VALUE_BYTES;
    }

    private void negotiate(OperationalKey key, TextPair pair) {
        String text = operational.answer(key, pair.value(), isDiscovery);
        if (OperationalNegotiation.isFailure(key, text)) {
            reject(pair, "is no value of this key that the target has");
        } else if (text != null) {
            answer.add(pair.key(), text);
        }
    }

    private void reject(TextPair pair, String why) {
        answer.add(pair.key(), TextPair.REJECT);
        if (failure == null) {
            failure = LoginStatus.INITIATOR_ERROR.because(pair.shown() + " " + why);
        }
    }

    private static boolean isFirstBurstLength(TextPair pair) {
        return pair.key().equals(OperationalKey.FIRST_BURST_LENGTH.key());
    }
}
