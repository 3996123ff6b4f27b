package io.trilane.tools.iscsi;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One challenge, its response, and the initiator's challenge in return (RFC 7143 12.1.3).
final class ChapExchange {
    private static final int MAX_IDENTIFIER = 0xFF;

    private final LoginPolicy.Chap policy;
    private final ChapAlgorithm algorithm;
    private final int identifier;
    private final byte[] challenge;

    ChapExchange(LoginPolicy.Chap policy, ChapAlgorithm algorithm, RandomGenerator random) {
        this.policy = policy;
        this.algorithm = algorithm;
        this.identifier = random.nextInt(MAX_IDENTIFIER + 1);
        this.challenge = new byte[algorithm.digestBytes()];
        random.nextBytes(challenge);
    }

    /// Says the algorithm and asks.
    void challenge(TextAnswer answer) {
        answer.add("CHAP_A", Integer.toString(algorithm.code()));
        answer.add("CHAP_I", Integer.toString(identifier));
        answer.add("CHAP_C", TextValue.ofBinary(challenge));
    }

    /// What is wrong with the initiator's response, or null. Takes the same time for a wrong name as for a wrong secret, and does not
    /// say which of the two it was.
    @Nullable
    String check(String name, String response) {
        byte[] bytes = TextValue.binary(response);
        if (bytes == null || bytes.length != algorithm.digestBytes()) {
            return "CHAP_R is not a binary value of bytes=" + algorithm.digestBytes();
        }
        byte[] expected = algorithm.response(identifier, policy.initiator().secret(), challenge);
        boolean isRightResponse = MessageDigest.isEqual(expected, bytes);
        boolean isRightName = name.equals(policy.initiator().user());
        return isRightResponse && isRightName ? null
                : "wrong CHAP name or secret, " + new TextPair("CHAP_N", name).shown();
    }

    /// Answers the initiator's challenge. Null, or why not: our own challenge sent back would make us compute the response that the
    /// initiator could not (9.2.1).
    @Nullable
    String answer(String identifierText, String challengeText, TextAnswer answer) {
        ChapAccount account = policy.target();
        if (account == null) {
            return "the initiator asks for mutual CHAP and the target has no account for it";
        }
        int asked = TextValue.number(identifierText);
        byte[] question = TextValue.binary(challengeText);
        if (asked < 0 || asked > MAX_IDENTIFIER || question == null) {
            return "CHAP_I is no number up to 255, or CHAP_C no binary value of 1 to 1024 bytes";
        }
        if (Arrays.equals(question, challenge)) {
            return "the initiator sends our own CHAP challenge back";
        }
        answer.add("CHAP_N", account.user());
        answer.add("CHAP_R", TextValue.ofBinary(algorithm.response(asked, account.secret(), question)));
        return null;
    }
}
