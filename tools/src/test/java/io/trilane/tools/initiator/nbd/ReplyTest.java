package io.trilane.tools.initiator.nbd;

import static io.trilane.tools.initiator.nbd.FakeServer.chunk;
import static io.trilane.tools.initiator.nbd.FakeServer.dataPayload;
import static io.trilane.tools.initiator.nbd.FakeServer.errorPayload;
import static io.trilane.tools.initiator.nbd.FakeServer.holePayload;
import static io.trilane.tools.initiator.nbd.FakeServer.request;
import static io.trilane.tools.initiator.nbd.FakeServer.simple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.RwMode;
import io.trilane.perf.harness.Workload;
import io.trilane.tools.initiator.nbd.FakeServer.Offer;
import io.trilane.tools.initiator.nbd.FakeServer.Received;
import io.trilane.tools.initiator.nbd.FakeServer.Script;
import io.trilane.tools.initiator.slot.Runs;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Replies as a server may send them, and as it must not.
@Timeout(120)
class ReplyTest {
    private static final int LENGTH = 4096;
    private static final Workload READS = Runs.workload(RwMode.READ, LENGTH, 4);

    /// A wrong reply to one read.
    private interface Wrong {
        void reply(DataOutputStream out, Received read) throws IOException;
    }

    @ParameterizedTest
    @CsvSource({"true,4096,8", "false,4096,8", "true,65536,5", "false,65536,5"})
    void findsTheRequestOfEveryReply(boolean isStructured, int length, int depth) throws IOException {
        Offer offer = isStructured ? Offer.structured() : Offer.simple();
        try (FakeServer server = FakeServer.offering(offer, (_, in, out) -> {
            List<Received> reads = new ArrayList<>();
            for (int i = 0; i < depth; i++) {
                reads.add(request(in));
            }
            Collections.reverse(reads);
            for (Received read : reads) {
                answer(out, read, isStructured);
            }
            Received _ = request(in);
        });
                NbdLoadDisk disk = NbdLoadDisk.open(server.uri(), false);
                NbdLoadTarget target = disk.connect(0, Runs.workload(RwMode.READ, length, depth))) {
            int[] wrong = new int[1];
            Runs.SlotObserver checker = new Runs.SlotObserver() {
                @Override
                protected void finished(int slot, long request, boolean isGood) {
                    byte[] read = new byte[length];
                    target.buffer(slot).duplicate().clear().get(read);
                    wrong[0] += Arrays.equals(read, content(Request.offsetBytes(request), length)) ? 0 : 1;
                }
            };
            target.observe(checker);
            assertThat(Runs.run(target, Runs.each(RequestKind.READ, depth, length))).isEqualTo(depth);
            assertThat(wrong[0]).isZero();
            assertThat(target.firstError()).isNull();
        }
    }

    @Test
    void putsChunksTogetherAndClearsHoles() throws IOException {
        try (FakeServer server = FakeServer.offering(Offer.structured(), (_, in, out) -> {
            Received read = request(in);
            byte[] content = content(read.offset(), LENGTH);
            chunk(out, 0, 1, read.cookie(),
                    dataPayload(read.offset() + 3001, Arrays.copyOfRange(content, 3001, LENGTH)));
            chunk(out, 0, 2, read.cookie(), holePayload(read.offset() + 1000, 2001));
            chunk(out, 0, 1, read.cookie(), dataPayload(read.offset(), Arrays.copyOf(content, 1000)));
            chunk(out, 1, 0, read.cookie());
            Received _ = request(in);
        }); NbdLoadDisk disk = NbdLoadDisk.open(server.uri(), false); NbdLoadTarget target = disk.connect(0, READS)) {
            Runs.run(target, RequestKind.READ, LENGTH);
            byte[] expected = content(LENGTH, LENGTH);
            Arrays.fill(expected, 1000, 3001, (byte) 0);
            byte[] read = new byte[LENGTH];
            target.buffer(0).duplicate().clear().get(read);
            assertThat(read).isEqualTo(expected);
            assertThat(target.errors()).isZero();
        }
    }

    @Test
    void sendsEachKindAsTheProtocolSays() throws IOException, InterruptedException {
        List<Received> received = new CopyOnWriteArrayList<>();
        CountDownLatch gone = new CountDownLatch(1);
        try (FakeServer server = FakeServer.offering(Offer.simple(), (_, in, out) -> {
            while (true) {
                Received next = request(in);
                received.add(next);
                if (next.command() == 2) {
                    gone.countDown();
                    return;
                }
                simple(out, 0, next.cookie(), new byte[next.command() == 0 ? next.length() : 0]);
            }
        }); NbdLoadDisk disk = NbdLoadDisk.open(server.uri(), true)) {
            try (NbdLoadTarget target = disk.connect(0, Runs.durable(RwMode.RW, LENGTH, 1))) {
                for (RequestKind kind : RequestKind.values()) {
                    Runs.run(target, kind, 3 * LENGTH);
                }
                assertThat(target.errors()).isZero();
            }
            assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(received).extracting(Received::command).containsExactly(0, 1, 3, 4, 2);
            assertThat(received).extracting(Received::flags).containsExactly(0, 1, 0, 0, 0);
            assertThat(received).extracting(Received::offset).containsExactly(3L * LENGTH, 3L * LENGTH, 0L, 3L * LENGTH,
                    0L);
            assertThat(received).extracting(Received::length).containsExactly(LENGTH, LENGTH, 0, LENGTH, 0);
        }
    }

    @Test
    void countsErrorsAndGoesOn() throws IOException {
        try (FakeServer server = FakeServer.offering(Offer.structured(), (_, in, out) -> {
            Received first = request(in);
            chunk(out, 1, 1 << 15 | 1, first.cookie(), errorPayload(5, "disk\non fire"));
            Received second = request(in);
            chunk(out, 0, 1, second.cookie(), dataPayload(second.offset(), new byte[LENGTH]));
            chunk(out, 1, 1 << 15 | 2, second.cookie(),
                    FakeServer.bytes(data -> {
                        data.write(errorPayload(28, "full"));
                        data.writeLong(7);
                    }));
            answer(out, request(in), true);
            Received _ = request(in);
        }); NbdLoadDisk disk = NbdLoadDisk.open(server.uri(), false); NbdLoadTarget target = disk.connect(0, READS)) {
            Runs.run(target, RequestKind.READ, 512);
            Runs.run(target, RequestKind.READ, 0);
            Runs.run(target, RequestKind.READ, 0);
            assertThat(target.errors()).isEqualTo(2);
            assertThat(target.firstError()).isEqualTo("READ offset=512 length=4096 failed: EIO (disk?on fire)");
        }
    }

    @Test
    void namesTheErrorOfASimpleReply() throws IOException {
        assertThat(firstError(Offer.simple(), (out, read) -> simple(out, 28, read.cookie())))
                .isEqualTo("READ offset=0 length=4096 failed: ENOSPC");
    }

    @Test
    void doesNotBelieveAReadThatMissesBytes() throws IOException {
        assertThat(firstError(Offer.structured(),
                (out, read) -> chunk(out, 1, 1, read.cookie(), dataPayload(read.offset(), new byte[4000]))))
                .isEqualTo("READ offset=0 length=4096 failed: missingBytes=96");
    }

    @Test
    void refusesRepliesThatFitNoRequest() throws IOException {
        assertLost(Offer.simple(), (out, read) -> simple(out, 0, read.cookie() + 1, new byte[LENGTH]), "cookie");
        assertLost(Offer.simple(), (out, read) -> simple(out, 0, read.cookie() + (1L << 32), new byte[LENGTH]),
                "cookie");
        assertLost(Offer.simple(), (out, read) -> simple(out, 0, -1, new byte[LENGTH]), "cookie");
        assertLost(Offer.simple(), (out, _) -> out.write(new byte[64]), "magic");
    }

    @Test
    void refusesChunksThatWereNotAgreedOn() throws IOException {
        assertLost(Offer.simple(), (out, read) -> chunk(out, 1, 1, read.cookie(), dataPayload(0, new byte[LENGTH])),
                "magic");
        assertLost(Offer.structured(), (out, read) -> simple(out, 0, read.cookie(), new byte[LENGTH]),
                "simple reply to a read");
        assertLost(Offer.structured(), (out, read) -> chunk(out, 1, 5, read.cookie(), new byte[12]), "chunk type=5");
        assertLost(Offer.structured(), (out, read) -> chunk(out, 0, 0, read.cookie()), "chunk type=0");
        assertLost(Offer.structured(), (out, read) -> chunk(out, 1, 1, read.cookie(), new byte[8]), "chunk type=1");
    }

    @Test
    void refusesDataOutsideOfTheRequest() throws IOException {
        assertLost(Offer.structured(), (out, read) -> chunk(out, 1, 1, read.cookie(), dataPayload(1, new byte[LENGTH])),
                "outside of request");
        assertLost(Offer.structured(),
                (out, read) -> chunk(out, 1, 1, read.cookie(), dataPayload(-1, new byte[LENGTH])),
                "outside of request");
        assertLost(Offer.structured(),
                (out, read) -> chunk(out, 1, 1, read.cookie(), dataPayload(0, new byte[LENGTH + 1])), "chunk type=1");
        assertLost(Offer.structured(), (out, read) -> chunk(out, 1, 2, read.cookie(), holePayload(0, LENGTH + 1)),
                "outside of request");
        assertLost(Offer.structured(), (out, read) -> chunk(out, 1, 2, read.cookie(), holePayload(0, -1)), "hole");
        assertLost(Offer.structured(),
                (out, read) -> chunk(out, 1, 2, read.cookie(), holePayload(Long.MAX_VALUE, LENGTH)),
                "outside of request");
        assertLost(Offer.structured(), (out, read) -> {
            chunk(out, 0, 1, read.cookie(), dataPayload(0, new byte[LENGTH]));
            chunk(out, 1, 1, read.cookie(), dataPayload(0, new byte[LENGTH]));
        }, "chunk type=1");
    }

    @Test
    void refusesErrorsThatAreNone() throws IOException {
        assertLost(Offer.structured(), (out, read) -> chunk(out, 1, 1 << 15 | 1, read.cookie(), errorPayload(0, "")),
                "error=0");
        assertLost(Offer.structured(),
                (out, read) -> chunk(out, 1, 1 << 15 | 1, read.cookie(), new byte[]{0, 0, 0, 5, 0, 9}), "textLength=9");
        assertLost(Offer.structured(),
                (out, read) -> chunk(out, 1, 1 << 15 | 1, read.cookie(), new byte[(64 << 10) + 1]), "chunk type=32769");
    }

    @Test
    void failsWhatIsInFlightWhenTheServerStopsInTheMiddle() throws IOException {
        assertLost(Offer.structured(), (out, read) -> {
            out.writeInt(0x668e33ef);
            out.writeShort(1);
            out.writeShort(1);
            out.writeLong(read.cookie());
            out.writeInt(8 + LENGTH);
            out.writeLong(read.offset());
            out.write(new byte[1000]);
        }, "closed the connection");
        assertLost(Offer.simple(), (_, _) -> {}, "closed the connection");
    }

    @Test
    void refusesTheSameReplyTwice() throws IOException {
        try (FakeServer server = FakeServer.offering(Offer.simple(), (_, in, out) -> {
            Received read = request(in);
            simple(out, 0, read.cookie(), new byte[LENGTH]);
            Received _ = request(in);
            simple(out, 0, read.cookie(), new byte[LENGTH]);
        }); NbdLoadDisk disk = NbdLoadDisk.open(server.uri(), false); NbdLoadTarget target = disk.connect(0, READS)) {
            Runs.run(target, RequestKind.READ, 0);
            Runs.start(target, RequestKind.READ, 0);
            assertThat(Runs.drain(target)).isEqualTo(1);
            assertThat(target.firstError()).contains("answers no request in flight");
        }
    }

    @Test
    void losesPatienceWithASilentServer() throws IOException {
        AtomicLong skewNs = new AtomicLong();
        try (FakeServer server = FakeServer.offering(Offer.simple(), (_, in, _) -> {
            while (in.read() >= 0) {
                // Not a word.
            }
        });
                NbdLoadDisk disk = NbdLoadDisk.open(server.uri(), false, () -> System.nanoTime() + skewNs.get(),
                        NbdLoadDisk.Patience.STANDARD);
                NbdLoadTarget target = disk.connect(0, READS)) {
            Runs.start(target, RequestKind.READ, 0);
            assertThat(target.poll()).isZero();
            skewNs.set(31_000_000_000L);
            assertThat(Runs.drain(target)).isEqualTo(1);
            assertThat(target.firstError()).contains("no reply within patienceNs=30000000000");
            assertThatThrownBy(() -> target.begin(1)).isInstanceOf(UncheckedIOException.class);
            assertThatThrownBy(target::poll).isInstanceOf(UncheckedIOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void survivesRandomBytes(boolean isStructured) throws IOException {
        Offer offer = isStructured ? Offer.structured() : Offer.simple();
        for (int seed = 0; seed < 150; seed++) {
            long current = seed;
            assertEndsCleanly(offer, "seed=" + seed, (_, in, out) -> {
                Random random = new Random(current);
                Received read = request(in);
                byte[] reply = FakeServer.bytes(bytes -> answer(bytes, read, isStructured));
                // The head, where most is decided, then anywhere.
                reply[random.nextInt(random.nextBoolean() ? 28 : reply.length)] ^= (byte) (1 << random.nextInt(8));
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                out.write(random.nextInt(4) == 0 ? noise : reply);
                out.write(noise);
            });
        }
    }

    private static void assertEndsCleanly(Offer offer, String where, Script script) throws IOException {
        try (FakeServer server = FakeServer.offering(offer, script);
                NbdLoadDisk disk = NbdLoadDisk.open(server.uri(), false);
                NbdLoadTarget target = disk.connect(0, READS)) {
            assertThatThrownBy(() -> Runs.run(target, Runs.each(RequestKind.READ, 1000, 0))).as(where)
                    .isInstanceOf(UncheckedIOException.class).hasMessageContaining("connection lost");
            assertThat(target.inFlight()).as(where).isZero();
        }
    }

    private static void assertLost(Offer offer, Wrong wrong, String reason) throws IOException {
        assertThat(firstError(offer, wrong)).contains("connection lost").contains(reason);
    }

    private static String firstError(Offer offer, Wrong wrong) throws IOException {
        try (FakeServer server = FakeServer.offering(offer, (_, in, out) -> wrong.reply(out, request(in)));
                NbdLoadDisk disk = NbdLoadDisk.open(server.uri(), false);
                NbdLoadTarget target = disk.connect(0, READS)) {
            Runs.start(target, RequestKind.READ, 0);
            assertThat(Runs.drain(target)).isEqualTo(1);
            assertThat(target.errors()).isEqualTo(1);
            return target.firstError();
        }
    }

    private static void answer(DataOutputStream out, Received read, boolean isStructured) throws IOException {
        byte[] content = content(read.offset(), read.length());
        if (isStructured) {
            chunk(out, 1, 1, read.cookie(), dataPayload(read.offset(), content));
        } else {
            simple(out, 0, read.cookie(), content);
        }
    }

    /// What a read of this place brings.
    private static byte[] content(long offset, int length) {
        byte[] content = new byte[length];
        new Random(offset).nextBytes(content);
        return content;
    }
}
