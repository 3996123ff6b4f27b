package io.trilane.tools.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is against the protocol is answered with the protocol's own error, and nothing is written (RFC 7143 7, 11.17).
class RefusalTest {
    private static final byte[] NONE = {};
    private static final int PROTOCOL_ERROR = 0x04;
    private static final int COMMAND_NOT_SUPPORTED = 0x05;
    private static final int INVALID_PDU_FIELD = 0x09;

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
    void refusesImmediateDataThatWasNotAgreedUpon() throws IOException {
        try (IscsiPeer peer = server.login("ImmediateData=No")) {
            int tag = peer.command(0xA0, 512, IscsiPeer.write10(0, 1), filled(512));
            peer.expectSense(tag, 0x0B, 0x0C0C);
            assertUntouched(peer);
        }
    }

    @Test
    void refusesUnsolicitedDataThatWasNotAgreedUponAfterItsLastPdu() throws IOException {
        try (IscsiPeer peer = server.login("InitialR2T=Yes")) {
            int tag = peer.command(0x20, 1024, IscsiPeer.write10(0, 2), NONE);
            peer.expectSilence();
            peer.dataOut(tag, -1, 0, 0, false, filled(512));
            peer.expectSilence();
            peer.dataOut(tag, -1, 1, 512, true, filled(512));
            peer.expectSense(tag, 0x0B, 0x0C0C);
            assertUntouched(peer);
        }
    }

    @Test
    void refusesMoreImmediateDataThanTheFirstBurst() throws IOException {
        try (IscsiPeer peer = server.login("FirstBurstLength=512")) {
            int tag = peer.command(0xA0, 1024, IscsiPeer.write10(0, 2), filled(1024));
            peer.expectSense(tag, 0x0B, 0x0C0D);
            assertUntouched(peer);
        }
    }

    @Test
    void refusesDataOutOfOrder() throws IOException {
        try (IscsiPeer peer = server.login("ImmediateData=No", "InitialR2T=No", "FirstBurstLength=1024")) {
            assertRefused(peer, 1, 0, 512, PROTOCOL_ERROR);
            assertRefused(peer, 0, 512, 512, PROTOCOL_ERROR);
            assertRefused(peer, 0, -512, 512, PROTOCOL_ERROR);
            assertRefused(peer, 0, 0, 1028, PROTOCOL_ERROR);
            assertUntouched(peer);
        }
    }

    @Test
    void refusesSolicitedDataWithTheWrongTagOrLength() throws IOException {
        try (IscsiPeer peer = server.login("ImmediateData=No")) {
            assertSolicitedRefused(peer, 1, 0, true, 1024, INVALID_PDU_FIELD);
            assertSolicitedRefused(peer, 0, 0, true, 512, PROTOCOL_ERROR);
            assertSolicitedRefused(peer, 0, 0, true, 1536, PROTOCOL_ERROR);
            assertSolicitedRefused(peer, 0, 1, true, 1024, PROTOCOL_ERROR);
            assertUntouched(peer);
        }
    }

    @Test
    void refusesUnsolicitedDataOnceItIsOver() throws IOException {
        try (IscsiPeer peer = server.login("InitialR2T=No", "ImmediateData=No", "FirstBurstLength=512")) {
            int tag = peer.command(0x20, 1024, IscsiPeer.write10(0, 2), NONE);
            peer.dataOut(tag, -1, 0, 0, true, filled(512));
            IscsiPeer.Answer ready = peer.receive();
            assertThat(ready.opcode()).isEqualTo(0x31);
            peer.dataOut(tag, -1, 0, 512, true, filled(512));
            IscsiPeer.Answer _ = peer.expectReject(PROTOCOL_ERROR);
            peer.dataOut(tag, ready.u32(20), 0, 512, true, filled(512));
            peer.expectSense(tag, 0x0B, 0x0C0C);
            assertUntouched(peer);
        }
    }

    @Test
    void ignoresDataOfACommandThatIsNotThere() throws IOException {
        try (IscsiPeer peer = server.login()) {
            peer.dataOut(0x4711, 1, 0, 0, true, filled(512));
            peer.expectSilence();
            assertUntouched(peer);
        }
    }

    @Test
    void rejectsCommandsThatCannotBe() throws IOException {
        try (IscsiPeer peer = server.login()) {
            assertRejected(peer, 0xE0, NONE, COMMAND_NOT_SUPPORTED);
            assertRejected(peer, 0x40, NONE, INVALID_PDU_FIELD);
            assertRejected(peer, 0xC0, filled(4), INVALID_PDU_FIELD);
            assertRejected(peer, 0xC5, NONE, INVALID_PDU_FIELD);
            assertRejected(peer, 0x00, NONE, INVALID_PDU_FIELD);
            peer.testUnitReady();
            peer.expectSilence();
        }
    }

    @Test
    void rejectsATagThatIsInUse() throws IOException {
        try (IscsiPeer peer = server.login("ImmediateData=No")) {
            int tag = peer.command(0xA0, 512, IscsiPeer.write10(0, 1), NONE);
            IscsiPeer.Answer ready = peer.receive();
            ByteBuffer again = peer.commandHeader(0x01, 0x80, tag, 0, peer.cmdSn++, new byte[16]);
            peer.send(again, NONE);
            IscsiPeer.Answer reject = peer.expectReject(0x07);
            assertThat(reject.data()).startsWith(Arrays.copyOf(again.array(), 48));
            peer.dataOut(tag, ready.u32(20), 0, 0, true, filled(512));
            IscsiPeer.Answer _ = peer.expectGood(tag);
        }
    }

    @Test
    void rejectsAdditionalHeadersThatItDoesNotKnowOrCannotCarry() throws IOException {
        try (IscsiPeer peer = server.login()) {
            peer.send(withAhs(peer, 17, 2, 20), NONE);
            IscsiPeer.Answer _ = peer.expectReject(INVALID_PDU_FIELD);
            peer.send(withAhs(peer, 17, 1, 24), NONE);
            IscsiPeer.Answer _ = peer.expectReject(INVALID_PDU_FIELD);
            peer.send(withAhs(peer, 245, 1, 248), NONE);
            IscsiPeer.Answer reject = peer.expectReject(COMMAND_NOT_SUPPORTED);
            assertThat(reject.data()).hasSize(48 + 248);
            peer.send(withAhs(peer, 33, 1, 36), NONE);
            peer.expectSense(peer.tag, 0x05, 0x2000);
        }
    }

    @Test
    void rejectsSnackUnknownAndLoginRequests() throws IOException {
        try (IscsiPeer peer = server.login()) {
            peer.send(IscsiPeer.header(0x10, 0x80, 1), NONE);
            IscsiPeer.Answer _ = peer.expectReject(0x03);
            peer.send(IscsiPeer.header(0x1C, 0x80, 1), filled(12));
            IscsiPeer.Answer _ = peer.expectReject(COMMAND_NOT_SUPPORTED);
            peer.expectSilence();
            peer.send(IscsiPeer.header(0x43, 0x87, 1), NONE);
            IscsiPeer.Answer _ = peer.expectReject(PROTOCOL_ERROR);
            peer.expectClosed();
        }
    }

    @Test
    void closesOnADataSegmentThatIsTooLong() throws IOException {
        try (IscsiPeer peer = server.login()) {
            ByteBuffer header = peer.commandHeader(0x01, 0xA0, 5, 1 << 20, peer.cmdSn, IscsiPeer.write10(0, 1));
            peer.raw(header.putInt(4, 256 * 1024 + 1).array());
            IscsiPeer.Answer _ = peer.expectReject(PROTOCOL_ERROR);
            peer.expectClosed();
        }
    }

    @Test
    void closesOnAWrongHeaderDigest() throws IOException {
        try (IscsiPeer peer = server.login("HeaderDigest=CRC32C")) {
            ByteBuffer header = IscsiPeer.header(0x40, 0x80, 9);
            peer.raw(header.putInt(20, -1).array());
            peer.raw(new byte[]{1, 2, 3, 4});
            peer.expectClosed();
        }
        assertThat(server.log).singleElement().asString().contains("header digest is wrong");
    }

    @Test
    void rejectsAWrongDataDigestAndCloses() throws IOException {
        try (IscsiPeer peer = server.login("DataDigest=CRC32C")) {
            peer.tag++;
            ByteBuffer header =
                    peer.commandHeader(0x01, 0xA0, peer.tag, 512, peer.cmdSn, IscsiPeer.write10(0, 1));
            peer.raw(header.putInt(4, 512).array());
            peer.raw(filled(512));
            peer.raw(new byte[]{1, 2, 3, 4});
            IscsiPeer.Answer _ = peer.expectReject(0x02);
            peer.expectClosed();
        }
        try (IscsiPeer peer = server.login()) {
            assertUntouched(peer);
        }
    }

    @Test
    void closesWithoutAnAnswerWhatDoesNotBeginWithALogin() throws IOException {
        try (IscsiPeer peer = server.connect()) {
            peer.send(IscsiPeer.header(0x40, 0x80, 1), NONE);
            peer.expectClosed();
        }
        assertThat(server.log).singleElement().asString().contains("before login");
    }

    @Test
    void refusesCommandsWhenNoTaskIsLeft() throws IOException {
        try (IscsiServer small = IscsiServer.start(IscsiServer.options().withQuota(2))) {
            try (IscsiPeer peer = small.login("ImmediateData=No")) {
                int first = peer.command(0xA0, 512, IscsiPeer.write10(0, 1), NONE);
                IscsiPeer.Answer ready = peer.receive();
                int _ = peer.command(0xA0, 512, IscsiPeer.write10(1, 1), NONE);
                assertThat(peer.receive().opcode()).isEqualTo(0x31);
                int third = peer.command(0xA0, 512, IscsiPeer.write10(2, 1), NONE);
                IscsiPeer.Answer full = peer.receive();
                assertThat(full.opcode()).isEqualTo(0x21);
                assertThat(full.u32(16)).isEqualTo(third);
                assertThat(full.u8(3)).as("TASK SET FULL").isEqualTo(0x28);
                assertThat(full.u32(44)).isEqualTo(512);
                peer.dataOut(first, ready.u32(20), 0, 0, true, filled(512));
                IscsiPeer.Answer _ = peer.expectGood(first);
                int fourth = peer.command(0xC0, 512, IscsiPeer.read10(0, 1), NONE);
                IscsiPeer.Answer data = peer.receive();
                assertThat(data.u32(16)).isEqualTo(fourth);
                assertThat(data.data()).isEqualTo(filled(512));
            }
        }
    }

    @Test
    void drainsTheDataOfACommandForWhichNoTaskIsLeft() throws IOException {
        try (IscsiServer small = IscsiServer.start(IscsiServer.options().withQuota(1))) {
            try (IscsiPeer peer = small.login("InitialR2T=No")) {
                int first = peer.command(0x20, 1024, IscsiPeer.write10(0, 2), filled(512));
                int second = peer.command(0x20, 1024, IscsiPeer.write10(2, 2), filled(512));
                peer.dataOut(second, -1, 0, 512, true, filled(512));
                IscsiPeer.Answer full = peer.receive();
                assertThat(full.u32(16)).isEqualTo(second);
                assertThat(full.u8(3)).isEqualTo(0x28);
                peer.dataOut(first, -1, 0, 512, true, filled(512));
                IscsiPeer.Answer _ = peer.expectGood(first);
                assertThat(peer.readBack(0, 4)).startsWith(filled(1024)).endsWith(new byte[1024]);
            }
        }
    }

    /// One Data-Out PDU of a write that is wrong, as the last one.
    private static void assertRefused(IscsiPeer peer, int dataSn, int offset, int length, int reason)
            throws IOException {
        int tag = peer.command(0x20, 2048, IscsiPeer.write10(0, 4), NONE);
        peer.dataOut(tag, -1, dataSn, offset, true, filled(length));
        IscsiPeer.Answer _ = peer.expectReject(reason);
        peer.expectSense(tag, 0x0B, 0x0C0D);
    }

    private static void assertSolicitedRefused(IscsiPeer peer, int tagError, int dataSn, boolean isFinal, int length,
            int reason) throws IOException {
        int tag = peer.command(0xA0, 1024, IscsiPeer.write10(0, 2), NONE);
        IscsiPeer.Answer ready = peer.receive();
        peer.dataOut(tag, ready.u32(20) + tagError, dataSn, 0, isFinal, filled(length));
        IscsiPeer.Answer _ = peer.expectReject(reason);
        peer.expectSense(tag, 0x0B, 0x0C0D);
    }

    private static void assertRejected(IscsiPeer peer, int flags, byte[] data, int reason) throws IOException {
        int _ = peer.command(flags, 512, IscsiPeer.read10(0, 1), data);
        IscsiPeer.Answer _ = peer.expectReject(reason);
    }

    private static ByteBuffer withAhs(IscsiPeer peer, int length, int type, int ahsBytes) {
        peer.tag++;
        byte[] cdb = new byte[16];
        cdb[0] = 0x7F;
        ByteBuffer basic = peer.commandHeader(0x01, 0x80, peer.tag, 0, peer.cmdSn++, cdb);
        return ByteBuffer.allocate(48 + ahsBytes).put(0, basic.array()).putShort(48, (short) length)
                .put(50, (byte) type);
    }

    private static void assertUntouched(IscsiPeer peer) throws IOException {
        assertThat(peer.readBack(0, 8)).isEqualTo(new byte[4096]);
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 0x5A);
        return bytes;
    }
}
