package io.trilane.tools.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NbdHostileTest {
    private static final int MEGABYTE = 1 << 20;
    private static final int OVERFLOW = 75;
    private static final int INVALID = 22;
    private static final int NO_SPACE = 28;
    private static final int TOO_BIG = 1 << 31 | 9;
    private static final int UNSUPPORTED = 1 << 31 | 1;
    private static final int REPLY_INVALID = 1 << 31 | 3;
    /// Bytes that no bystander uses.
    private static final long FREE_OFFSET = 8L << 20;

    private static Siege siege;

    @BeforeAll
    static void begin() throws IOException {
        siege = new Siege();
    }

    @AfterAll
    static void end() throws IOException {
        siege.close();
    }

    @Test
    void closesPeersThatSendRandomBytes() throws IOException {
        int peers = 60;
        for (int seed = 0; seed < peers; seed++) {
            Random random = new Random(seed);
            byte[] noise = new byte[4 + random.nextInt(4000)];
            random.nextBytes(noise);
            if (seed % 2 == 0) {
                // Flags that are known: the noise is options.
                ByteBuffer.wrap(noise).putInt(random.nextInt(4));
            }
            try (NbdWire wire = new NbdWire(siege.server.nbd)) {
                send(wire, noise);
                wire.socket.shutdownOutput();
                assertThat(wire.isCutOff()).as("seed %d", seed).isTrue();
            }
        }
        siege.lift(peers);
    }

    @Test
    void survivesTalkThatIsCutAnywhere() throws IOException {
        byte[] talk = wholeTalk();
        int peers = 0;
        for (int length = 0; length < talk.length; length += length < 200 ? 3 : 61) {
            try (NbdWire wire = new NbdWire(siege.server.nbd)) {
                send(wire, Arrays.copyOf(talk, length));
                if (length % 2 == 0) {
                    wire.socket.setSoLinger(true, 0);
                }
            }
            peers++;
        }
        siege.lift(peers);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0xFF_FFFF, (1 << 20) + 1})
    void closesAnOptionThatNobodyWouldReadToItsEnd(int length) throws IOException {
        try (NbdWire wire = NbdWire.greeted(siege.server.nbd)) {
            wire.raw(NbdWire.optionHead(6, length));
            assertThat(wire.isCutOff()).isTrue();
        }
        siege.lift(1);
    }

    @Test
    void answersOptionsThatAreTooLongOrMalformedAndGoesOn() throws IOException {
        try (NbdWire wire = NbdWire.greeted(siege.server.nbd)) {
            wire.option(6, new byte[MEGABYTE]);
            assertThat(wire.optionReply()).isEqualTo(TOO_BIG);
            for (int length : new int[]{0, 1, 3, 5}) {
                wire.option(7, new byte[length]);
                assertThat(wire.optionReply()).as("length %d", length).isEqualTo(REPLY_INVALID);
            }
            wire.option(7, ByteBuffer.allocate(6).putInt(-1).array());
            assertThat(wire.optionReply()).isEqualTo(REPLY_INVALID);
            wire.option(10, ByteBuffer.allocate(12).putInt(0).putInt(-1).array());
            assertThat(wire.optionReply()).isEqualTo(REPLY_INVALID);
            wire.option(0x7FFF_FFFF, new byte[100]);
            assertThat(wire.optionReply()).isEqualTo(UNSUPPORTED);
        }
        siege.lift(1);
    }

    @Test
    void answersImpossibleRequestsAndGoesOn() throws IOException {
        try (NbdWire wire = NbdWire.open(siege.server.nbd, "disk")) {
            long[][] wrong = {{0, FREE_OFFSET, -1}, {0, -1, 512}, {0, Long.MIN_VALUE, -1},
                    {0, HostileServer.DISK_BYTES, 1}, {0, HostileServer.DISK_BYTES - 1, 2}, {4, Long.MAX_VALUE, -1},
                    {6, -512, 512}, {5, 0, -1}, {7, 0, 0}, {99, 0, 0}};
            for (long[] one : wrong) {
                wire.raw(NbdWire.request((int) one[0], 0, 1, one[1], (int) one[2]));
                assertThat(wire.error()).as(Arrays.toString(one)).isIn(INVALID, NO_SPACE, OVERFLOW);
            }
            wire.raw(NbdWire.request(0, 0xFFFF, 1, 0, 512));
            assertThat(wire.error()).isEqualTo(INVALID);
            assertThat(wire.read(FREE_OFFSET, 512)).hasSize(512);
        }
        siege.lift(1);
    }

    @Test
    void closesAWriteOf4Gigabytes() throws IOException {
        try (NbdWire wire = NbdWire.open(siege.server.nbd, "disk")) {
            wire.raw(NbdWire.request(1, 0, 1, 0, -1));
            assertThat(wire.isCutOff()).isTrue();
        }
        siege.lift(1);
    }

    @Test
    void closesPeersWhoseRequestsHaveTheWrongMagic() throws IOException {
        try (NbdWire wire = NbdWire.open(siege.server.nbd, "disk")) {
            wire.raw(new byte[28]);
            assertThat(wire.isCutOff()).isTrue();
        }
        siege.lift(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesBackWhatAWriteHeldThatBrokeOff(boolean isReset) throws IOException {
        int peers = 0;
        for (int sent : new int[]{0, 1, 511, 512, 513, 100_000, MEGABYTE, MEGABYTE + 3, 3 * MEGABYTE - 1,
                3 * MEGABYTE}) {
            for (int skew = 0; skew < 2; skew++) {
                try (NbdWire wire = NbdWire.open(siege.server.nbd, "disk")) {
                    wire.raw(NbdWire.request(1, 0, 1, FREE_OFFSET + skew * 77L, 3 * MEGABYTE));
                    wire.raw(new byte[sent]);
                    if (isReset) {
                        wire.socket.setSoLinger(true, 0);
                    }
                }
                peers++;
            }
        }
        siege.lift(peers);
    }

    @Test
    void dropsAReaderThatDoesNotRead() throws IOException {
        try (NbdWire wire = NbdWire.open(siege.server.nbd, "disk")) {
            for (int i = 0; i < 32; i++) {
                wire.raw(NbdWire.request(0, 0, i, FREE_OFFSET, MEGABYTE));
            }
            siege.leap(HostileServer.PEER_TIMEOUT_NS);
            assertThat(HostileServer.await(() -> siege.server.connections() == 2)).as("it is dropped").isTrue();
        }
        siege.lift(1);
    }

    @Test
    void dropsAReaderThatDoesNotReadAndHasSaidGoodBye() throws IOException {
        try (NbdWire wire = NbdWire.open(siege.server.nbd, "disk")) {
            for (int i = 0; i < 12; i++) {
                wire.raw(NbdWire.request(0, 0, i, FREE_OFFSET, MEGABYTE));
            }
            wire.raw(NbdWire.request(2, 0, 99, 0, 0));
            siege.leap(HostileServer.PEER_TIMEOUT_NS);
            assertThat(HostileServer.await(() -> siege.server.connections() == 2)).as("it is dropped").isTrue();
        }
        siege.lift(1);
    }

    @Test
    void closesPeersThatStopInTheMiddleOfAMessage() throws IOException {
        List<NbdWire> wires = new ArrayList<>();
        wires.add(new NbdWire(siege.server.nbd));
        wires.add(NbdWire.greeted(siege.server.nbd));
        NbdWire option = NbdWire.greeted(siege.server.nbd);
        option.raw(NbdWire.optionHead(6, 4000));
        option.raw(new byte[17]);
        wires.add(option);
        NbdWire payload = NbdWire.open(siege.server.nbd, "disk");
        payload.raw(NbdWire.request(1, 0, 1, FREE_OFFSET, MEGABYTE));
        payload.raw(new byte[1000]);
        wires.add(payload);
        siege.proveService();
        siege.leap(HostileServer.HANDSHAKE_NS);
        assertThat(HostileServer.await(() -> siege.server.connections() == 3)).isTrue();
        siege.proveService();
        siege.leap(HostileServer.PEER_TIMEOUT_NS);
        assertThat(HostileServer.await(() -> siege.server.connections() == 2)).isTrue();
        for (NbdWire wire : wires) {
            wire.close();
        }
        siege.lift(wires.size());
    }

    @Test
    void aFloodOfGreetingsKeepsNobodyElseOut() throws IOException {
        List<NbdWire> flood = new ArrayList<>();
        int peers = HostileServer.MAX_CONNECTIONS + 60;
        for (int i = 0; i < peers; i++) {
            flood.add(new NbdWire(siege.server.nbd));
        }
        assertThat(HostileServer.await(() -> siege.server.connections() == HostileServer.MAX_CONNECTIONS)).isTrue();
        siege.proveService();
        siege.leap(HostileServer.HANDSHAKE_NS);
        assertThat(HostileServer.await(() -> siege.server.connections() == 2)).isTrue();
        for (NbdWire wire : flood) {
            wire.close();
        }
        siege.lift(peers);
    }

    /// Each takes as much memory as it can get and never gives it a use.
    @Test
    void writersThatSendNoPayloadStarveNobody() throws IOException {
        List<NbdWire> hoarders = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            NbdWire wire = NbdWire.open(siege.server.nbd, "disk");
            wire.raw(NbdWire.request(1, 0, 1, FREE_OFFSET, MEGABYTE));
            wire.raw(new byte[1]);
            hoarders.add(wire);
        }
        siege.proveService();
        for (NbdWire wire : hoarders) {
            wire.close();
        }
        siege.lift(hoarders.size());
    }

    private static void send(NbdWire wire, byte[] bytes) {
        try {
            wire.raw(bytes);
        } catch (IOException _) {
            // The server may have closed already; it shows in what is asserted.
        }
    }

    /// Options, a write, a read, a flush, the good-bye.
    private static byte[] wholeTalk() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(4).putInt(3).array());
        out.writeBytes(NbdWire.optionHead(3, 0));
        out.writeBytes(NbdWire.optionHead(8, 0));
        byte[] go = ByteBuffer.allocate(10).putInt(4).put("disk".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .putShort((short) 0).array();
        out.writeBytes(NbdWire.optionHead(7, go.length));
        out.writeBytes(go);
        out.writeBytes(NbdWire.request(1, 1, 1, FREE_OFFSET + 100, 3000));
        out.writeBytes(new byte[3000]);
        out.writeBytes(NbdWire.request(0, 0, 2, FREE_OFFSET, 70_000));
        out.writeBytes(NbdWire.request(3, 0, 3, 0, 0));
        out.writeBytes(NbdWire.request(2, 0, 4, 0, 0));
        return out.toByteArray();
    }
}
