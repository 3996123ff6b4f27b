package io.trilane.tools.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever comes in, every request gets one well-formed answer, and nobody gets in who must not. A failure names its seed.
class RandomLoginTextTest {
    private static final List<String> PIECES = List.of(LoginTalk.NAMES, "InitiatorName=", "SessionType=Discovery",
            "AuthMethod=CHAP,None", "CHAP_A=5,6,7", "CHAP_N=alice", "CHAP_R=0x00", "CHAP_I=1", "CHAP_C=0b!!", "\0",
            "=", ",", "HeaderDigest=CRC32C", "MaxBurstLength=", "512", "~", "0x", "FirstBurstLength=1024",
            "SendTargets=All", "MaxRecvDataSegmentLength=600", "X-", "Reject", "IFMarkInt=1~2", "\u00fc",
            "OFMarker=Yes",
            "InitialR2T=No", "TargetAlias=NotUnderstood", "a".repeat(70), "CHAP_R=0b" + "A".repeat(2000));

    @Test
    void everyLoginRequestIsAnswered() {
        int finished = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            finished += login(new Random(seed), seed, LoginPolicy.open(LoginTalk.LIMITS));
        }
        assertThat(finished).as("logins that got through").isBetween(20, 19_000);
    }

    @Test
    void nobodyGetsInWithoutTheSecret() {
        LoginPolicy policy = LoginPolicy.withChap(
                LoginPolicy.Chap.oneWay(new ChapAccount("alice", "a secret long enough")), LoginTalk.LIMITS);
        for (int seed = 0; seed < 20_000; seed++) {
            assertThat(login(new Random(seed), seed, policy)).as("seed %d", seed).isZero();
        }
    }

    @Test
    void everyTextRequestIsAnswered() {
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            SessionParameters session = new SessionParameters(LoginTalk.INITIATOR, LoginTalk.TARGET,
                    random.nextBoolean(), 1, 1, 1, false, false, 512, 8192, 262144, 65536, true, true, 1, 2, 20);
            TextExchange exchange = new TextExchange(LoginTalk.TARGETS, session, LoginTalk.PORTAL);
            int tag = -1;
            for (int request = 0; request < 6; request++) {
                ByteBuffer header = randomHeader(random);
                header.putInt(16, 7).putInt(20, random.nextInt(4) == 0 ? -1 : tag);
                LoginStep step = exchange.onRequest(header, randomText(random));
                check(step, seed, 8192);
                tag = ByteBuffer.wrap(step.header()).getInt(20);
            }
        }
    }

    private static int login(Random random, int seed, LoginPolicy policy) {
        LoginTalk talk = new LoginTalk(policy, new SessionRegistry(), random);
        for (int request = 0; request < 6; request++) {
            LoginStep step;
            if (random.nextInt(10) == 0) {
                step = talk.login.onRequest(randomHeader(random), randomText(random));
            } else {
                int flags = List.of(0x00, 0x81, 0x83, 0x04, 0x87, 0x40, 0x44).get(random.nextInt(7));
                byte[] names = request == 0 ? LoginTalk.text(LoginTalk.NAMES) : new byte[0];
                byte[] more = request > 0 && random.nextBoolean() ? new byte[0] : randomText(random);
                byte[] data = ByteBuffer.allocate(names.length + more.length).put(names).put(more).array();
                step = talk.sendBytes(flags, random.nextBoolean() && request == 0 ? names : data).step();
            }
            check(step, seed, 8192);
            if (step.finished() != null) {
                return 1;
            }
        }
        return 0;
    }

    private static ByteBuffer randomHeader(Random random) {
        byte[] header = new byte[48];
        random.nextBytes(header);
        return ByteBuffer.wrap(header);
    }

    private static byte[] randomText(Random random) {
        if (random.nextInt(4) == 0) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            return noise;
        }
        StringBuilder text = new StringBuilder();
        for (int pieces = random.nextInt(6); pieces > 0; pieces--) {
            text.append(PIECES.get(random.nextInt(PIECES.size()))).append(random.nextInt(4) == 0 ? "" : "\0");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void check(LoginStep step, int seed, int maxBytes) {
        assertThat(step.header()).as("seed %d", seed).hasSize(48);
        assertThat(step.data().length).as("seed %d", seed).isLessThanOrEqualTo(maxBytes)
                .isEqualTo(ByteBuffer.wrap(step.header()).getInt(4));
        boolean isLogin = step.header()[0] == 0x23;
        boolean isRefused = isLogin && ByteBuffer.wrap(step.header()).getShort(36) != 0;
        assertThat(step.failure() != null).as("seed %d", seed).isEqualTo(isRefused);
    }
}
