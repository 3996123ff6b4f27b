package io.trilane.tools.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.hostile.IscsiWire.Pdu;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IscsiHostileTest {
    private static final int MEGABYTE = 1 << 20;
    private static final int TASKS = 16;
    /// Blocks that no bystander uses.
    private static final int FREE_BLOCK = 8192;

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
            byte[] noise = new byte[48 + random.nextInt(4000)];
            random.nextBytes(noise);
            try (IscsiWire wire = connect()) {
                send(wire, noise);
                wire.socket.shutdownOutput();
                assertThat(isCutOff(wire)).as("seed %d", seed).isTrue();
            }
        }
        siege.lift(peers);
    }

    @Test
    void survivesPdusThatAreCutAnywhere() throws IOException {
        byte[] stream = wholeSession();
        int peers = 0;
        for (int length = 0; length < stream.length; length += 13) {
            try (IscsiWire wire = connect()) {
                send(wire, Arrays.copyOf(stream, length));
                if (length % 2 == 0) {
                    wire.socket.setSoLinger(true, 0);
                }
            }
            peers++;
        }
        siege.lift(peers);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x01, 0x42, 0x43, 0x44, 0x05, 0x46, 0x10, 0x1E, 0x3F})
    void rejectsADataSegmentOf16Megabytes(int opcode) throws IOException {
        try (IscsiWire wire = login("long" + opcode)) {
            ByteBuffer header = header(opcode, 0x80, 7).putInt(4, 0xFF_FFFF).putInt(24, wire.cmdSn);
            send(wire, header.array());
            assertThat(wire.toTheEnd()).isEqualTo("3f");
        }
        siege.lift(1);
    }

    @Test
    void closesALoginOf16Megabytes() throws IOException {
        try (IscsiWire wire = connect()) {
            send(wire, header(0x43, 0x87, 1).putInt(4, 0xFF_FFFF).array());
            assertThat(wire.toTheEnd()).isEmpty();
        }
        siege.lift(1);
    }

    @Test
    void servesAnExpectedLengthOf4Gigabytes() throws IOException {
        try (IscsiWire wire = login("edtl")) {
            wire.send(wire.command(0xC0, -1, IscsiWire.cdb(0x28, 0, FREE_BLOCK, 1)), new byte[0]);
            Pdu data = wire.receive();
            assertThat(data.data()).hasSize(HostileServer.BLOCK);
            wire.send(wire.command(0xA0, -1, IscsiWire.cdb(0x2A, 0, FREE_BLOCK, 1)), new byte[0]);
            Pdu answer = wire.receive();
            assertThat(answer.opcode()).isIn(IscsiWire.R2T, IscsiWire.RESPONSE);
            assertThat(answer.opcode() == IscsiWire.R2T ? answer.header().getInt(44) : 0).isLessThanOrEqualTo(MEGABYTE);
        }
        siege.lift(1);
    }

    @Test
    void ignoresACmdSnOutsideTheWindowAndRejectsAGap() throws IOException {
        try (IscsiWire wire = login("cmdsn")) {
            for (int wrong : new int[]{wire.cmdSn - 1, wire.cmdSn + 5000, wire.cmdSn + Integer.MIN_VALUE}) {
                wire.send(header(0x01, 0x80, 5).putInt(24, wrong), new byte[0]);
            }
            wire.send(header(0x40, 0x80, 77).putInt(20, -1).putInt(24, wire.cmdSn), new byte[0]);
            Pdu echo = wire.receive();
            assertThat(echo.opcode()).isEqualTo(0x20);
            assertThat(echo.header().getInt(16)).isEqualTo(77);
            wire.send(header(0x01, 0x80, 6).putInt(24, wire.cmdSn + 1), new byte[0]);
            assertThat(wire.toTheEnd()).isEqualTo("3f");
        }
        siege.lift(1);
    }

    @Test
    void aFloodOfLoginsKeepsNobodyElseOut() throws IOException {
        List<IscsiWire> flood = new ArrayList<>();
        int peers = HostileServer.MAX_CONNECTIONS + 60;
        for (int i = 0; i < peers; i++) {
            IscsiWire wire = connect();
            flood.add(wire);
            if (i % 3 != 0) {
                byte[] text = IscsiWire.loginText(HostileServer.TARGET, "flood").getBytes(StandardCharsets.UTF_8);
                send(wire, header(0x43, 0x04, 1).putInt(4, text.length).array());
                send(wire, i % 3 == 1 ? text : Arrays.copyOf(text, 20));
            }
        }
        assertThat(HostileServer.await(() -> siege.server.connections() == HostileServer.MAX_CONNECTIONS)).isTrue();
        siege.proveService();
        siege.leap(HostileServer.HANDSHAKE_NS);
        assertThat(HostileServer.await(() -> siege.server.connections() == 2)).isTrue();
        closeAll(flood);
        siege.lift(peers);
    }

    @Test
    void closesPeersThatSayNothingOrStopInsideAHeader() throws IOException {
        try (IscsiWire silent = connect(); IscsiWire half = connect(); IscsiWire late = login("late")) {
            send(half, new byte[20]);
            send(late, new byte[20]);
            siege.leap(HostileServer.HANDSHAKE_NS);
            assertThat(isCutOff(silent)).isTrue();
            assertThat(isCutOff(half)).isTrue();
            assertThat(HostileServer.await(() -> siege.server.connections() == 3)).isTrue();
            siege.leap(HostileServer.PEER_TIMEOUT_NS / 2);
            siege.leap(HostileServer.PEER_TIMEOUT_NS / 2);
            assertThat(HostileServer.await(() -> siege.server.connections() == 2)).isTrue();
        }
        siege.lift(3);
    }

    /// It asks for 16 MiB and never reads. When it has been silent long enough it is dropped, with all that it held.
    @Test
    void dropsAReaderThatDoesNotRead() throws IOException {
        try (IscsiWire wire = login("slow")) {
            for (int i = 0; i < TASKS; i++) {
                wire.send(wire.command(0xC0, MEGABYTE, IscsiWire.cdb(0x28, 0, FREE_BLOCK, 2048)), new byte[0]);
            }
            siege.leap(HostileServer.PEER_TIMEOUT_NS / 2);
            siege.leap(HostileServer.PEER_TIMEOUT_NS / 2);
            siege.leap(HostileServer.LINGER_NS);
            assertThat(HostileServer.await(() -> siege.server.connections() == 2)).as("it is dropped").isTrue();
        }
        siege.lift(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesBackWhatAWriteHeldThatBrokeOff(boolean isReset) throws IOException {
        int peers = 0;
        for (int phase = 0; phase < 6; phase++) {
            for (int i = 0; i < 5; i++) {
                try (IscsiWire wire = login("broken")) {
                    writeUpTo(wire, phase);
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
    void countsWrongChapOnceEach() throws IOException {
        int peers = 100;
        for (int i = 0; i < peers; i++) {
            try (IscsiWire wire = new IscsiWire(siege.server.chapIscsi)) {
                String names = "InitiatorName=iqn.2026-01.net.example:thief\0TargetName=" + HostileServer.SECRET_TARGET
                        + "\0AuthMethod=CHAP\0";
                security(wire, 0x81, names);
                Pdu offered = security(wire, 0, "CHAP_A=7\0");
                assertThat(new String(offered.data(), StandardCharsets.UTF_8)).contains("CHAP_C=");
                Pdu refused = security(wire, 0x83, "CHAP_N=alice\0CHAP_R=0x" + "5a".repeat(32) + "\0");
                assertThat(refused.header().getShort(36)).isEqualTo((short) 0x0201);
                assertThat(isCutOff(wire)).isTrue();
            }
        }
        siege.lift(peers);
    }

    @Test
    void refusesMorePingsThanItHasRoomForAndGoesOn() throws IOException {
        try (IscsiWire wire = login("pings")) {
            byte[] data = new byte[8192];
            for (int i = 0; i < 300; i++) {
                wire.send(header(0x40, 0x80, 1000 + i).putInt(20, -1).putInt(24, wire.cmdSn), data);
            }
            for (int i = 0; i < 300; i++) {
                assertThat(wire.receive().opcode()).isIn(0x20, IscsiWire.REJECT);
            }
        }
        siege.lift(1);
    }

    private static IscsiWire connect() throws IOException {
        return new IscsiWire(siege.server.iscsi);
    }

    private static IscsiWire login(String name) throws IOException {
        return IscsiWire.loggedIn(siege.server.iscsi, HostileServer.TARGET, name);
    }

    private static ByteBuffer header(int opcode, int flags, int tag) {
        return ByteBuffer.allocate(IscsiWire.HEADER).put(0, (byte) opcode).put(1, (byte) flags).putInt(16, tag);
    }

    private static Pdu security(IscsiWire wire, int flags, String text) throws IOException {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        wire.send(header(0x43, flags == 0x81 ? 0 : flags, 1).putLong(8, 0x4000_0002_0000_0000L), data);
        return wire.receive();
    }

    /// The server may have closed already.
    private static void send(IscsiWire wire, byte[] bytes) {
        try {
            wire.raw(bytes);
        } catch (IOException _) {
            // It shows in what is asserted.
        }
    }

    private static boolean isCutOff(IscsiWire wire) {
        try {
            String _ = wire.toTheEnd();
            return true;
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).contains("reset") || String.valueOf(e.getMessage()).contains("pipe");
        }
    }

    private static void closeAll(List<IscsiWire> wires) throws IOException {
        for (IscsiWire wire : wires) {
            wire.close();
        }
    }

    /// 0 the command, 1 with half of its immediate data, 2 the R2T has come, 3 one Data-Out, 4 a Data-Out and a half,
    /// 5 all the data and no answer read.
    private static void writeUpTo(IscsiWire wire, int phase) throws IOException {
        int length = 64 << 10;
        byte[] data = new byte[length];
        ByteBuffer command = wire.command(0xA0, length, IscsiWire.cdb(0x2A, 0, FREE_BLOCK, length / 512));
        if (phase == 1) {
            wire.raw(command.putInt(4, 8192).array());
            wire.raw(new byte[4000]);
            return;
        }
        wire.send(command, new byte[0]);
        if (phase == 0) {
            return;
        }
        ByteBuffer r2t = wire.receive().header();
        assertThat(r2t.get(0)).isEqualTo((byte) IscsiWire.R2T);
        for (int i = 0; i < (phase == 5 ? 8 : phase - 2); i++) {
            ByteBuffer out = header(IscsiWire.DATA_OUT, i == 7 ? 0x80 : 0, command.getInt(16));
            out.putInt(20, r2t.getInt(20)).putInt(36, i).putInt(40, i * 8192).putInt(4, 8192);
            wire.raw(out.array());
            wire.raw(Arrays.copyOf(data, phase == 4 && i == 1 ? 4096 : 8192));
        }
    }

    /// A login, a write with immediate data, a read, a ping.
    private static byte[] wholeSession() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] text = IscsiWire.loginText(HostileServer.TARGET, "cut").getBytes(StandardCharsets.UTF_8);
        put(out, header(0x43, 0x87, 1).putLong(8, 0x4000_0003_0000_0000L).putInt(24, 1), text);
        put(out, header(0x01, 0xA0, 2).putInt(20, 512).putInt(24, 1)
                .put(32, IscsiWire.cdb(0x2A, 0, FREE_BLOCK, 1)), new byte[512]);
        put(out, header(0x01, 0xC0, 3).putInt(20, 4096).putInt(24, 2)
                .put(32, IscsiWire.cdb(0x28, 0, FREE_BLOCK, 8)), new byte[0]);
        put(out, header(0x40, 0x80, 4).putInt(20, -1).putInt(24, 3), new byte[100]);
        return out.toByteArray();
    }

    private static void put(ByteArrayOutputStream out, ByteBuffer header, byte[] data) {
        header.putInt(4, data.length);
        out.writeBytes(header.array());
        out.writeBytes(Arrays.copyOf(data, data.length + 3 & ~3));
    }
}
