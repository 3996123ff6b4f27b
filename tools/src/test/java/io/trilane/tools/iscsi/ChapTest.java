package io.trilane.tools.iscsi;

import static io.trilane.tools.iscsi.LoginTalk.NAMES;
import static io.trilane.tools.iscsi.LoginTalk.OPERATIONAL_TO_FULL_FEATURE;
import static io.trilane.tools.iscsi.LoginTalk.SECURITY;
import static io.trilane.tools.iscsi.LoginTalk.SECURITY_TO_FULL_FEATURE;
import static io.trilane.tools.iscsi.LoginTalk.SECURITY_TO_OPERATIONAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.iscsi.LoginTalk.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// CHAP in the security stage (RFC 7143 12.1.3). Expected responses were computed with Python's hashlib.
class ChapTest {
    private static final String SECRET = "a secret of 24 bytes ...";
    private static final ChapAccount INITIATOR = new ChapAccount("alice", SECRET);
    private static final ChapAccount TARGET = new ChapAccount("disk", "the target's own secret!");
    private static final String CHALLENGE = "0x0102030405060708090a0b0c0d0e0f10";
    private static final String RIGHT_MD5 = "0x7ceb7585ee9511bd5850cf55b2f470d6";

    private final LoginTalk talk = talk(TARGET);

    @ParameterizedTest
    @CsvSource({"MD5, 7ceb7585ee9511bd5850cf55b2f470d6", "SHA1, a712aa1845d0f6553e85ce34d000e943273d52e5",
            "SHA256, 337c7698b0d87650661364e43203414fd238bf7c9eab64563de47c38cfc1ba20"})
    void hashesIdentifierSecretAndChallenge(ChapAlgorithm algorithm, String expected) {
        byte[] challenge = HexFormat.of().parseHex(CHALLENGE.substring(2));
        assertThat(algorithm.response(0x2A, SECRET, challenge)).isEqualTo(HexFormat.of().parseHex(expected));
    }

    @ParameterizedTest
    @CsvSource({"MD5, e3d7088ba69faf3b905e4bc7c784a494", "SHA1, 98da946096167f6dbc494cdbf92465d255f71291",
            "SHA256, 8eae078c07c1b2dbbc773bcca00b5a2faabfda48e83b346d039c0fcf10781c51"})
    void hashesASecretThatIsNotAscii(ChapAlgorithm algorithm, String expected) {
        assertThat(algorithm.response(0xFF, "xyz secret \u00fc with umlaut", new byte[300]))
                .isEqualTo(HexFormat.of().parseHex(expected));
    }

    @Test
    void logsInOneWay() {
        Answer method = talk.send(SECURITY_TO_OPERATIONAL, NAMES, "AuthMethod=CHAP,None");
        Answer question = talk.send(SECURITY, "CHAP_A=5");
        Answer done = talk.send(SECURITY_TO_OPERATIONAL, "CHAP_N=alice", "CHAP_R=" + RIGHT_MD5);
        Answer last = talk.send(OPERATIONAL_TO_FULL_FEATURE);

        assertThat(method.flags()).isZero();
        assertThat(method.value("AuthMethod")).isEqualTo("CHAP");
        assertThat(question.text()).containsExactly("CHAP_A=5", "CHAP_I=42", "CHAP_C=" + CHALLENGE);
        assertThat(done.flags()).isEqualTo(0x81);
        assertThat(done.text()).isEmpty();
        assertThat(last.step().finished()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {RIGHT_MD5, "0X7CEB7585EE9511BD5850CF55B2F470D6", "0bfOt1he6VEb1YUM9VsvRw1g==",
            "0BfOt1he6VEb1YUM9VsvRw1g=="})
    void takesAResponseInHexadecimalAndBase64(String response) {
        ask(talk, "5");
        assertThat(talk.send(SECURITY_TO_FULL_FEATURE, "CHAP_N=alice", "CHAP_R=" + response).step().finished())
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {"5 5", "6 6", "7 7", "7,6,5 7", "5,7 5", "99,x,,7 7", "0x7 7"})
    void choosesTheFirstAlgorithmThatItHas(String offer, String chosen) {
        assertThat(ask(talk, offer).value("CHAP_A")).isEqualTo(chosen);
    }

    @ParameterizedTest
    @CsvSource({"5, 16", "6, 20", "7, 32"})
    void challengesAreAsLongAsTheHash(String algorithm, int bytes) {
        assertThat(ask(talk, algorithm).value("CHAP_C")).hasSize(2 + 2 * bytes);
    }

    @Test
    void refusesAnAlgorithmThatIsNotAllowed() {
        LoginPolicy policy = LoginPolicy.withChap(new LoginPolicy.Chap(INITIATOR, null, List.of(ChapAlgorithm.SHA256)),
                LoginTalk.LIMITS);
        LoginTalk strict = new LoginTalk(policy, new SessionRegistry(), new Fixed());
        assertFailed(ask(strict, "5,6"));
    }

    @Test
    void answersTheInitiatorsChallenge() throws Exception {
        ask(talk, "5");
        byte[] theirs = HexFormat.of().parseHex("00ff00ff");
        MessageDigest expected = MessageDigest.getInstance("MD5");
        expected.update((byte) 200);
        expected.update(TARGET.secret().getBytes(StandardCharsets.UTF_8));
        Answer done = talk.send(SECURITY_TO_FULL_FEATURE, "CHAP_N=alice", "CHAP_R=" + RIGHT_MD5, "CHAP_I=200",
                "CHAP_C=0bAP8A/w==");

        assertThat(done.text()).containsExactly("CHAP_N=disk",
                "CHAP_R=0x" + HexFormat.of().formatHex(expected.digest(theirs)));
        assertThat(done.step().finished()).isNotNull();
    }

    @Test
    void refusesItsOwnChallengeSentBack() {
        ask(talk, "5");
        Answer refused = talk.send(SECURITY_TO_FULL_FEATURE, "CHAP_N=alice", "CHAP_R=" + RIGHT_MD5, "CHAP_I=7",
                "CHAP_C=" + CHALLENGE);
        assertFailed(refused);
        assertThat(refused.value("CHAP_R")).isNull();
    }

    @Test
    void refusesMutualChapWithoutAnAccountForIt() {
        LoginTalk oneWay = talk(null);
        ask(oneWay, "5");
        assertFailed(oneWay.send(SECURITY_TO_FULL_FEATURE, "CHAP_N=alice", "CHAP_R=" + RIGHT_MD5, "CHAP_I=7",
                "CHAP_C=0x1234"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CHAP_N=alice|CHAP_R=0x7ceb7585ee9511bd5850cf55b2f470d7",
            "CHAP_N=Alice|CHAP_R=" + RIGHT_MD5, "CHAP_N=|CHAP_R=" + RIGHT_MD5, "CHAP_N=alice",
            "CHAP_R=" + RIGHT_MD5, "CHAP_N=alice|CHAP_R=7ceb7585ee9511bd5850cf55b2f470d6",
            "CHAP_N=alice|CHAP_R=0x7ceb7585ee9511bd5850cf55b2f470", "CHAP_N=alice|CHAP_R=0x",
            "CHAP_N=alice|CHAP_R=0b!", "CHAP_N=alice|CHAP_R=" + RIGHT_MD5 + "|CHAP_I=1",
            "CHAP_N=alice|CHAP_R=" + RIGHT_MD5 + "|CHAP_I=256|CHAP_C=0x12",
            "CHAP_N=alice|CHAP_R=" + RIGHT_MD5 + "|CHAP_I=1|CHAP_C=0x",
            "CHAP_N=alice|CHAP_R=0x7ceb7585ee9511bd5850cf55b2f470d7|CHAP_I=1|CHAP_C=0x1234",
            "CHAP_N=alice|CHAP_R=" + RIGHT_MD5 + "|CHAP_A=5", "AuthMethod=None"})
    void refusesTheResponse(String text) {
        ask(talk, "5");
        Answer refused = talk.send(SECURITY_TO_FULL_FEATURE, text.split("\\|"));
        // A key that comes twice is an error of the protocol, not of the authentication.
        boolean isTwice = text.contains("CHAP_A") || text.contains("AuthMethod");
        assertThat(refused.status()).isEqualTo(isTwice ? 0x0200 : 0x0201);
        assertThat(refused.value("CHAP_R")).isNull();
        assertThat(talk.sessions.size()).isZero();
    }

    @Test
    void refusesAChallengeOfMoreThan1024Bytes() {
        ask(talk, "5");
        assertFailed(talk.send(SECURITY_TO_FULL_FEATURE, "CHAP_N=alice", "CHAP_R=" + RIGHT_MD5, "CHAP_I=7",
                "CHAP_C=0x" + "12".repeat(1025)));
    }

    @Test
    void givesOneAttempt() {
        ask(talk, "5");
        talk.send(SECURITY_TO_OPERATIONAL, "CHAP_N=alice", "CHAP_R=0x00000000000000000000000000000000");
        assertThat(talk.send(SECURITY_TO_OPERATIONAL, "CHAP_N=alice", "CHAP_R=" + RIGHT_MD5).status())
                .isEqualTo(0x020B);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AuthMethod=None", "AuthMethod=KRB5,SRP", "AuthMethod=", "AuthMethod=chap",
            "X-nothing=1", "CHAP_A=5", "AuthMethod=CHAP|CHAP_A=5"})
    void refusesALoginWithoutChap(String text) {
        Answer refused = talk.send(SECURITY_TO_OPERATIONAL, (NAMES + "|" + text).split("\\|"));
        assertFailed(refused);
    }

    @Test
    void refusesToSkipTheSecurityStage() {
        Answer refused = talk.loginAtOnce("HeaderDigest=None");
        assertFailed(refused);
        assertThat(refused.value("HeaderDigest")).isNull();
    }

    @Test
    void refusesToLeaveTheStageWithoutAnAnswer() {
        assertThat(talk.send(SECURITY, NAMES, "AuthMethod=CHAP").status()).isZero();
        Answer impatient = talk.send(SECURITY_TO_FULL_FEATURE);
        assertThat(impatient.flags()).isZero();
        assertThat(impatient.step().finished()).isNull();
    }

    @Test
    void discoveryHasToAuthenticateToo() {
        assertFailed(talk.send(OPERATIONAL_TO_FULL_FEATURE, "InitiatorName=" + LoginTalk.INITIATOR,
                "SessionType=Discovery"));
    }

    @Test
    void refusesChapWhereNoneIsConfigured() {
        LoginTalk open = new LoginTalk();
        Answer refused = open.send(SECURITY_TO_OPERATIONAL, NAMES, "AuthMethod=CHAP");
        assertFailed(refused);
        assertThat(refused.value("AuthMethod")).isEqualTo("Reject");
    }

    private static LoginTalk talk(@Nullable ChapAccount target) {
        LoginPolicy.Chap chap = target == null ? LoginPolicy.Chap.oneWay(INITIATOR)
                : LoginPolicy.Chap.mutual(INITIATOR, target);
        return new LoginTalk(LoginPolicy.withChap(chap, LoginTalk.LIMITS), new SessionRegistry(), new Fixed());
    }

    private static Answer ask(LoginTalk talk, String algorithms) {
        talk.send(SECURITY, NAMES, "AuthMethod=CHAP");
        return talk.send(SECURITY, "CHAP_A=" + algorithms);
    }

    private static void assertFailed(Answer answer) {
        assertThat(answer.status()).isEqualTo(0x0201);
        assertThat(answer.step().finished()).isNull();
        assertThat(answer.step().failure()).isNotNull();
    }

    /// Identifier 42 and the challenge 1, 2, 3...
    private static final class Fixed implements RandomGenerator {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public int nextInt(int bound) {
            return 42;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            for (int index = 0; index < bytes.length; index++) {
                bytes[index] = (byte) (index + 1);
            }
        }
    }
}
