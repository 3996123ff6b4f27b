package io.trilane.tools.iscsi;

import io.trilane.tools.iscsi.LoginStatus.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The security stage of one login: which method, then CHAP (RFC 7143 12.1). One attempt: whatever is wrong ends the login.
final class SecurityNegotiation {
    static final String AUTH_METHOD = "AuthMethod";
    /// Every key of this stage that we know.
    static final Set<String> KEYS = Set.of(AUTH_METHOD, "CHAP_A", "CHAP_I", "CHAP_C", "CHAP_N", "CHAP_R");

    private static final String CHAP = "CHAP";

    private final LoginPolicy.@Nullable Chap policy;
    private final RandomGenerator random;
    private State state = State.METHOD;
    private @Nullable ChapExchange chap;

    private enum State {
        METHOD, ALGORITHM, RESPONSE, DONE
    }

    SecurityNegotiation(LoginPolicy.@Nullable Chap policy, RandomGenerator random) {
        this.policy = policy;
        this.random = random;
    }

    /// The initiator may go on: it has authenticated itself, or need not.
    boolean isSatisfied() {
        return policy == null || state == State.DONE;
    }

    /// A method is agreed upon, and it is not finished.
    boolean isUnderWay() {
        return state == State.ALGORITHM || state == State.RESPONSE;
    }

    /// Answers the security keys of one request, which may be none.
    @Nullable
    Refusal onKeys(Map<String, String> keys, TextAnswer answer) {
        if (keys.isEmpty()) {
            return null;
        }
        return switch (state) {
            case METHOD -> chooseMethod(keys, answer);
            case ALGORITHM -> chooseAlgorithm(keys, answer);
            case RESPONSE -> checkResponse(keys, answer);
            case DONE -> LoginStatus.INITIATOR_ERROR.because("security keys after the end of their negotiation");
        };
    }

    private @Nullable Refusal chooseMethod(Map<String, String> keys, TextAnswer answer) {
        String offer = keys.get(AUTH_METHOD);
        if (offer == null || keys.size() > 1) {
            return unexpected(keys, AUTH_METHOD);
        }
        String wanted = policy == null ? TextPair.NONE : CHAP;
        if (!TextValue.list(offer).contains(wanted)) {
            answer.add(AUTH_METHOD, TextPair.REJECT);
            return LoginStatus.AUTHENTICATION_FAILURE
                    .because(new TextPair(AUTH_METHOD, offer).shown() + " lacks required=" + wanted);
        }
        answer.add(AUTH_METHOD, wanted);
        state = policy == null ? State.DONE : State.ALGORITHM;
        return null;
    }

    private @Nullable Refusal chooseAlgorithm(Map<String, String> keys, TextAnswer answer) {
        String offer = keys.get("CHAP_A");
        if (policy == null || offer == null || keys.size() > 1) {
            return unexpected(keys, "CHAP_A");
        }
        for (String element : TextValue.list(offer)) {
            ChapAlgorithm algorithm = ChapAlgorithm.of(TextValue.number(element));
            if (algorithm != null && policy.algorithms().contains(algorithm)) {
                chap = new ChapExchange(policy, algorithm, random);
                chap.challenge(answer);
                state = State.RESPONSE;
                return null;
            }
        }
        answer.add("CHAP_A", TextPair.REJECT);
        return LoginStatus.AUTHENTICATION_FAILURE
                .because(new TextPair("CHAP_A", offer).shown() + " has none of allowed=" + codes(policy.algorithms()));
    }

    private @Nullable Refusal checkResponse(Map<String, String> keys, TextAnswer answer) {
        boolean isComplete = keys.containsKey("CHAP_N") && keys.containsKey("CHAP_R");
        boolean isMutual = keys.containsKey("CHAP_I") && keys.containsKey("CHAP_C");
        if (chap == null || !isComplete || keys.size() != (isMutual ? 4 : 2)) {
            return unexpected(keys, "CHAP_N and CHAP_R, or these with CHAP_I and CHAP_C");
        }
        String fault = chap.check(keys.getOrDefault("CHAP_N", ""), keys.getOrDefault("CHAP_R", ""));
        if (fault == null && isMutual) {
            fault = chap.answer(keys.getOrDefault("CHAP_I", ""), keys.getOrDefault("CHAP_C", ""), answer);
        }
        if (fault != null) {
            return LoginStatus.AUTHENTICATION_FAILURE.because(fault);
        }
        state = State.DONE;
        return null;
    }

    private static Refusal unexpected(Map<String, String> keys, String expected) {
        return LoginStatus.AUTHENTICATION_FAILURE
                .because("keys=" + keys.keySet().stream().sorted().toList() + " where expected=" + expected);
    }

    private static List<Integer> codes(List<ChapAlgorithm> algorithms) {
        return algorithms.stream().map(ChapAlgorithm::code).toList();
    }
}
