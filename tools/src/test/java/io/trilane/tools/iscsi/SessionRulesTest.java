package io.trilane.tools.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.frontend.ServerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Numbers, pings, logout, text, asynchronous messages (RFC 7143 4.2.2, 11.9 to 11.19).
class SessionRulesTest {
    private static final byte[] NONE = {};

    private IscsiServer server;

    @BeforeEach
    void start() throws IOException {
        server = IscsiServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void ignoresCommandsOutsideTheWindow() throws IOException {
        try (IscsiPeer peer = server.login()) {
            peer.send(peer.commandHeader(0x01, 0x80, 50, 0, peer.cmdSn - 1, new byte[16]), NONE);
            peer.send(peer.commandHeader(0x01, 0xA0, 51, 512, peer.maxCmdSn + 1, IscsiPeer.write10(0, 1)),
                    new byte[512]);
            peer.expectSilence();
            peer.testUnitReady();
        }
    }

    @Test
    void closesWhenACommandIsMissing() throws IOException {
        try (IscsiPeer peer = server.login()) {
            peer.send(peer.commandHeader(0x01, 0x80, 50, 0, peer.cmdSn + 1, new byte[16]), NONE);
            IscsiPeer.Answer _ = peer.expectReject(0x04);
            peer.expectClosed();
        }
        assertThat(server.log).singleElement().asString().contains("commands are missing");
    }

    @Test
    void windowClosesWithTheLastTaskAndOpensWithAnAnswer() throws IOException {
        try (IscsiPeer peer = server.login("ImmediateData=No")) {
            int firstTag = 0;
            int transferTag = 0;
            for (int i = 0; i < 8; i++) {
                int tag = peer.command(0xA0, 512, IscsiPeer.write10(i, 1), NONE);
                IscsiPeer.Answer ready = peer.receive();
                firstTag = i == 0 ? tag : firstTag;
                transferTag = i == 0 ? ready.u32(20) : transferTag;
            }
            assertThat(peer.maxCmdSn).isEqualTo(peer.cmdSn - 1);
            peer.send(peer.commandHeader(0x01, 0x80, 50, 0, peer.cmdSn, new byte[16]), NONE);
            peer.expectSilence();
            peer.dataOut(firstTag, transferTag, 0, 0, true, new byte[512]);
            IscsiPeer.Answer _ = peer.expectGood(firstTag);
            assertThat(peer.maxCmdSn).isEqualTo(peer.cmdSn);
            peer.testUnitReady();
        }
    }

    @Test
    void immediateCommandsHaveSlotsOfTheirOwnUpToALimit() throws IOException {
        try (IscsiPeer peer = server.login("ImmediateData=No")) {
            for (int i = 0; i < 4; i++) {
                peer.send(peer.commandHeader(0x41, 0xA0, 100 + i, 512, peer.cmdSn, IscsiPeer.write10(i, 1)), NONE);
                assertThat(peer.receive().opcode()).isEqualTo(0x31);
            }
            peer.send(peer.commandHeader(0x41, 0xA0, 104, 512, peer.cmdSn, IscsiPeer.write10(4, 1)), NONE);
            IscsiPeer.Answer _ = peer.expectReject(0x06);
            peer.testUnitReady();
        }
    }

    @Test
    void statusNumbersFollowEachOther() throws IOException {
        try (IscsiPeer peer = server.login()) {
            for (int i = 1; i <= 3; i++) {
                int tag = peer.command(0x80, 0, new byte[16], NONE);
                assertThat(peer.expectGood(tag).u32(24)).isEqualTo(peer.expStatSn + i);
            }
        }
    }

    @Test
    void echoesPingsUpToWhatTheInitiatorTakes() throws IOException {
        try (IscsiPeer peer = server.login("MaxRecvDataSegmentLength=512")) {
            byte[] data = "ping me".repeat(100).getBytes(StandardCharsets.US_ASCII);
            ByteBuffer ping = IscsiPeer.header(0x00, 0x80, 77);
            ping.putInt(20, -1).putInt(24, peer.cmdSn++);
            peer.send(ping, data);
            IscsiPeer.Answer echo = peer.receive();
            assertThat(echo.opcode()).isEqualTo(0x20);
            assertThat(echo.u32(16)).isEqualTo(77);
            assertThat(echo.u32(20)).isEqualTo(-1);
            assertThat(echo.u32(28)).isEqualTo(peer.cmdSn);
            assertThat(echo.data()).isEqualTo(Arrays.copyOf(data, 512));
        }
    }

    @Test
    void doesNotAnswerAPingWithoutATag() throws IOException {
        try (IscsiPeer peer = server.login()) {
            ByteBuffer ping = IscsiPeer.header(0x40, 0x80, -1);
            ping.putInt(20, -1).putInt(24, peer.cmdSn);
            peer.send(ping, new byte[5]);
            peer.expectSilence();
        }
    }

    @Test
    void pingsASilentPeerAndClosesADeadOne() throws IOException {
        try (IscsiPeer peer = server.login()) {
            server.advance(IscsiServer.PEER_TIMEOUT_NS / 2 + 1);
            IscsiPeer.Answer ping = peer.receive();
            assertThat(ping.opcode()).isEqualTo(0x20);
            assertThat(ping.u32(16)).isEqualTo(-1);
            assertThat(ping.u32(20)).isNotEqualTo(-1);
            ByteBuffer pong = IscsiPeer.header(0x40, 0x80, -1);
            pong.putInt(20, ping.u32(20)).putInt(24, peer.cmdSn);
            peer.send(pong, NONE);
            peer.expectSilence();
            server.advance(IscsiServer.PEER_TIMEOUT_NS / 2 + 1);
            assertThat(peer.receive().u32(24)).as("StatSN is not taken").isEqualTo(ping.u32(24) + 1);
            server.advance(IscsiServer.PEER_TIMEOUT_NS / 2 + 1);
            peer.expectClosed();
        }
        assertThat(server.log).singleElement().asString().contains("counts as dead");
    }

    @Test
    void closesALoginThatTakesTooLong() throws IOException {
        // Whoever is served was accepted after the first.
        try (IscsiPeer peer = server.connect(); IscsiPeer other = server.login()) {
            peer.raw(new byte[10]);
            server.advance(15_000_000_001L);
            peer.expectClosed();
            other.testUnitReady();
        }
        assertThat(server.log).singleElement().asString().contains("login");
    }

    @Test
    @Timeout(60)
    void doesNotWaitForEverForAPeerThatTakesNothing() throws IOException {
        try (IscsiPeer peer = server.login(); IscsiPeer other = server.loginAsAnother()) {
            for (int i = 0; i < 8; i++) {
                int _ = peer.command(0xC0, 1 << 20, IscsiPeer.read10(0, 2048), NONE);
            }
            for (int i = 0; i < 1000 && server.connections() > 1; i++) {
                server.advance(16_000_000_000L);
                other.expectAnythingThenSilence();
            }
            assertThat(server.connections()).isEqualTo(1);
        }
        assertThat(server.log).singleElement().asString().contains("were not read");
    }

    @Test
    void logsOutOfTheSessionAndOfItsConnection() throws IOException {
        try (IscsiPeer peer = server.login()) {
            assertThat(logout(peer, 0, 0)).isZero();
            peer.expectClosed();
        }
        try (IscsiPeer peer = server.login()) {
            assertThat(logout(peer, 1, 5)).as("CID not found").isEqualTo(1);
            assertThat(logout(peer, 2, 0)).as("recovery not supported").isEqualTo(2);
            peer.testUnitReady();
            assertThat(logout(peer, 1, 0)).isZero();
            peer.expectClosed();
        }
        assertThat(server.log).isEmpty();
    }

    @Test
    void logoutDropsWritesThatWaitForData() throws IOException {
        try (IscsiPeer peer = server.login("ImmediateData=No")) {
            int _ = peer.command(0xA0, 512, IscsiPeer.write10(0, 1), NONE);
            assertThat(peer.receive().opcode()).isEqualTo(0x31);
            assertThat(logout(peer, 0, 0)).isZero();
            peer.expectClosed();
        }
    }

    @Test
    void answersTextAndTakesAnotherLength() throws IOException {
        try (IscsiPeer peer = server.login()) {
            ByteBuffer text = IscsiPeer.header(0x04, 0x80, 33);
            text.putInt(20, -1).putInt(24, peer.cmdSn++);
            peer.send(text, "MaxRecvDataSegmentLength=512\0".getBytes(StandardCharsets.US_ASCII));
            IscsiPeer.Answer answer = peer.receive();
            assertThat(answer.opcode()).isEqualTo(0x24);
            int _ = peer.command(0xC0, 1024, IscsiPeer.read10(0, 2), NONE);
            assertThat(peer.receive().data()).hasSize(512);
            assertThat(peer.receive().data()).hasSize(512);
        }
    }

    @Test
    void discoveryTakesTextAndLogoutOnly() throws IOException {
        try (IscsiPeer peer = server.connect()) {
            IscsiPeer.Answer login =
                    peer.requestLogin("InitiatorName=iqn.2026-01.net.example:peer\0SessionType=Discovery\0");
            assertThat(login.u16(36)).isZero();
            ByteBuffer text = IscsiPeer.header(0x04, 0x80, 33);
            text.putInt(20, -1).putInt(24, peer.cmdSn++);
            peer.send(text, "SendTargets=All\0".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(peer.receive().data(), StandardCharsets.US_ASCII))
                    .startsWith("TargetName=" + IscsiServer.TARGET + "\0TargetAddress=127.0.0.1:").contains(",1\0");
            int _ = peer.command(0x80, 0, new byte[16], NONE);
            IscsiPeer.Answer _ = peer.expectReject(0x05);
            assertThat(server.clients()).isZero();
            assertThat(logout(peer, 0, 0)).isZero();
            peer.expectClosed();
        }
    }

    @Test
    void tellsOfChangesAtTheUnits() throws IOException {
        try (IscsiPeer peer = server.login()) {
            server.publish(new ServerEvent.MediaChanged(0));
            assertEvent(peer.receive(), 0x2A09);
            server.publish(new ServerEvent.TargetChanged(0));
            assertEvent(peer.receive(), 0x3F0E);
            server.publish(new ServerEvent.MediaChanged(7));
            peer.expectSilence();
        }
    }

    @Test
    void asksForLogoutWhenTheServerStops() throws Exception {
        try (IscsiPeer peer = server.login()) {
            Thread stopper = Thread.ofPlatform().start(server::stop);
            IscsiPeer.Answer message = peer.receive();
            assertThat(message.opcode()).isEqualTo(0x32);
            assertThat(message.u8(36)).isEqualTo(1);
            assertThat(message.u16(42)).isEqualTo(1);
            int _ = peer.command(0x80, 0, new byte[16], NONE);
            IscsiPeer.Answer _ = peer.expectReject(0x0C);
            assertThat(logout(peer, 0, 0)).isZero();
            peer.expectClosed();
            stopper.join();
        }
    }

    @Test
    void dropsThoseWhoDoNotLogOutWhenTheServerStops() throws Exception {
        try (IscsiPeer peer = server.login()) {
            Thread stopper = Thread.ofPlatform().start(server::stop);
            assertThat(peer.receive().u8(36)).isEqualTo(1);
            server.advance(1_000_000_001L);
            IscsiPeer.Answer message = peer.receive();
            assertThat(message.opcode()).isEqualTo(0x32);
            assertThat(message.u8(36)).isEqualTo(3);
            peer.expectClosed();
            stopper.join();
        }
    }

    @Test
    void aNewLoginOfTheSamePortEndsTheOldSession() throws IOException {
        try (IscsiPeer old = server.login(); IscsiPeer next = server.login()) {
            old.expectClosed();
            next.testUnitReady();
        }
        assertThat(server.log).singleElement().asString().contains("reinstated");
    }

    private static void assertEvent(IscsiPeer.Answer message, int additionalSense) {
        assertThat(message.opcode()).isEqualTo(0x32);
        assertThat(message.u8(36)).isZero();
        ByteBuffer data = ByteBuffer.wrap(message.data());
        assertThat(data.getShort(0)).isEqualTo((short) 18);
        assertThat(data.get(2)).isEqualTo((byte) 0x70);
        assertThat(data.get(4)).isEqualTo((byte) 0x06);
        assertThat(data.getShort(14)).isEqualTo((short) additionalSense);
    }

    private static int logout(IscsiPeer peer, int reason, int connectionId) throws IOException {
        ByteBuffer request = IscsiPeer.header(0x46, 0x80 | reason, 99);
        request.putShort(20, (short) connectionId).putInt(24, peer.cmdSn);
        peer.send(request, NONE);
        IscsiPeer.Answer answer = peer.receive();
        assertThat(answer.opcode()).isEqualTo(0x26);
        assertThat(answer.u32(16)).isEqualTo(99);
        return answer.u8(2);
    }
}
