package io.trilane.tools.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Reads and writes on the wire, byte by byte (RFC 7143 11.3, 11.4, 11.7, 11.8).
class DataMovementTest {
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
    void goodStatusTravelsWithTheLastData() throws IOException {
        try (IscsiPeer peer = server.login()) {
            int tag = peer.command(0xC0, 255, IscsiPeer.cdb(0x12, 0, 0), NONE);
            // INQUIRY with allocation length 0 wants nothing.
            IscsiPeer.Answer none = peer.expectGood(tag);
            assertThat(none.u8(1)).isEqualTo(0x82);
            assertThat(none.u32(44)).isEqualTo(255);

            byte[] inquiry = new byte[16];
            inquiry[0] = 0x12;
            inquiry[4] = 36;
            tag = peer.command(0xC0, 255, inquiry, NONE);
            IscsiPeer.Answer data = peer.receive();
            assertThat(data.opcode()).isEqualTo(0x25);
            assertThat(data.u8(1)).as("F, U, S").isEqualTo(0x83);
            assertThat(data.u8(3)).isZero();
            assertThat(data.u32(16)).isEqualTo(tag);
            assertThat(data.u32(20)).isEqualTo(-1);
            assertThat(data.u32(24)).as("StatSN").isEqualTo(none.u32(24) + 1);
            assertThat(data.u32(28)).as("ExpCmdSN").isEqualTo(peer.cmdSn);
            assertThat(data.u32(32)).as("MaxCmdSN").isEqualTo(peer.cmdSn + 7);
            assertThat(data.u32(36)).isZero();
            assertThat(data.u32(40)).isZero();
            assertThat(data.u32(44)).as("residual").isEqualTo(255 - 36);
            assertThat(data.data()).hasSize(36);
        }
    }

    @Test
    void readIsCutToWhatTheInitiatorTakesAndBurstsEndWithF() throws IOException {
        byte[] content = random(64 << 10);
        try (IscsiPeer writer = server.login()) {
            write(writer, 0, content);
        }
        try (IscsiPeer peer = server.login("MaxRecvDataSegmentLength=5000", "MaxBurstLength=12000")) {
            int tag = peer.command(0xC0, 65_536, IscsiPeer.read10(0, 128), NONE);
            byte[] got = new byte[65_536];
            int offset = 0;
            int burst = 0;
            for (int pdu = 0; offset < got.length; pdu++) {
                IscsiPeer.Answer data = peer.receive();
                int length = data.data().length;
                assertThat(data.opcode()).isEqualTo(0x25);
                assertThat(data.u32(16)).isEqualTo(tag);
                assertThat(data.u32(36)).as("DataSN").isEqualTo(pdu);
                assertThat(data.u32(40)).as("BufferOffset").isEqualTo(offset);
                assertThat(length).isLessThanOrEqualTo(5000);
                System.arraycopy(data.data(), 0, got, offset, length);
                offset += length;
                burst += length;
                assertThat(burst).isLessThanOrEqualTo(12_000);
                boolean endsBurst = burst == 12_000 || offset == got.length;
                assertThat(data.u8(1)).isEqualTo((endsBurst ? 0x80 : 0) | (offset == got.length ? 1 : 0));
                burst = endsBurst ? 0 : burst;
            }
            assertThat(got).isEqualTo(content);
        }
    }

    @Test
    void immediateDataIsWritten() throws IOException {
        byte[] content = random(1024);
        try (IscsiPeer peer = server.login()) {
            int tag = peer.command(0xA0, 1024, IscsiPeer.write10(3, 2), content);
            IscsiPeer.Answer answer = peer.expectGood(tag);
            assertThat(answer.u8(1)).isEqualTo(0x80);
            assertThat(answer.u32(44)).isZero();
            assertThat(peer.readBack(3, 2)).isEqualTo(content);
        }
    }

    @Test
    void immediateUnsolicitedAndSolicitedDataFollowEachOther() throws IOException {
        byte[] content = random(8192);
        try (IscsiPeer peer = server.login("InitialR2T=No", "FirstBurstLength=4096", "MaxBurstLength=2048",
                "MaxOutstandingR2T=1")) {
            int tag = peer.command(0x20, 8192, IscsiPeer.write10(8, 16), Arrays.copyOf(content, 1000));
            // FirstBurstLength is lowered to MaxBurstLength.
            peer.dataOut(tag, -1, 0, 1000, false, Arrays.copyOfRange(content, 1000, 1500));
            peer.dataOut(tag, -1, 1, 1500, true, Arrays.copyOfRange(content, 1500, 2048));
            for (int r2t = 0; r2t < 3; r2t++) {
                IscsiPeer.Answer ready = peer.receive();
                int start = 2048 + r2t * 2048;
                assertThat(ready.opcode()).isEqualTo(0x31);
                assertThat(ready.u8(1)).isEqualTo(0x80);
                assertThat(ready.u32(16)).isEqualTo(tag);
                assertThat(ready.u32(36)).as("R2TSN").isEqualTo(r2t);
                assertThat(ready.u32(40)).as("BufferOffset").isEqualTo(start);
                assertThat(ready.u32(44)).as("length").isEqualTo(2048);
                peer.dataOut(tag, ready.u32(20), 0, start, false, Arrays.copyOfRange(content, start, start + 1));
                peer.dataOut(tag, ready.u32(20), 1, start + 1, true,
                        Arrays.copyOfRange(content, start + 1, start + 2048));
            }
            IscsiPeer.Answer answer = peer.expectGood(tag);
            assertThat(answer.u32(36)).as("ExpDataSN counts R2Ts").isEqualTo(3);
            assertThat(peer.readBack(8, 16)).isEqualTo(content);
        }
    }

    @Test
    void severalRequestsForDataAreOutstandingAtOnce() throws IOException {
        byte[] content = random(5 * 1024);
        try (IscsiPeer peer = server.login("ImmediateData=No", "InitialR2T=Yes", "MaxBurstLength=1024",
                "FirstBurstLength=1024", "MaxOutstandingR2T=3")) {
            int tag = peer.command(0xA0, content.length, IscsiPeer.write10(0, 10), NONE);
            int[] transferTags = new int[5];
            for (int i = 0; i < 3; i++) {
                IscsiPeer.Answer ready = peer.receive();
                assertThat(ready.u32(40)).isEqualTo(i * 1024);
                transferTags[i] = ready.u32(20);
            }
            peer.expectSilence();
            for (int i = 0; i < 5; i++) {
                peer.dataOut(tag, transferTags[i], 0, i * 1024, true,
                        Arrays.copyOfRange(content, i * 1024, (i + 1) * 1024));
                if (i < 2) {
                    transferTags[i + 3] = peer.receive().u32(20);
                }
            }
            IscsiPeer.Answer _ = peer.expectGood(tag);
            assertThat(Arrays.stream(transferTags).distinct().count()).isEqualTo(5);
            assertThat(peer.readBack(0, 10)).isEqualTo(content);
        }
    }

    @Test
    void readThatOffersLessRoomThanTheCommandWantsOverflows() throws IOException {
        try (IscsiPeer peer = server.login()) {
            int _ = peer.command(0xC0, 700, IscsiPeer.read10(0, 2), NONE);
            IscsiPeer.Answer data = peer.receive();
            assertThat(data.u8(1)).as("F, O, S").isEqualTo(0x85);
            assertThat(data.u32(44)).isEqualTo(1024 - 700);
            assertThat(data.data()).hasSize(700);
        }
    }

    @Test
    void writeThatOffersMoreThanTheCommandWantsUnderflows() throws IOException {
        byte[] content = random(2048);
        try (IscsiPeer peer = server.login()) {
            int tag = peer.command(0xA0, 2048, IscsiPeer.write10(0, 1), content);
            IscsiPeer.Answer answer = peer.expectGood(tag);
            assertThat(answer.u8(1)).isEqualTo(0x82);
            assertThat(answer.u32(44)).isEqualTo(2048 - 512);
            assertThat(peer.readBack(0, 2)).startsWith(Arrays.copyOf(content, 512)).endsWith(new byte[512]);
        }
    }

    @Test
    void moreThanATaskCarriesIsServedAsFarAsTheCommandWants() throws IOException {
        byte[] content = random(512);
        try (IscsiPeer peer = server.login()) {
            write(peer, 5, content);
            int _ = peer.command(0xC0, -16, IscsiPeer.read10(5, 1), NONE);
            IscsiPeer.Answer data = peer.receive();
            assertThat(data.u8(1)).isEqualTo(0x83);
            assertThat(data.u32(44)).isEqualTo(-16 - 512);
            assertThat(data.data()).isEqualTo(content);
        }
    }

    @Test
    void moreThanATaskCarriesIsNoSuccessWhenTheCommandWantsIt() throws IOException {
        try (IscsiPeer peer = server.login()) {
            int length = IscsiServer.MAX_TRANSFER * 2;
            int _ = peer.command(0xC0, length, IscsiPeer.read10(0, length / 512), NONE);
            IscsiPeer.Answer answer = peer.receive();
            while (answer.opcode() == 0x25) {
                assertThat(answer.u8(1) & 1).isZero();
                answer = peer.receive();
            }
            assertThat(answer.opcode()).isEqualTo(0x21);
            assertThat(answer.u8(2) != 0 || answer.u8(3) != 0).isTrue();
        }
    }

    @Test
    void senseDataComesWithTheResponse() throws IOException {
        try (IscsiPeer peer = server.login()) {
            int tag = peer.command(0xC0, 512, IscsiPeer.read10(0x7FFF_FFFF, 1), NONE);
            IscsiPeer.Answer answer = peer.receive();
            assertThat(answer.u32(16)).isEqualTo(tag);
            assertThat(answer.u8(3)).isEqualTo(0x02);
            int senseLength = (answer.data()[0] & 0xFF) << 8 | answer.data()[1] & 0xFF;
            assertThat(answer.data()).hasSize(2 + senseLength);
            assertThat(answer.data()[2 + 2] & 0x0F).isEqualTo(0x05);
            assertThat(answer.data()[2 + 12]).isEqualTo((byte) 0x21);
        }
    }

    @Test
    void digestsCoverHeadersAndPaddedData() throws IOException {
        byte[] content = random(1024);
        try (IscsiPeer peer = server.login("HeaderDigest=CRC32C", "DataDigest=CRC32C", "InitialR2T=No",
                "MaxRecvDataSegmentLength=513")) {
            int tag = peer.command(0x20, 1024, IscsiPeer.write10(0, 2), Arrays.copyOf(content, 7));
            peer.dataOut(tag, -1, 0, 7, true, Arrays.copyOfRange(content, 7, 1024));
            IscsiPeer.Answer _ = peer.expectGood(tag);
            assertThat(peer.readBack(0, 2)).isEqualTo(content);
            peer.expectSilence();
        }
    }

    @Test
    void longCdbsReachTheUnit() throws IOException {
        try (IscsiPeer peer = server.login()) {
            byte[] cdb = new byte[16];
            cdb[0] = 0x7F;
            cdb[7] = 24;
            peer.tag++;
            ByteBuffer basic = peer.commandHeader(0x01, 0x80, peer.tag, 0, peer.cmdSn++, cdb);
            ByteBuffer header = ByteBuffer.allocate(48 + 20).put(0, basic.array());
            header.putShort(48, (short) 17).put(50, (byte) 1);
            peer.send(header, NONE);
            peer.expectSense(peer.tag, 0x05, 0x2000);
        }
    }

    @Test
    void aReaderThatIsSlowGetsEverythingInOrder() throws IOException {
        byte[] content = random(1 << 20);
        try (IscsiPeer writer = server.login()) {
            for (int i = 0; i < 16; i++) {
                write(writer, i * 128, Arrays.copyOfRange(content, i * 65_536, (i + 1) * 65_536));
            }
        }
        try (IscsiPeer peer = server.login("MaxRecvDataSegmentLength=512", "MaxBurstLength=512")) {
            int[] tags = new int[8];
            for (int i = 0; i < 8; i++) {
                tags[i] = peer.command(0xC0, 1 << 20, IscsiPeer.read10(0, 2048), NONE);
            }
            for (int i = 0; i < 8; i++) {
                byte[] got = new byte[1 << 20];
                for (int sn = 0; sn < 2048; sn++) {
                    IscsiPeer.Answer data = peer.receive();
                    assertThat(data.u32(16)).isEqualTo(tags[i]);
                    assertThat(data.u32(36)).isEqualTo(sn);
                    System.arraycopy(data.data(), 0, got, data.u32(40), 512);
                }
                assertThat(got).isEqualTo(content);
            }
            peer.expectSilence();
        }
    }

    private static void write(IscsiPeer peer, int block, byte[] content) throws IOException {
        int tag = peer.command(0xA0, content.length, IscsiPeer.write10(block, content.length / 512), content);
        IscsiPeer.Answer _ = peer.expectGood(tag);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
