package io.trilane.tools.initiator.iscsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.RwMode;
import io.trilane.perf.harness.Workload;
import io.trilane.tools.initiator.iscsi.FakeTarget.Peer;
import io.trilane.tools.initiator.iscsi.FakeTarget.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever a target sends, the initiator ends with an exception that says what was wrong: no hang, no memory without bound.
@Timeout(60)
class HostileTargetTest {
    private static final IscsiOptions OPTIONS = IscsiOptions.defaults().withAllowOverwrite(true);
    private static final byte[] NONE = {};
    private static final int BYTES = 8192;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomBytesInsteadOfALoginEndIt(long seed) throws IOException {
        Script script = peer -> {
            int _ = peer.receive();
            peer.raw(random(seed, 100_000));
        };
        try (FakeTarget target = new FakeTarget(script)) {
            assertThatThrownBy(() -> IscsiLoadDisk.open(target.uri(), OPTIONS)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith(target.uri() + ": ");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomBytesAsLoginTextEndIt(long seed) throws IOException {
        Script script = peer -> {
            int _ = peer.receive();
            peer.send(peer.loginAnswer(0x81), random(seed, (int) (seed * 999)));
        };
        try (FakeTarget target = new FakeTarget(script)) {
            assertThatThrownBy(() -> IscsiLoadDisk.open(target.uri(), OPTIONS))
                    .isInstanceOf(UncheckedIOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void randomPdusInsteadOfAnswersEndTheSession(long seed) throws IOException {
        Random random = new Random(seed);
        int[] opcodes = {0x20, 0x21, 0x25, 0x31, 0x32, 0x3F, 0x24, 0x26, 0x22};
        assertBreaks(RequestKind.READ, peer -> {
            for (int i = 0; i < 2000; i++) {
                ByteBuffer pdu = ByteBuffer.wrap(random(random.nextLong(), 48));
                pdu.put(0, (byte) opcodes[random.nextInt(opcodes.length)]).put(4, (byte) random.nextInt(2));
                if (random.nextBoolean()) {
                    pdu.putInt(16, peer.tag());
                }
                byte[] data = random(i, random.nextInt(64) * 4);
                pdu.putShort(5, (short) 0).put(7, (byte) data.length);
                peer.raw(pdu.array());
                peer.raw(random(i, (pdu.get(4) & 0xFF) * 4));
                peer.raw(Arrays.copyOf(data, data.length & 0xFF));
            }
        }, "");
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                lie("data of no command", RequestKind.READ,
                        p -> p.send(p.answer(0x25, 0x80, p.tag() + 1, false), NONE), "is of no command in flight"),
                lie("data of a slot that is not there", RequestKind.READ,
                        p -> p.send(p.answer(0x25, 0x80, 0x7FFF, false), NONE), "is of no command in flight"),
                lie("the same status twice", RequestKind.WRITE, p -> {
                    p.good();
                    p.good();
                }, "is of no command in flight"),
                lie("more data than asked for", RequestKind.READ, p -> p.dataIn(new byte[BYTES + 4]),
                        "length=8196 where received=0 of 8192"),
                lie("data behind the buffer", RequestKind.READ,
                        p -> p.send(p.answer(0x25, 0x80, p.tag(), false).putInt(40, BYTES), new byte[4]),
                        "bufferOffset=8192"),
                lie("data before the buffer", RequestKind.READ,
                        p -> p.send(p.answer(0x25, 0x80, p.tag(), false).putInt(40, -4), new byte[4]),
                        "bufferOffset=-4"),
                lie("data for a write", RequestKind.WRITE, p -> p.dataIn(new byte[512]), "bufferOffset=0"),
                lie("a data segment longer than declared", RequestKind.READ, p -> {
                    ByteBuffer pdu = p.answer(0x25, 0x80, p.tag(), false);
                    p.raw(pdu.putInt(4, 0xFF_FFFF).array());
                }, "dataSegmentLength=16777215 > 262144"),
                lie("sense data without end", RequestKind.READ,
                        p -> p.send(p.answer(0x21, 0x80, p.tag(), true), new byte[5000]), "responseDataBytes=5000"),
                lie("status before the end", RequestKind.READ,
                        p -> p.send(p.answer(0x25, 0x01, p.tag(), true), NONE), "status before the end"),
                lie("a request for data of a read", RequestKind.READ, p -> ready(p, 0, 512), "R2T"),
                lie("a request for data behind the end", RequestKind.WRITE, p -> ready(p, BYTES - 512, 1024), "R2T"),
                lie("a request for data before the start", RequestKind.WRITE, p -> ready(p, -512, 512), "R2T"),
                lie("a request for no data", RequestKind.WRITE, p -> ready(p, 0, 0), "R2T"),
                lie("a request for a negative length", RequestKind.WRITE, p -> ready(p, 0, -1), "R2T"),
                lie("the same request for data again and again", RequestKind.WRITE, p -> {
                    for (int i = 0; i < 100; i++) {
                        ready(p, 0, BYTES);
                    }
                }, "R2T"),
                lie("a reject", RequestKind.READ,
                        p -> p.send(p.answer(0x3F, 0x80, -1, true).put(2, (byte) 4), new byte[48]),
                        "the target rejects what we sent, reason=4h"),
                lie("a login response", RequestKind.READ, p -> p.send(p.loginAnswer(0x87), NONE),
                        "opcode=23h: nothing that a target sends here"),
                lie("the end of the session", RequestKind.READ,
                        p -> p.send(p.answer(0x32, 0x80, -1, true).put(36, (byte) 3), NONE),
                        "the target drops the session"),
                lie("the end of the connection", RequestKind.READ, p -> p.socket.close(), "peer has"),
                lie("half a header", RequestKind.READ, p -> {
                    p.raw(new byte[20]);
                    p.socket.close();
                }, "peer has"),
                lie("half of the data", RequestKind.READ, p -> {
                    p.raw(p.answer(0x25, 0x81, p.tag(), true).putInt(4, BYTES).array());
                    p.raw(new byte[5000]);
                    p.socket.close();
                }, "peer has"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void anAnswerAgainstTheRulesEndsTheSession(String name, RequestKind kind, Script answer, String expected)
            throws IOException {
        assertThat(name).isNotEmpty();
        assertBreaks(kind, answer, expected);
    }

    @Test
    void aResponseThatIsNotGoodIsAnErrorOfThisRequestOnly() throws IOException {
        Script session = peer -> {
            peer.login("InitialR2T=No");
            peer.serveQuestions();
            peer.check(3, 0x1100);
            peer.serveQuestions();
            peer.send(peer.answer(0x21, 0x82, peer.tag(), true).putInt(44, 512), NONE);
            peer.serveQuestions();
            peer.dataIn(new byte[512]);
            peer.serveQuestions();
            peer.send(peer.answer(0x21, 0x80, peer.tag(), true).put(2, (byte) 1), NONE);
            peer.serveQuestions();
            peer.dataIn(new byte[BYTES]);
            peer.serveQuestions();
        };
        try (FakeTarget target = new FakeTarget(probe(), session); LoadTarget load = open(target, OPTIONS)) {
            Drive drive = new Drive(load);
            assertThat(drive.run(RequestKind.READ, 0)).as("medium error").isFalse();
            assertThat(load.firstError()).isEqualTo("cdb=28000000000000001000 status=CHECK CONDITION"
                    + " sense=MEDIUM ERROR asc=11h ascq=00h (unrecovered read error)");
            assertThat(drive.run(RequestKind.READ, 0)).as("underflow").isFalse();
            assertThat(drive.run(RequestKind.READ, 0)).as("GOOD without all data").isFalse();
            assertThat(drive.run(RequestKind.READ, 0)).as("target failure").isFalse();
            assertThat(drive.run(RequestKind.READ, 0)).isTrue();
            assertThat(load.errors()).isEqualTo(4);
        }
    }

    /// tgt does so. Of a write, the same is an error.
    @Test
    void aTargetThatDoesAnUnmapAndTellsAResidualIsBelieved() throws IOException {
        Script session = peer -> {
            peer.login();
            peer.serveQuestions();
            peer.send(peer.answer(0x21, 0x82, peer.tag(), true).putInt(44, 24), NONE);
            peer.serveQuestions();
            peer.send(peer.answer(0x21, 0x82, peer.tag(), true).putInt(44, 24), NONE);
            peer.serveQuestions();
        };
        try (FakeTarget target = new FakeTarget(probe(), session); LoadTarget load = open(target, OPTIONS)) {
            Drive drive = new Drive(load);
            assertThat(drive.run(RequestKind.UNMAP, 0)).isTrue();
            assertThat(drive.run(RequestKind.WRITE, 0)).isFalse();
        }
    }

    @Test
    void pingsAreAnsweredWithTheirTransferTag() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        Script session = peer -> {
            peer.login();
            peer.serveQuestions();
            int tag = peer.tag();
            peer.send(peer.answer(0x20, 0x80, -1, false).putInt(20, 0x4711).putLong(8, 7), NONE);
            int opcode = peer.receive();
            heard.add("opcode=" + opcode + " tag=" + peer.tag() + " transfer=" + peer.header.getInt(20) + " lun="
                    + peer.header.getLong(8) + " immediate=" + (peer.header.get(0) & 0x40));
            peer.header.putInt(16, tag);
            peer.dataIn(new byte[BYTES]);
            peer.serveQuestions();
        };
        try (FakeTarget target = new FakeTarget(probe(), session); LoadTarget load = open(target, OPTIONS)) {
            assertThat(new Drive(load).run(RequestKind.READ, 0)).isTrue();
        }
        assertThat(heard.poll(10, TimeUnit.SECONDS))
                .isEqualTo("opcode=0 tag=-1 transfer=" + 0x4711 + " lun=7 immediate=64");
    }

    @Test
    void whoIsAskedToLogOutFinishesFirst() throws Exception {
        Script session = peer -> {
            peer.login();
            peer.serveQuestions();
            peer.send(peer.answer(0x32, 0x80, -1, true).put(36, (byte) 1), NONE);
            peer.dataIn(new byte[BYTES]);
            peer.serveQuestions();
        };
        try (FakeTarget target = new FakeTarget(probe(), session); LoadTarget load = open(target, OPTIONS)) {
            assertThat(new Drive(load).run(RequestKind.READ, 0)).isTrue();
            assertThatThrownBy(() -> load.begin(1)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("the target asked for the end of the session");
            assertThat(target.notes.poll(10, TimeUnit.SECONDS)).isEqualTo("logged out");
            assertThat(target.notes.poll(10, TimeUnit.SECONDS)).isEqualTo("logged out");
            assertThat(load.errors()).isZero();
        }
    }

    @Test
    void theCommandWindowIsObeyed() throws IOException {
        Script session = peer -> {
            peer.window = 1;
            peer.login();
            peer.serveQuestions();
            peer.window = 0;
            peer.dataIn(new byte[BYTES]);
            peer.window = 3;
            peer.send(peer.answer(0x20, 0x80, -1, false), NONE);
            peer.serveQuestions();
        };
        try (FakeTarget target = new FakeTarget(probe(), session); LoadTarget load = open(target, OPTIONS)) {
            assertThat(load.begin(4)).isEqualTo(1);
            assertThat(new Drive(load).run(RequestKind.READ, 0)).isTrue();
            while (load.begin(4) == 0) {
                int _ = load.poll();
            }
            assertThat(load.begin(4)).isEqualTo(3);
        }
    }

    /// Time passes by reading the clock, so that half a minute is short.
    @ParameterizedTest
    @ValueSource(strings = {"silence", "pings", "empty data", "closed window"})
    void aTargetThatNeverGetsAnywhereIsGivenUp(String what) throws IOException {
        Script session = peer -> {
            peer.window = 1;
            peer.login();
            peer.serveQuestions();
            if (what.equals("closed window")) {
                peer.window = 0;
                peer.dataIn(new byte[BYTES]);
            }
            while (!what.equals("silence") && !what.equals("closed window")) {
                peer.send(what.equals("pings") ? peer.answer(0x20, 0x80, -1, false)
                        : peer.answer(0x25, 0, peer.tag(), false), NONE);
            }
            int _ = peer.receive();
        };
        AtomicLong nowNs = new AtomicLong();
        AtomicLong stepNs = new AtomicLong();
        IscsiOptions options =
                OPTIONS.withClock(() -> nowNs.addAndGet(stepNs.get()), Duration.ofSeconds(30).toNanos());
        try (FakeTarget target = new FakeTarget(probe(), session); LoadTarget load = open(target, options)) {
            Drive drive = new Drive(load);
            boolean isAnswered = what.equals("closed window");
            stepNs.set(isAnswered ? 0 : 50_000_000);
            assertThat(drive.run(RequestKind.READ, 0)).isEqualTo(isAnswered);
            stepNs.set(50_000_000);
            assertThatThrownBy(() -> drive.run(RequestKind.READ, 0)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("within seconds=30, look whether the target still works");
            assertThat(load.inFlight()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20})
    void aLoginThatIsNotAnsweredIsGivenUp(int bytes) throws IOException {
        Script script = peer -> {
            int _ = peer.receive();
            peer.raw(new byte[bytes]);
            int _ = peer.receive();
        };
        AtomicLong nowNs = new AtomicLong();
        IscsiOptions options = OPTIONS.withClock(() -> nowNs.addAndGet(50_000_000), Duration.ofSeconds(30).toNanos());
        try (FakeTarget target = new FakeTarget(script)) {
            assertThatThrownBy(() -> IscsiLoadDisk.open(target.uri(), options)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("no answer in time");
        }
    }

    static List<Arguments> wrongLogins() {
        return List.of(Arguments.of("HeaderDigest=CRC32C", "HeaderDigest=CRC32C where offered=None"),
                Arguments.of("MaxBurstLength=2097152", "is no answer to what was offered"),
                Arguments.of("MaxRecvDataSegmentLength=0", "is no answer to what was offered"),
                Arguments.of("FirstBurstLength=x", "is no answer to what was offered"),
                Arguments.of("MaxOutstandingR2T=9", "is no answer to what was offered"),
                Arguments.of("DataPDUInOrder=No", "DataPDUInOrder=No is not what was offered"),
                Arguments.of("ErrorRecoveryLevel=1", "ErrorRecoveryLevel=1 is not what was offered"),
                Arguments.of("InitialR2T=Maybe", "is no answer to what was offered"));
    }

    @ParameterizedTest
    @MethodSource("wrongLogins")
    void negotiationAgainstTheRulesEndsTheLogin(String key, String expected) throws IOException {
        try (FakeTarget target = new FakeTarget(peer -> peer.login(key))) {
            assertThatThrownBy(() -> IscsiLoadDisk.open(target.uri(), OPTIONS)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(expected);
        }
    }

    @Test
    void aTargetThatLeadsALoginNowhereIsLeft() throws IOException {
        Script script = peer -> {
            while (true) {
                int _ = peer.receive();
                peer.send(peer.loginAnswer(0x40), "A=b\0".getBytes(StandardCharsets.UTF_8));
            }
        };
        try (FakeTarget target = new FakeTarget(script)) {
            assertThatThrownBy(() -> IscsiLoadDisk.open(target.uri(), OPTIONS)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("the target leads nowhere");
        }
    }

    /// The answer breaks the session: the request in flight is an error, what follows an exception.
    private static void assertBreaks(RequestKind kind, Script answer, String expected) throws IOException {
        Script session = peer -> {
            peer.login("MaxRecvDataSegmentLength=65536");
            peer.serveQuestions();
            answer.run(peer);
            int _ = peer.receive();
        };
        try (FakeTarget target = new FakeTarget(probe(), session); LoadTarget load = open(target, OPTIONS)) {
            Drive drive = new Drive(load);
            drive.add(kind, 0);
            load.submit();
            assertThatThrownBy(() -> {
                while (true) {
                    int _ = load.begin(1);
                    int _ = load.poll();
                }
            }).isInstanceOf(UncheckedIOException.class).hasMessageStartingWith(target.uri())
                    .hasMessageContaining(expected);
            assertThat(load.inFlight()).isZero();
            assertThat(drive.results).hasSize(1);
        }
    }

    private static LoadTarget open(FakeTarget target, IscsiOptions options) {
        try (IscsiLoadDisk disk = IscsiLoadDisk.open(target.uri(), options)) {
            return disk.open(0, Workload.of(RwMode.RW, BYTES, 4));
        }
    }

    /// The session that asks what the disk is.
    private static Script probe() {
        return peer -> {
            peer.login();
            peer.serveQuestions();
        };
    }

    private static Arguments lie(String name, RequestKind kind, Script answer, String expected) {
        return Arguments.of(name, kind, answer, expected);
    }

    private static void ready(Peer peer, int offset, int length) throws IOException {
        peer.send(peer.answer(0x31, 0x80, peer.tag(), false).putInt(20, 5).putInt(40, offset).putInt(44, length), NONE);
    }

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
