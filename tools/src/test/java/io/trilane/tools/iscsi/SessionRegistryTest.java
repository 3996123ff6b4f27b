package io.trilane.tools.iscsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// TSIHs and session reinstatement (RFC 7143 6.3.1, 6.3.5).
class SessionRegistryTest {
    private final SessionRegistry sessions = new SessionRegistry();

    @Test
    void endsTheOldSessionOfAnInitiatorPortThatLogsInAgain() {
        LoginTalk old = LoginTalk.on(sessions);
        int oldTsih = old.loginAtOnce().tsih();
        LoginTalk again = LoginTalk.on(sessions);
        int newTsih = again.loginAtOnce().tsih();

        assertThat(old.reinstated).isTrue();
        assertThat(again.reinstated).isFalse();
        assertThat(newTsih).isNotZero().isNotEqualTo(oldTsih);
        assertThat(sessions.size()).isEqualTo(1);
    }

    @Test
    void leavesOtherPortsAndOtherTargetsAlone() {
        LoginTalk first = LoginTalk.on(sessions);
        first.loginAtOnce();
        LoginTalk otherIsid = LoginTalk.on(sessions);
        otherIsid.isid++;
        otherIsid.loginAtOnce();
        LoginTalk otherTarget = LoginTalk.on(sessions);
        otherTarget.send(LoginTalk.OPERATIONAL_TO_FULL_FEATURE, "InitiatorName=" + LoginTalk.INITIATOR,
                "TargetName=eui.02004567a425678d");
        LoginTalk discovery = LoginTalk.on(sessions);
        discovery.send(LoginTalk.OPERATIONAL_TO_FULL_FEATURE, "InitiatorName=" + LoginTalk.INITIATOR,
                "SessionType=Discovery");

        assertThat(sessions.size()).isEqualTo(4);
        assertThat(first.reinstated).isFalse();
    }

    @Test
    void aLoginThatFailsEndsNobody() {
        LoginTalk first = LoginTalk.on(sessions);
        first.loginAtOnce();
        assertThat(LoginTalk.on(sessions).loginAtOnce("HeaderDigest=Other").status()).isEqualTo(0x0200);
        assertThat(first.reinstated).isFalse();
        assertThat(sessions.size()).isEqualTo(1);
    }

    @Test
    void aReinstatedMemberThatLeavesLateDoesNotTakeTheNewSessionAlong() {
        SessionRegistry.Port port = new SessionRegistry.Port("iqn", 1, "t");
        Member old = new Member();
        Member current = new Member();
        sessions.join(port, 1, old);
        int tsih = sessions.join(port, 1, current);
        sessions.leave(old);

        assertThat(old.reinstatements).isEqualTo(1);
        assertThat(sessions.standing(port, tsih, 1)).isEqualTo(SessionRegistry.Standing.SAME_CONNECTION);
        sessions.leave(current);
        sessions.leave(current);
        assertThat(sessions.size()).isZero();
        assertThat(sessions.standing(port, tsih, 1)).isEqualTo(SessionRegistry.Standing.UNKNOWN);
    }

    @Test
    void aMemberMayCallTheRegistryWhenItIsReinstated() {
        SessionRegistry.Port port = new SessionRegistry.Port("iqn", 1, "t");
        SessionRegistry.Member[] self = new SessionRegistry.Member[1];
        self[0] = () -> sessions.leave(self[0]);
        sessions.join(port, 1, self[0]);
        sessions.join(port, 1, new Member());
        assertThat(sessions.size()).isEqualTo(1);
    }

    @Test
    void givesEveryTsihOnceAndThenNone() {
        Set<Integer> given = new HashSet<>();
        for (int isid = 0; isid < 65535; isid++) {
            given.add(sessions.join(new SessionRegistry.Port("iqn", isid, "t"), 1, new Member()));
        }
        assertThat(given).hasSize(65535).doesNotContain(0, -1);
        assertThat(sessions.join(new SessionRegistry.Port("iqn", -1, "t"), 1, new Member()))
                .isEqualTo(SessionRegistry.FULL);
        assertThat(sessions.join(new SessionRegistry.Port("iqn", 5, "t"), 1, new Member())).isEqualTo(6);
    }

    @Test
    void aPortThatLogsInAgainFindsRoomInAFullRegistry() {
        SessionRegistry one = new SessionRegistry(1);
        SessionRegistry.Port port = new SessionRegistry.Port("iqn", 1, "t");
        one.join(port, 1, new Member());
        assertThat(one.join(port, 1, new Member())).isPositive();
    }

    @Test
    void distinguishesConnectionsOfASession() {
        SessionRegistry.Port port = new SessionRegistry.Port("iqn", 1, "t");
        int tsih = sessions.join(port, 3, new Member());
        assertThat(sessions.standing(port, tsih, 4)).isEqualTo(SessionRegistry.Standing.OTHER_CONNECTION);
        assertThat(sessions.standing(port, tsih + 1, 3)).isEqualTo(SessionRegistry.Standing.UNKNOWN);
    }

    @Test
    void refusesASizeThatTsihsCannotName() {
        assertThatThrownBy(() -> new SessionRegistry(0)).hasMessageContaining("maxSessions=0 outside 1..65535");
        assertThatThrownBy(() -> new SessionRegistry(65536)).isInstanceOf(IllegalArgumentException.class);
    }

    /// Several event loops log the same port in: one session remains, and every other member hears of it once.
    @Test
    void staysConsistentUnderSeveralThreads() throws InterruptedException {
        SessionRegistry.Port port = new SessionRegistry.Port("iqn", 1, "t");
        Member[] members = new Member[400];
        Thread[] threads = new Thread[4];
        for (int thread = 0; thread < threads.length; thread++) {
            int offset = thread;
            threads[thread] = Thread.ofPlatform().start(() -> {
                for (int index = offset; index < members.length; index += threads.length) {
                    members[index] = new Member();
                    sessions.join(port, 1, members[index]);
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        int reinstatements = 0;
        for (Member member : members) {
            assertThat(member.reinstatements).isLessThanOrEqualTo(1);
            reinstatements += member.reinstatements;
        }
        assertThat(reinstatements).isEqualTo(399);
        assertThat(sessions.size()).isEqualTo(1);
    }

    private static final class Member implements SessionRegistry.Member {
        private int reinstatements;

        @Override
        public synchronized void reinstated() {
            reinstatements++;
        }
    }
}
