package io.trilane.tools.iscsi;

import static io.trilane.tools.iscsi.LoginTalk.INITIATOR;
import static io.trilane.tools.iscsi.LoginTalk.NAMES;
import static io.trilane.tools.iscsi.LoginTalk.OPERATIONAL;
import static io.trilane.tools.iscsi.LoginTalk.OPERATIONAL_TO_FULL_FEATURE;
import static io.trilane.tools.iscsi.LoginTalk.SECURITY;
import static io.trilane.tools.iscsi.LoginTalk.SECURITY_TO_OPERATIONAL;
import static io.trilane.tools.iscsi.LoginTalk.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.iscsi.LoginTalk.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every way in which a login fails, and the status that says so (RFC 7143 11.13.5).
class LoginRefusalTest {
    private final LoginTalk talk = new LoginTalk();

    @ParameterizedTest
    @CsvSource(textBlock = """
            # status, text of a first request from the operational stage to full feature
            0207, TargetName=iqn.2026-01.net.example:disk
            0207, InitiatorName=iqn.1993-08.org.debian:01:abc
            0207, InitiatorName=iqn.1993-08.org.debian:01:abc|SessionType=Normal
            0203, InitiatorName=iqn.1993-08.org.debian:01:abc|TargetName=iqn.2026-01.net.example:other
            0203, InitiatorName=iqn.1993-08.org.debian:01:abc|TargetName=nonsense
            0209, InitiatorName=iqn.1993-08.org.debian:01:abc|SessionType=Other
            0200, InitiatorName=nonsense|SessionType=Discovery
            0200, InitiatorName=|SessionType=Discovery
            0200, InitiatorName=iqn.1993-08.org.debian:01:abc|SessionType=Discovery|SessionType=Discovery
            0200, InitiatorName=iqn.1993-08.org.debian:01:abc|SessionType=Discovery|HeaderDigest
            0200, InitiatorName=iqn.1993-08.org.debian:01:abc|SessionType=Discovery|=None
            0200, InitiatorName=iqn.1993-08.org.debian:01:abc|SessionType=Discovery|Header Digest=None
            0200, InitiatorName=iqn.1993-08.org.debian:01:abc|SessionType=Discovery|SendTargets=All
            0200, InitiatorName=iqn.1993-08.org.debian:01:abc|SessionType=Discovery|TargetAlias=mine
            0200, InitiatorName=iqn.1993-08.org.debian:01:abc|SessionType=Discovery|AuthMethod=None
            """)
    void refusesTheText(String status, String text) {
        assertRefused(talk.send(OPERATIONAL_TO_FULL_FEATURE, text.split("\\|")), Integer.parseInt(status, 16));
    }

    /// Byte 1 of a first request: T, C, CSG, NSG.
    @ParameterizedTest
    @CsvSource({"08", "0C", "8B", "8F", "82", "80", "86", "84", "85", "C1", "C7"})
    void refusesTheStages(String flags) {
        assertRefused(talk.send(Integer.parseInt(flags, 16), NAMES), 0x0200);
    }

    @Test
    void refusesAStageThatIsNotTheCurrentOne() {
        talk.send(OPERATIONAL, NAMES);
        assertRefused(talk.send(SECURITY), 0x0200);
    }

    @Test
    void refusesAVersionThatItDoesNotSpeak() {
        talk.minVersion = 1;
        assertRefused(talk.loginAtOnce(), 0x0205);
    }

    @Test
    void refusesAnotherPduOnceTheLoginHasBegun() {
        talk.send(OPERATIONAL, NAMES);
        talk.opcode = 0x01;
        assertRefused(talk.send(0x80), 0x020B);
    }

    @Test
    void refusesALoginAfterTheLogin() {
        talk.loginAtOnce();
        assertRefused(talk.loginAtOnce(), 0x020B);
    }

    @Test
    void refusesEverythingAfterARefusal() {
        talk.send(OPERATIONAL, "TargetName=x");
        assertRefused(talk.loginAtOnce(), 0x020B);
        assertThat(talk.sessions.size()).isZero();
    }

    @Test
    void refusesAFieldThatChangesWithinALogin() {
        talk.send(OPERATIONAL, NAMES);
        talk.isid++;
        assertRefused(talk.send(OPERATIONAL), 0x0200);

        LoginTalk second = new LoginTalk();
        second.send(OPERATIONAL, NAMES);
        second.connectionId++;
        assertRefused(second.send(OPERATIONAL), 0x0200);

        LoginTalk third = new LoginTalk();
        third.send(SECURITY, NAMES);
        third.tsih++;
        assertRefused(third.send(SECURITY), 0x0200);
    }

    @Test
    void refusesAnAdditionalHeaderSegment() {
        talk.ahsLength = 1;
        assertRefused(talk.loginAtOnce(), 0x0200);
    }

    @Test
    void refusesNamesAfterTheFirstRequest() {
        talk.send(OPERATIONAL, "InitiatorName=" + INITIATOR, "SessionType=Discovery");
        assertRefused(talk.send(OPERATIONAL, "TargetName=" + TARGET), 0x0200);
    }

    @Test
    void refusesAKeyThatComesTwiceInTwoRequests() {
        talk.send(OPERATIONAL, NAMES, "InitialR2T=No");
        assertRefused(talk.send(OPERATIONAL, "InitialR2T=No"), 0x0200);
    }

    @Test
    void refusesAnOperationalKeyInTheSecurityStage() {
        Answer answer = talk.send(SECURITY_TO_OPERATIONAL, NAMES, "HeaderDigest=None");
        assertRefused(answer, 0x0200);
        assertThat(answer.value("HeaderDigest")).isEqualTo("Reject");
    }

    @Test
    void refusesAKeyOf64CharactersAndTakesOneOf63() {
        assertThat(talk.send(OPERATIONAL, NAMES, "X-" + "k".repeat(61) + "=1").status()).isZero();
        assertRefused(talk.send(OPERATIONAL, "X-" + "k".repeat(62) + "=1"), 0x0200);
    }

    @Test
    void refusesTextWithoutItsLastZeroByte() {
        assertRefused(talk.sendBytes(OPERATIONAL, (NAMES + "\0InitialR2T=No").getBytes(StandardCharsets.UTF_8)),
                0x0200);
    }

    @Test
    void refusesADataSegmentBeyondWhatALoginMayHave() {
        assertThat(talk.sendBytes(OPERATIONAL | LoginTalk.CONTINUE, new byte[8192]).status()).isZero();
        assertRefused(talk.sendBytes(OPERATIONAL | LoginTalk.CONTINUE, new byte[8193]), 0x0200);
    }

    @Test
    void refusesMoreThan64KibOfText() {
        for (int request = 0; request < 8; request++) {
            assertThat(talk.sendBytes(OPERATIONAL | LoginTalk.CONTINUE, new byte[8192]).status()).isZero();
        }
        assertRefused(talk.sendBytes(OPERATIONAL | LoginTalk.CONTINUE, new byte[1]), 0x0302);
    }

    @Test
    void refusesALoginWithoutEnd() {
        talk.send(OPERATIONAL, NAMES);
        for (int request = 1; request < 64; request++) {
            assertThat(talk.send(OPERATIONAL).status()).isZero();
        }
        assertRefused(talk.send(OPERATIONAL), 0x0200);
    }

    @Test
    void refusesWhenNoSessionIsLeft() {
        SessionRegistry sessions = new SessionRegistry(1);
        assertThat(LoginTalk.on(sessions).loginAtOnce().status()).isZero();
        LoginTalk second = LoginTalk.on(sessions);
        second.isid++;
        assertRefused(second.loginAtOnce(), 0x0302);
    }

    @Test
    void refusesWhenTheTargetShutsDown() {
        talk.sessions.close();
        assertRefused(talk.loginAtOnce(), 0x0301);
    }

    @Test
    void refusesATsihThatNamesNoSession() {
        talk.tsih = 7;
        assertRefused(talk.loginAtOnce(), 0x020A);
    }

    @Test
    void refusesASecondConnectionOfASession() {
        talk.tsih = 0;
        int tsih = talk.loginAtOnce().tsih();
        LoginTalk second = LoginTalk.on(talk.sessions);
        second.tsih = tsih;
        second.connectionId = 2;
        assertRefused(second.loginAtOnce(), 0x0206);
        LoginTalk same = LoginTalk.on(talk.sessions);
        same.tsih = tsih;
        assertRefused(same.loginAtOnce(), 0x0208);
        LoginTalk stranger = LoginTalk.on(talk.sessions);
        stranger.tsih = tsih;
        stranger.isid++;
        assertRefused(stranger.loginAtOnce(), 0x020A);
        assertThat(talk.reinstated).isFalse();
    }

    @Test
    void doesNotSayBeforeAuthenticationWhichSessionsThereAre() {
        LoginPolicy policy = LoginPolicy.withChap(
                LoginPolicy.Chap.oneWay(new ChapAccount("user", "a secret long enough")), LoginTalk.LIMITS);
        LoginTalk locked = new LoginTalk(policy, talk.sessions, new Random(1));
        locked.tsih = 7;
        assertThat(locked.send(SECURITY_TO_OPERATIONAL, NAMES, "AuthMethod=CHAP").status()).isZero();
    }

    private static void assertRefused(Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.step().finished()).isNull();
        assertThat(answer.step().failure()).contains(String.format("status=0x%04x", status));
        assertThat(answer.flags() & 0xC0).isZero();
        assertThat(answer.step().header()).hasSize(48).startsWith(0x23);
    }
}
