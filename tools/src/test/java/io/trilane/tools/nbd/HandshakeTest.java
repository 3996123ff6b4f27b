package io.trilane.tools.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.tools.frontend.ConnectionLimits;
import io.trilane.tools.frontend.ServedUnit;
import io.trilane.tools.nbd.RawPeer.OptionReply;
import io.trilane.tools.nbd.ServedDisks.Disk;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Bytes by hand against proto.md, "Newstyle negotiation" and "Option types".
class HandshakeTest {
    private static final int UNSUP = 0x80000001;
    private static final int POLICY = 0x80000002;
    private static final int INVALID = 0x80000003;
    private static final int UNKNOWN = 0x80000006;
    private static final int TOO_BIG = 0x80000009;

    private ServedDisks disks;
    private SocketAddress address;

    @BeforeEach
    void serve() throws IOException {
        disks = new ServedDisks(1, 16 << 20, List.of(Disk.of("first", "memory:1m"),
                new Disk("other", "memory:2m", 4096, true, false, 1 << 20)));
        address = disks.listen(RawPeer.loopback(), null, ConnectionLimits.STANDARD);
    }

    @AfterEach
    void stop() {
        disks.close();
    }

    @Test
    void greetsAsFixedNewstyleWithoutZeroes() throws IOException {
        try (RawPeer peer = new RawPeer(address)) {
            assertThat(hex(peer.read(18))).isEqualTo("4e42444d41474943" + "49484156454f5054" + "0003");
        }
    }

    @Test
    void dropsAPeerWithFlagsThatDoNotExist() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 7)) {
            assertThat(peer.isCutOff()).isTrue();
        }
    }

    @Test
    void dropsAPeerWithAnotherMagic() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            peer.send(new byte[16]);
            assertThat(peer.isCutOff()).isTrue();
        }
    }

    @Test
    void answersExportNameWithZeroesUnlessTheyAreUnwanted() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 1)) {
            peer.option(1, "first".getBytes(UTF_8));
            assertThat(hex(peer.read(134))).isEqualTo("0000000000100000" + "0d6d" + "00".repeat(124));
            assertThat(peer.error(0, 3, 0, 0)).isZero();
        }
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            peer.option(1);
            assertThat(hex(peer.read(10))).isEqualTo("0000000000100000" + "0d6d");
            assertThat(peer.error(0, 3, 0, 0)).isZero();
        }
    }

    @Test
    void dropsAPeerThatNamesAnUnknownExport() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            peer.option(1, "none".getBytes(UTF_8));
            assertThat(peer.isCutOff()).isTrue();
        }
    }

    @Test
    void listsEveryExport() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            peer.option(3);
            assertThat(peer.optionReply().hex()).isEqualTo("00000005" + hex("first".getBytes(UTF_8)));
            assertThat(peer.optionReply().hex()).isEqualTo("00000005" + hex("other".getBytes(UTF_8)));
            assertThat(peer.optionReply().type()).isEqualTo(1);
            peer.option(3, (byte) 1);
            assertThat(peer.optionReply().type()).isEqualTo(INVALID);
        }
    }

    @Test
    void answersInfoWithWhatWasAskedFor() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            peer.option(6, RawPeer.goData("other", 3, 1, 2, 77));
            assertThat(peer.optionReply().hex()).isEqualTo("0000" + "0000000000200000" + "050f");
            assertThat(peer.optionReply().hex()).isEqualTo("0001" + hex("other".getBytes(UTF_8)));
            assertThat(peer.optionReply().text()).contains("LUN 1, 4096-byte blocks, read-only");
            assertThat(peer.optionReply().hex()).isEqualTo("0003" + "00000001" + "00001000" + "02000000");
            assertThat(peer.optionReply().type()).isEqualTo(1);
        }
    }

    @Test
    void promisesDontFragmentOnlyWithStructuredReplies() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            peer.option(6, RawPeer.goData(""));
            assertThat(peer.optionReply().hex()).endsWith("0d6d");
            peer.expect(1);
            peer.option(8);
            peer.expect(1);
            peer.option(6, RawPeer.goData(""));
            assertThat(peer.optionReply().hex()).endsWith("0ded");
        }
    }

    @Test
    void refusesAnUnknownExportAndStaysInTheHandshake() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            peer.option(7, RawPeer.goData("none"));
            assertThat(peer.optionReply().type()).isEqualTo(UNKNOWN);
            peer.go("first", true, true);
            assertThat(peer.error(0, 3, 0, 0)).isZero();
        }
    }

    @Test
    void refusesLengthsThatLie() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            assertInvalid(peer, 7, "");
            assertInvalid(peer, 7, "0000");
            assertInvalid(peer, 7, "ffffffff 0000");
            assertInvalid(peer, 7, "00000002 41 0000");
            assertInvalid(peer, 7, "00000000 0001");
            assertInvalid(peer, 7, "00000000 0000 00");
            assertInvalid(peer, 7, "00000001 ff 0000");
            assertInvalid(peer, 8, "00");
            assertInvalid(peer, 9, "00000000 00000000");
            peer.option(8);
            peer.expect(1);
            assertInvalid(peer, 9, "00000000 00000001");
            assertInvalid(peer, 9, "00000000 ffffffff 00000000");
            assertInvalid(peer, 9, "00000000 00000000 00");
            assertInvalid(peer, 10, "00000000 00000001 00000004 62617365");
        }
    }

    @Test
    void selectsTheAllocationContext() throws IOException {
        String name = hex("base:allocation".getBytes(UTF_8));
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            peer.option(10, RawPeer.queries("first", "base:allocation"));
            assertThat(peer.optionReply().type()).isEqualTo(INVALID);
            peer.option(8);
            peer.expect(1);
            for (String[] queries : List.of(new String[0], new String[]{"base:"}, new String[]{"x-other:y",
                    "base:allocation", "base:"})) {
                peer.option(9, RawPeer.queries("first", queries));
                assertThat(peer.optionReply().hex()).isEqualTo("00000000" + name);
                peer.expect(1);
            }
            peer.option(9, RawPeer.queries("first", "qemu:dirty-bitmap:a"));
            peer.expect(1);
            for (String[] queries : List.of(new String[0], new String[]{"base:"}, new String[]{"base:other"})) {
                peer.option(10, RawPeer.queries("first", queries));
                peer.expect(1);
            }
            peer.option(10, RawPeer.queries("none", "base:allocation"));
            assertThat(peer.optionReply().type()).isEqualTo(UNKNOWN);
            peer.option(10, RawPeer.queries("first", "base:allocation"));
            assertThat(peer.optionReply().hex()).isEqualTo("00000001" + name);
            peer.expect(1);
        }
    }

    @Test
    void forgetsTheContextWhenAnotherExportIsChosen() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            peer.option(8);
            peer.expect(1);
            peer.option(10, RawPeer.queries("first", "base:allocation"));
            peer.expect(4);
            peer.expect(1);
            peer.go("other", false, false);
            assertThat(peer.error(0, 7, 0, 4096)).isEqualTo(22);
        }
    }

    @Test
    void doesNotKnowOtherOptions() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            for (int option : new int[]{0, 4, 11, 12, -1}) {
                peer.option(option, (byte) 1);
                OptionReply reply = peer.optionReply();
                assertThat(reply.type()).isEqualTo(UNSUP);
                assertThat(reply.option()).isEqualTo(option);
            }
        }
    }

    @Test
    void readsALongOptionToItsEndAndRefusesIt() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            peer.option(6, new byte[200_000]);
            assertThat(peer.optionReply().type()).isEqualTo(TOO_BIG);
            peer.go("first", false, false);
        }
    }

    @Test
    void dropsAPeerWhoseOptionHasNoEnd() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            peer.sendHex("49484156454f5054 00000006 ffffffff");
            assertThat(peer.isCutOff()).isTrue();
        }
    }

    @Test
    void refusesTlsWithoutACertificate() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            peer.option(5);
            assertThat(peer.optionReply().type()).isEqualTo(POLICY);
        }
    }

    @Test
    void acknowledgesAnAbortAndCloses() throws IOException {
        try (RawPeer peer = RawPeer.greeted(address, 3)) {
            peer.option(2, (byte) 5);
            peer.expect(1);
            assertThat(peer.isCutOff()).isTrue();
        }
        assertThat(disks.log()).isEmpty();
    }

    @Test
    void dropsAPeerThatNeverEndsItsHandshake() throws IOException {
        ConnectionLimits hasty = new ConnectionLimits(8, 1, 60_000_000_000L, 8);
        SocketAddress other = disks.listen(RawPeer.loopback(), null, hasty);
        try (RawPeer peer = new RawPeer(other)) {
            byte[] _ = peer.read(18);
            assertThat(peer.isCutOff()).isTrue();
        }
        assertThat(disks.log()).singleElement().asString().contains("handshake took longer");
    }

    @Test
    void refusesExportsOfOneName() {
        ServedUnit unit = disks.units().getFirst();
        assertThatThrownBy(
                () -> new NbdFrontEnd(Collections.nCopies(2, unit), null, ConnectionLimits.STANDARD))
                .hasMessageContaining("export=first is given twice");
    }

    private static void assertInvalid(RawPeer peer, int option, String data) throws IOException {
        peer.option(option, HexFormat.of().parseHex(data.replace(" ", "")));
        assertThat(peer.optionReply().type()).as("option=%d data=%s", option, data).isEqualTo(INVALID);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
