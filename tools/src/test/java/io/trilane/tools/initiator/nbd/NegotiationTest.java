package io.trilane.tools.initiator.nbd;

import static io.trilane.tools.initiator.nbd.FakeServer.greet;
import static io.trilane.tools.initiator.nbd.FakeServer.option;
import static io.trilane.tools.initiator.nbd.FakeServer.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.RwMode;
import io.trilane.tools.initiator.nbd.FakeServer.Offer;
import io.trilane.tools.initiator.nbd.FakeServer.Script;
import io.trilane.tools.initiator.slot.Runs;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Handshakes as a server may lead them, and as it must not.
@Timeout(120)
class NegotiationTest {
    private static final int ERROR = 1 << 31;

    /// The answer to GO.
    private interface GoReply {
        void reply(DataOutputStream out) throws IOException;
    }

    @Test
    void honoursTheBlockSizesOfTheExport() throws IOException {
        Offer offer = new Offer(true, (1 << 20) + 5000, Offer.ALL, 4096, 65536);
        try (FakeServer server = FakeServer.offering(offer, (_, in, _) -> FakeServer.request(in));
                NbdLoadDisk disk = NbdLoadDisk.open(server.uri(), false)) {
            assertThat(disk.blockBytes()).isEqualTo(4096);
            assertThat(disk.capacityBytes()).isEqualTo((1 << 20) + 4096);
            assertThat(disk.limits().maxRequestBytes()).isEqualTo(65536);
            assertThatThrownBy(() -> disk.open(0, Runs.workload(RwMode.READ, 512, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("bs=512 is not a multiple of blockBytes=4096");
            assertThatThrownBy(() -> disk.open(0, Runs.workload(RwMode.READ, 131072, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("bs=131072 > maxRequestBytes=65536");
            assertThatThrownBy(() -> disk.open(0, Runs.workload(RwMode.READ, 4096, 2000)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("iodepth=2000 > maxDepth=1024");
            try (NbdLoadTarget target = disk.connect(0, Runs.workload(RwMode.READ, 4096, 1))) {
                assertThatThrownBy(() -> target.add(Request.of(RequestKind.READ, 512, 0, 0)))
                        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("offset=512");
                assertThatThrownBy(() -> target.add(Request.of(RequestKind.READ, (1 << 20) + 4096, 0, 0)))
                        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not within capacityBytes");
            }
        }
    }

    @Test
    void asksForNothingThatTheExportDoesNotOffer() throws IOException {
        Offer offer = new Offer(false, 1 << 20, 1, 1, 1 << 20);
        try (FakeServer server = FakeServer.offering(offer, (_, in, _) -> FakeServer.request(in));
                NbdLoadDisk disk = NbdLoadDisk.open(server.uri(), true)) {
            assertThat(disk.limits().maxJobs()).isEqualTo(1);
            assertThat(disk.limits().notes()).anyMatch(note -> note.startsWith("one job"));
            assertThatThrownBy(() -> disk.open(1, Runs.workload(RwMode.READ, 4096, 1)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("job=1 not in 0..0");
            assertThatThrownBy(() -> disk.open(0, Runs.durable(RwMode.WRITE, 4096, 1)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("fua=true");
            try (NbdLoadTarget target = disk.connect(0, Runs.workload(RwMode.WRITE, 4096, 1))) {
                assertThatThrownBy(() -> target.add(Request.of(RequestKind.FLUSH, 0, 0, 0)))
                        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("kind=FLUSH");
                assertThatThrownBy(() -> target.add(Request.of(RequestKind.UNMAP, 0, 0, 0)))
                        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("kind=UNMAP");
            }
        }
    }

    @Test
    void refusesAnExportThatChangedInTheMeantime() throws IOException {
        try (FakeServer server = new FakeServer((connection, in, out) -> {
            FakeServer.handshake(in, out, new Offer(true, 1L << 20 + connection, Offer.ALL, 1, 1 << 20));
            FakeServer.request(in);
        }); NbdLoadDisk disk = NbdLoadDisk.open(server.uri(), false)) {
            assertThatThrownBy(() -> disk.open(0, Runs.workload(RwMode.READ, 4096, 1)))
                    .isInstanceOf(UncheckedIOException.class).hasMessageContaining("has changed");
        }
    }

    @Test
    void saysWhyAServerRefuses() throws IOException {
        byte[] text = "go\naway".getBytes(StandardCharsets.UTF_8);
        assertRefusedGo(out -> reply(out, 7, ERROR | 6, text), "export=disk", "no such export: go?away");
        assertRefusedGo(out -> reply(out, 7, ERROR | 1), "too old");
        assertRefusedGo(out -> reply(out, 7, ERROR | 2), "policy");
        assertRefusedGo(out -> reply(out, 7, ERROR | 5), "TLS");
        assertRefused((_, in, out) -> {
            greet(in, out);
            reply(out, option(in), ERROR | 5);
        }, "TLS");
    }

    @Test
    void refusesServersThatDoNotSpeakNewstyle() throws IOException {
        assertRefused((_, _, out) -> out.writeBytes("HTTP/1.1 400 Bad Request\r\n\r\n"), "not NBD's");
        assertRefused((_, _, out) -> {
            out.writeLong(0x4e42444d41474943L);
            out.writeLong(0x00420281861253L);
            out.write(new byte[136]);
        }, "oldstyle");
        assertRefused((_, _, out) -> {
            out.writeLong(0x4e42444d41474943L);
            out.writeLong(0x49484156454F5054L);
            out.writeShort(0);
        }, "fixed newstyle");
        assertRefused((_, _, _) -> {}, "closed the connection");
    }

    @Test
    void refusesInformationThatCannotBe() throws IOException {
        Offer good = Offer.structured();
        assertRefusedGo(out -> reply(out, 7, 1), "no size");
        assertRefusedGo(out -> offer(out, new Offer(true, -1, Offer.ALL, 1, 4096)), "no size");
        assertRefusedGo(out -> offer(out, new Offer(true, 1 << 20, 0, 1, 4096)), "HAS_FLAGS");
        assertRefusedGo(out -> offer(out, new Offer(true, 1 << 20, Offer.ALL, 3, 4096)), "min=3");
        assertRefusedGo(out -> offer(out, new Offer(true, 1 << 20, Offer.ALL, 0, 4096)), "min=0");
        assertRefusedGo(out -> offer(out, new Offer(true, 1 << 20, Offer.ALL, 1 << 31, -1)), "min=2147483648");
        assertRefusedGo(out -> offer(out, new Offer(true, 1 << 20, Offer.ALL, 512, 256)), "max=256");
        assertRefusedGo(out -> reply(out, 7, 3, new byte[1]), "info type=-1");
        assertRefusedGo(out -> reply(out, 7, 3, new byte[11]), "info type=0 length=11");
        assertRefusedGo(out -> reply(out, 6, 3, FakeServer.exportInfo(good)), "option=6");
        assertRefusedGo(out -> {
            while (true) {
                reply(out, 7, 3, new byte[]{0, 1, 'x'});
            }
        }, "replies to GO > 256");
        assertRefusedGo(out -> {
            out.writeLong(0x3e889045565a9L);
            out.writeInt(7);
            out.writeInt(3);
            out.writeInt(-1);
        }, "length=4294967295");
    }

    @Test
    void losesPatienceWithAServerThatSaysNothing() throws IOException {
        try (FakeServer server = new FakeServer((_, in, _) -> {
            while (in.read() >= 0) {
                // Not a word.
            }
        })) {
            assertThatThrownBy(() -> NbdLoadDisk.open(server.uri(), false, System::nanoTime,
                    new NbdLoadDisk.Patience(50_000_000, 1))).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("no answer within patienceNs=50000000");
        }
    }

    @Test
    void survivesRandomBytes() throws IOException {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            int where = seed % 3;
            try (FakeServer server = new FakeServer((_, in, out) -> {
                if (where > 0) {
                    greet(in, out);
                    int option = option(in);
                    if (where > 1) {
                        reply(out, option, 1);
                    }
                }
                out.write(noise);
            })) {
                assertThatThrownBy(() -> NbdLoadDisk.open(server.uri(), false)).as("seed=%d", seed)
                        .isInstanceOf(UncheckedIOException.class).hasMessageContaining("cannot be opened");
            }
        }
    }

    private static void offer(DataOutputStream out, Offer offer) throws IOException {
        reply(out, 7, 3, FakeServer.exportInfo(offer));
        reply(out, 7, 3, FakeServer.blockInfo(offer));
        reply(out, 7, 1);
    }

    private static void assertRefusedGo(GoReply goReply, String... reasons) throws IOException {
        assertRefused((_, in, out) -> {
            greet(in, out);
            reply(out, option(in), 1);
            int _ = option(in);
            goReply.reply(out);
        }, reasons);
    }

    private static void assertRefused(Script script, String... reasons) throws IOException {
        try (FakeServer server = new FakeServer(script)) {
            assertThatThrownBy(() -> NbdLoadDisk.open(server.uri(), false)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("target=" + server.uri()).hasMessageContainingAll(reasons);
        }
    }
}
