package io.trilane.tools.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// What one session may hold, and for how long, so that others and itself are served.
class FairnessTest {
    private static final byte[] NONE = {};
    private static final int NOP_IN = 0x20;
    private static final int SCSI_RESPONSE = 0x21;
    private static final int READY_TO_TRANSFER = 0x31;
    private static final int TASK_SET_FULL = 0x28;
    private static final int TRANSFERS = 32;
    private static final int MEGABYTE = 1 << 20;

    @Test
    void numberedPingsDoNotCloseTheWindow() throws IOException {
        try (IscsiServer server = IscsiServer.start(); IscsiPeer peer = server.login()) {
            for (int i = 0; i < 30; i++) {
                ByteBuffer ping = IscsiPeer.header(0x00, 0x80, 1000 + i);
                ping.putInt(20, -1).putInt(24, peer.cmdSn++);
                peer.send(ping, NONE);
                IscsiPeer.Answer echo = peer.receive();
                assertThat(echo.u32(28)).as("ExpCmdSN").isEqualTo(peer.cmdSn);
                assertThat(echo.u32(32) - echo.u32(28) + 1).as("window").isEqualTo(8);
            }
            peer.testUnitReady();
        }
    }

    @Test
    void aSessionThatSendsNoDataHoldsABoundedPartOfTheMemory() throws IOException {
        IscsiServer.Options options = IscsiServer.options().withWindow(40).withQuota(44);
        try (IscsiServer server = IscsiServer.start(options); IscsiPeer peer = server.login("ImmediateData=No")) {
            for (int i = 0; i < TRANSFERS; i++) {
                int _ = peer.command(0xA0, MEGABYTE, IscsiPeer.write10(0, 2048), NONE);
                assertThat(peer.receive().opcode()).isEqualTo(READY_TO_TRANSFER);
            }
            int oneTooMany = peer.command(0xA0, MEGABYTE, IscsiPeer.write10(0, 2048), NONE);
            IscsiPeer.Answer refused = peer.receive();
            assertThat(refused.opcode()).isEqualTo(SCSI_RESPONSE);
            assertThat(refused.u32(16)).isEqualTo(oneTooMany);
            assertThat(refused.u8(3)).isEqualTo(TASK_SET_FULL);
            assertThat(peer.readBack(0, 1)).as("reads go on").hasSize(512);
        }
    }

    @Test
    void closesASessionThatOwesDataForTooLongThoughItPings() throws IOException {
        try (IscsiServer server = IscsiServer.start(); IscsiPeer peer = server.login("ImmediateData=No")) {
            int _ = peer.command(0xA0, 512, IscsiPeer.write10(0, 1), NONE);
            assertThat(peer.receive().opcode()).isEqualTo(READY_TO_TRANSFER);
            server.advance(IscsiServer.PEER_TIMEOUT_NS / 2 - 1_000_000_000L);
            peer.testUnitReady();
            server.advance(IscsiServer.PEER_TIMEOUT_NS / 2 + 1_000_000_002L);
            assertThat(peer.receive().opcode()).as("a ping is due too").isEqualTo(NOP_IN);
            peer.expectClosed();
            assertThat(server.log).singleElement().asString().contains("data of a write has not come");
        }
    }
}
