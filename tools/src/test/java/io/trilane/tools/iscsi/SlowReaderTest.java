package io.trilane.tools.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Peers that read late: the outbox is full, and what they are owed beside it still has its room and its time.
@Timeout(120)
class SlowReaderTest {
    private static final byte[] NONE = {};
    private static final int SCSI_RESPONSE = 0x21;
    private static final int DATA_IN = 0x25;
    private static final int READY_TO_TRANSFER = 0x31;
    private static final int MEGABYTE = 1 << 20;
    private static final int BLOCKS = MEGABYTE / IscsiServer.BLOCK;
    private static final int READS = 14;
    /// More than the sockets of both ends hold, so that the server must have sent from its outbox.
    private static final int MORE_THAN_SOCKETS_HOLD = 6 * MEGABYTE;
    private static final int RECEIVE_BYTES = 64 << 10;

    /// It sends nothing, but takes what waits for it: the outbox shrinks, or what had no room in it gets some.
    @ParameterizedTest
    @ValueSource(ints = {262144, 512})
    void aPeerThatOnlyReadsCountsAsAlive(int segmentBytes) throws IOException {
        IscsiServer.Options options = IscsiServer.options().withWindow(16);
        try (IscsiServer server = IscsiServer.start(options);
                IscsiPeer peer = server.connectNarrow(RECEIVE_BYTES);
                IscsiPeer other = server.loginAsAnother()) {
            peer.login("MaxRecvDataSegmentLength=" + segmentBytes);
            peer.testUnitReady();
            for (int i = 0; i < READS; i++) {
                int _ = peer.command(0xC0, MEGABYTE, IscsiPeer.read10(0, BLOCKS), NONE);
            }
            turn(other, 20);
            pass(server, other, IscsiServer.PEER_TIMEOUT_NS / 2);
            read(peer, MORE_THAN_SOCKETS_HOLD);
            turn(other, 20);
            pass(server, other, IscsiServer.PEER_TIMEOUT_NS / 2);
            assertThat(server.log).isEmpty();
            read(peer, MORE_THAN_SOCKETS_HOLD);
            turn(other, 20);
            pass(server, other, IscsiServer.PEER_TIMEOUT_NS / 2);
            peer.expectAnythingThenSilence();
            peer.testUnitReady();
            assertThat(server.log).isEmpty();
        }
    }

    /// Its write was taken in while there was room; the answers of its reads have filled the outbox since. When it reads at
    /// last, the rest of its data is taken together with them.
    @Test
    void aFullOutboxHasRoomForTheR2tsOfAWriteThatWasBegun() throws IOException {
        IscsiServer.Options options = IscsiServer.options().withWindow(16);
        try (IscsiServer server = IscsiServer.start(options);
                IscsiPeer peer = server.connectNarrow(RECEIVE_BYTES);
                IscsiPeer other = server.loginAsAnother()) {
            peer.login("MaxRecvDataSegmentLength=512", "MaxOutstandingR2T=8", "MaxBurstLength=512",
                    "FirstBurstLength=512");
            peer.testUnitReady();
            byte[] head = head(peer, 16 * 512, 512);
            byte[] reads = new byte[0];
            for (int i = 0; i < READS; i++) {
                reads = joined(reads, readHeader(peer));
            }
            // All of it at once: the reads are under way when the write's header is looked at.
            peer.raw(joined(reads, head));
            turn(other, 200);
            peer.raw(new byte[512]);
            turn(other, 200);
            int requests = 0;
            int ended = 0;
            while (requests < 8 || ended < READS) {
                IscsiPeer.Answer answer = peer.receive();
                requests += answer.opcode() == READY_TO_TRANSFER ? 1 : 0;
                boolean hasStatus = answer.opcode() == DATA_IN && (answer.u8(1) & 1) != 0;
                ended += hasStatus || answer.opcode() == SCSI_RESPONSE ? 1 : 0;
            }
            assertThat(requests).isEqualTo(8);
            peer.expectSilence();
            assertThat(server.log).isEmpty();
        }
    }

    private static byte[] readHeader(IscsiPeer peer) {
        peer.tag++;
        ByteBuffer header =
                peer.commandHeader(0x01, 0xC0, peer.tag, MEGABYTE, peer.cmdSn + peer.tag - IscsiPeer.TAG - 2,
                        IscsiPeer.read10(0, BLOCKS));
        return header.array();
    }

    /// A write's header, which says that immediate data follows.
    private static byte[] head(IscsiPeer peer, int bytes, int immediateBytes) {
        ByteBuffer header = peer.commandHeader(0x01, 0xA0, 0x9999, bytes, peer.cmdSn + READS,
                IscsiPeer.write10(0, bytes / IscsiServer.BLOCK));
        header.putInt(4, immediateBytes);
        return header.array();
    }

    private static byte[] joined(byte[] one, byte[] two) {
        return ByteBuffer.allocate(one.length + two.length).put(one).put(two).array();
    }

    /// Data-In of at least so many bytes, and whatever comes between.
    private static void read(IscsiPeer peer, int bytes) throws IOException {
        int done = 0;
        while (done < bytes) {
            done += peer.receive().data().length;
        }
    }

    /// The loop has turned so often.
    private static void turn(IscsiPeer other, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            other.expectAnythingThenSilence();
        }
    }

    private static void pass(IscsiServer server, IscsiPeer other, long ns) throws IOException {
        server.advance(ns);
        turn(other, 3);
    }
}
