package io.trilane.tools.iscsi;

import static io.trilane.tools.iscsi.LoginTalk.CONTINUE;
import static io.trilane.tools.iscsi.LoginTalk.INITIATOR;
import static io.trilane.tools.iscsi.LoginTalk.NAMES;
import static io.trilane.tools.iscsi.LoginTalk.OPERATIONAL;
import static io.trilane.tools.iscsi.LoginTalk.OPERATIONAL_TO_FULL_FEATURE;
import static io.trilane.tools.iscsi.LoginTalk.SECURITY;
import static io.trilane.tools.iscsi.LoginTalk.SECURITY_TO_FULL_FEATURE;
import static io.trilane.tools.iscsi.LoginTalk.SECURITY_TO_OPERATIONAL;
import static io.trilane.tools.iscsi.LoginTalk.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.iscsi.LoginTalk.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Stages, bits and fields of Login PDUs (RFC 7143 6.3, 11.12, 11.13).
class LoginExchangeTest {
    private final LoginTalk talk = new LoginTalk();

    @Test
    void logsInWithOneRequest() {
        Answer answer = talk.loginAtOnce();

        assertThat(answer.status()).isZero();
        assertThat(answer.flags()).isEqualTo(0x87);
        assertThat(answer.tsih()).isEqualTo(1);
        assertThat(answer.text()).containsExactly("TargetAlias=A disk", "TargetPortalGroupTag=1",
                "MaxRecvDataSegmentLength=131072");
        assertThat(answer.step().failure()).isNull();
        assertThat(answer.step().finished()).isEqualTo(new SessionParameters(INITIATOR, TARGET, false,
                0x8000_1234_5678L, 1, 1, false, false, 8192, 131072, 262144, 65536, true, true, 1, 2, 20));
        assertThat(talk.sessions.size()).isEqualTo(1);
    }

    @Test
    void fillsTheFieldsOfTheResponseHeader() {
        byte[] header = talk.loginAtOnce().step().header();

        byte[] expected = new byte[48];
        expected[0] = 0x23;
        expected[1] = (byte) 0x87;
        expected[7] = (byte) (19 + 23 + 32);
        System.arraycopy(new byte[]{(byte) 0x80, 0x00, 0x12, 0x34, 0x56, 0x78, 0, 1}, 0, expected, 8, 8);
        System.arraycopy(new byte[]{(byte) 0xCA, (byte) 0xFE, 0, 1}, 0, expected, 16, 4);
        assertThat(header).isEqualTo(expected);
    }

    @Test
    void goesThroughBothStages() {
        Answer security = talk.send(SECURITY_TO_OPERATIONAL, NAMES, "AuthMethod=CHAP,None");
        Answer operational = talk.send(OPERATIONAL, "HeaderDigest=None", "InitialR2T=No");
        Answer last = talk.send(OPERATIONAL_TO_FULL_FEATURE, "ImmediateData=Yes");

        assertThat(security.flags()).isEqualTo(0x81);
        assertThat(security.tsih()).isZero();
        assertThat(security.text()).containsExactly("TargetAlias=A disk", "TargetPortalGroupTag=1", "AuthMethod=None");
        assertThat(operational.flags()).isEqualTo(0x04);
        assertThat(operational.text()).containsExactly("HeaderDigest=None", "InitialR2T=No",
                "MaxRecvDataSegmentLength=131072");
        assertThat(last.flags()).isEqualTo(0x87);
        assertThat(last.text()).containsExactly("ImmediateData=Yes");
        assertThat(last.step().finished()).isNotNull();
    }

    @Test
    void skipsTheOperationalStageWithTheDefaultsOfBothEnds() {
        SessionParameters agreed = talk.send(SECURITY_TO_FULL_FEATURE, NAMES).step().finished();

        assertThat(agreed).isNotNull();
        assertThat(agreed.targetMaxRecvDataSegmentLength()).isEqualTo(8192);
        assertThat(agreed.initiatorMaxRecvDataSegmentLength()).isEqualTo(8192);
    }

    @Test
    void joinsTextThatIsCutInTheMiddleOfAKey() {
        byte[] text = LoginTalk.text(NAMES, "HeaderDigest=CRC32C");
        Answer first = talk.sendBytes(OPERATIONAL | CONTINUE, Arrays.copyOf(text, text.length - 12));
        Answer second = talk.sendBytes(OPERATIONAL_TO_FULL_FEATURE,
                Arrays.copyOfRange(text, text.length - 12, text.length));

        assertThat(first.flags()).isEqualTo(0x04);
        assertThat(first.step().data()).isEmpty();
        assertThat(first.status()).isZero();
        assertThat(second.value("HeaderDigest")).isEqualTo("CRC32C");
        assertThat(second.step().finished()).isNotNull();
    }

    @Test
    void handsALongAnswerOutInSeveralResponses() {
        String[] unknown = IntStream.range(0, 600).mapToObj(index -> "X-" + index + "=1").toArray(String[]::new);
        Answer first = talk.send(SECURITY, NAMES);
        Answer cut = talk.send(SECURITY_TO_FULL_FEATURE, unknown);
        Answer rest = talk.send(SECURITY_TO_FULL_FEATURE);

        assertThat(first.status()).isZero();
        assertThat(cut.flags()).isEqualTo(0x40);
        assertThat(cut.step().data()).hasSize(8192);
        assertThat(cut.step().finished()).isNull();
        assertThat(rest.flags()).isEqualTo(0x83);
        String whole = text(cut) + text(rest);
        assertThat(whole.split("\0")).hasSize(600).endsWith("X-599=NotUnderstood");
    }

    @Test
    void refusesTextWhileALongAnswerIsNotFetched() {
        talk.send(SECURITY, NAMES);
        talk.send(SECURITY,
                IntStream.range(0, 600).mapToObj(index -> "X-" + index + "=1").toArray(String[]::new));
        assertThat(talk.send(SECURITY, "InitiatorAlias=me").status()).isEqualTo(0x0200);
    }

    @Test
    void aLongAnswerIsNoWayAroundTheCheckOfTheTsih() {
        talk.tsih = 99;
        talk.send(SECURITY, NAMES);
        talk.send(SECURITY,
                IntStream.range(0, 600).mapToObj(index -> "X-" + index + "=1").toArray(String[]::new));
        assertThat(talk.send(SECURITY_TO_FULL_FEATURE).status()).isEqualTo(0x020A);
        assertThat(talk.sessions.size()).isZero();
    }

    @Test
    void waitsInAStageUntilTheInitiatorWantsToLeaveIt() {
        assertThat(talk.send(OPERATIONAL, NAMES).flags()).isEqualTo(0x04);
        assertThat(talk.send(OPERATIONAL).flags()).isEqualTo(0x04);
        assertThat(talk.sessions.size()).isZero();
        assertThat(talk.send(OPERATIONAL_TO_FULL_FEATURE).flags()).isEqualTo(0x87);
    }

    @Test
    void discoveryNeedsNoTargetAndHearsOfNoPortalGroup() {
        Answer answer = talk.send(OPERATIONAL_TO_FULL_FEATURE, "InitiatorName=" + INITIATOR, "SessionType=Discovery",
                "MaxBurstLength=1000", "TaskReporting=RFC3720", "ErrorRecoveryLevel=0");

        assertThat(answer.text()).containsExactly("MaxBurstLength=Irrelevant", "TaskReporting=Irrelevant",
                "ErrorRecoveryLevel=0", "MaxRecvDataSegmentLength=131072");
        assertThat(answer.step().finished()).matches(SessionParameters::isDiscovery)
                .extracting(SessionParameters::targetName).isEqualTo("");
    }

    @Test
    void namesAreComparedInTheirNormalForm() {
        Answer answer = talk.send(OPERATIONAL_TO_FULL_FEATURE, "InitiatorName=IQN.1993-08.ORG.debian:01:ABC",
                "TargetName=iqn.2026-01.net.Example:DISK");
        SessionParameters agreed = answer.step().finished();

        assertThat(agreed).isNotNull();
        assertThat(agreed.initiatorName()).isEqualTo(INITIATOR);
        assertThat(agreed.targetName()).isEqualTo(TARGET);
        assertThat(agreed.initiatorPort()).isEqualTo(INITIATOR + ",i,0x800012345678");
    }

    @Test
    void knowsWhetherALoginHasBegun() {
        talk.opcode = 0x01;
        talk.send(0);
        assertThat(talk.login.isStarted()).isFalse();
        LoginTalk other = new LoginTalk();
        other.send(OPERATIONAL, NAMES);
        assertThat(other.login.isStarted()).isTrue();
    }

    @Test
    void whatAStrangerSendsCannotForgeALineOfTheLog() {
        String failure = talk.send(OPERATIONAL, "InitiatorName=x\nlogin ok" + "y".repeat(500)).step().failure();

        assertThat(failure).startsWith("login status=0x0200 initiator= InitiatorName=x?login ok").doesNotContain("\n")
                .hasSizeLessThan(200);
    }

    private static String text(Answer answer) {
        return new String(answer.step().data(), StandardCharsets.UTF_8);
    }
}
