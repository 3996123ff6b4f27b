package io.trilane.tools.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.frontend.ConnectionLimits;
import io.trilane.tools.nbd.RawPeer.Reply;
import io.trilane.tools.nbd.ServedDisks.Disk;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bytes by hand against proto.md, "Transmission phase", and what they do to the image.
class TransmissionTest {
    private static final int SIZE = 4 << 20;
    private static final int EPERM = 1;
    private static final int EINVAL = 22;
    private static final int ENOSPC = 28;
    private static final int EOVERFLOW = 75;
    private static final int ENOTSUP = 95;

    @TempDir
    private Path directory;
    private Path thin;
    private Path full;
    private ServedDisks disks;
    private SocketAddress address;

    @BeforeEach
    void serve() throws IOException {
        byte[] content = new byte[SIZE];
        new Random(4).nextBytes(content);
        thin = Files.write(directory.resolve("thin.img"), content);
        full = Files.write(directory.resolve("full.img"), content);
        Path protectedFile = Files.write(directory.resolve("ro.img"), content);
        disks = new ServedDisks(1, 16 << 20, List.of(ServedDisks.file("thin", thin),
                new Disk("full", full.toString(), 4096, false, false, 64 << 10),
                new Disk("ro", protectedFile.toString(), 512, true, false, 1 << 20)));
        address = disks.listen(RawPeer.loopback(), null, ConnectionLimits.STANDARD);
    }

    @AfterEach
    void stop() {
        disks.close();
    }

    @Test
    void answersAReadSimply() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", false, false)) {
            peer.sendHex("25609513 0000 0000 1122334455667788 0000000000000200 00000200");
            assertThat(hex(peer.read(16))).isEqualTo("67446698" + "00000000" + "1122334455667788");
            assertThat(peer.read(512)).isEqualTo(slice(thin, 512, 512));
        }
    }

    @Test
    void answersAReadInAChunk() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", true, false)) {
            peer.sendHex("25609513 0000 0000 1122334455667788 0000000000000001 00000003");
            assertThat(hex(peer.read(31))).isEqualTo("668e33ef" + "0001" + "0001" + "1122334455667788" + "0000000b"
                    + "0000000000000001" + hex(slice(thin, 1, 3)));
            peer.sendHex("25609513 0000 0000 1122334455667788 0000000000400000 00000001");
            byte[] head = peer.read(26);
            assertThat(hex(head)).startsWith("668e33ef" + "0001" + "8001" + "1122334455667788").contains("00000016");
            assertThat(new String(peer.read(head[25]), StandardCharsets.US_ASCII)).contains("beyond the end");
        }
    }

    @Test
    void writesIntoTheImage() throws IOException {
        byte[] data = random(8192, 7);
        try (RawPeer peer = RawPeer.transmitting(address, "thin", true, false)) {
            assertThat(peer.error(1, 1, 4096, 8192, data)).isZero();
        }
        assertThat(slice(thin, 4096, 8192)).isEqualTo(data);
    }

    @Test
    void splitsWhatIsLongerThanATransfer() throws IOException {
        byte[] data = random(1_000_000, 8);
        try (RawPeer peer = RawPeer.transmitting(address, "full", true, false);
                RawPeer plain = RawPeer.transmitting(address, "full", false, false)) {
            assertThat(peer.error(1, 1, 5000, data.length, data)).isZero();
            assertThat(slice(full, 5000, data.length)).isEqualTo(data);
            plain.request(0, 0, 5, 5000, data.length);
            assertThat(plain.reply(data.length).data()).isEqualTo(data);
            assertThat(readChunks(peer, 5000, data.length)).isEqualTo(data);
        }
    }

    @Test
    void sendsOneChunkWhenAskedFor() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "full", true, false)) {
            peer.request(4, 0, 5, 100, 65_536);
            Reply reply = peer.reply(0);
            assertThat(reply.flags()).isEqualTo(1);
            assertThat(Arrays.copyOfRange(reply.data(), 8, reply.data().length)).isEqualTo(slice(full, 100, 65_536));
            assertThat(peer.error(4, 0, 100, 65_537)).isEqualTo(EOVERFLOW);
        }
    }

    @Test
    void answersOthersOnlyBeforeOrAfterAReplyInParts() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "full", false, false)) {
            int[] lengths = {4096, 500_000, 1, 300_000, 65_536, 0, 7};
            for (int i = 0; i < lengths.length; i++) {
                peer.request(0, 0, i, 1000, lengths[i]);
            }
            Set<Long> seen = new HashSet<>();
            for (int i = 0; i < lengths.length; i++) {
                byte[] head = peer.read(16);
                int cookie = head[15];
                assertThat(ByteBuffer.wrap(head).getLong()).isEqualTo(0x67446698_00000000L);
                assertThat(peer.read(lengths[cookie])).isEqualTo(slice(full, 1000, lengths[cookie]));
                assertThat(seen.add((long) cookie)).isTrue();
            }
        }
    }

    @Test
    void zeroesWithAndWithoutAHole() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", true, false);
                RawPeer other = RawPeer.transmitting(address, "full", true, false)) {
            assertThat(peer.error(1, 6, 1000, 100_000)).isZero();
            assertThat(peer.error(3, 6, 200_000, 100_000)).isZero();
            assertThat(other.error(1, 6, 1000, 1_000_000)).isZero();
        }
        byte[] before = random(SIZE, 4);
        byte[] expected = before.clone();
        Arrays.fill(expected, 1000, 101_000, (byte) 0);
        Arrays.fill(expected, 200_000, 300_000, (byte) 0);
        assertThat(Files.readAllBytes(thin)).isEqualTo(expected);
        Arrays.fill(before, 1000, 1_001_000, (byte) 0);
        assertThat(Files.readAllBytes(full)).isEqualTo(before);
    }

    @Test
    void zeroesFastOnlyByUnmapping() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", true, false);
                RawPeer other = RawPeer.transmitting(address, "full", true, false)) {
            assertThat(peer.error(16, 6, 0, 65_536)).isZero();
            assertThat(peer.error(16, 6, 65_537, 65_536)).isEqualTo(ENOTSUP);
            assertThat(peer.error(18, 6, 65_536, 65_536)).isEqualTo(ENOTSUP);
            assertThat(other.error(16, 6, 65_536, 65_536)).isEqualTo(ENOTSUP);
        }
        assertThat(slice(thin, 0, 65_536)).containsOnly(0);
        assertThat(slice(thin, 65_536, 131_072)).isEqualTo(Arrays.copyOfRange(random(SIZE, 4), 65_536, 196_608));
        assertThat(slice(full, 65_536, 65_536)).isEqualTo(Arrays.copyOfRange(random(SIZE, 4), 65_536, 131_072));
    }

    @Test
    void trimsWholeBlocksAndNothingAround() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", true, true);
                RawPeer other = RawPeer.transmitting(address, "full", true, false)) {
            assertThat(peer.error(1, 4, 100_001, 500_000)).isZero();
            assertThat(other.error(1, 4, 100_001, 500_000)).isZero();
            assertThat(peer.error(0, 4, 5, 500)).isZero();
            peer.request(8, 7, 1, 131_072, 4096);
            assertThat(hex(peer.reply(0).data())).isEqualTo("00000001" + "00001000" + "00000003");
        }
        byte[] before = random(SIZE, 4);
        assertThat(slice(thin, 0, 100_001)).isEqualTo(Arrays.copyOf(before, 100_001));
        assertThat(slice(thin, 600_001, 1000)).isEqualTo(Arrays.copyOfRange(before, 600_001, 601_001));
        assertThat(slice(thin, 131_072, 262_144)).containsOnly(0);
        assertThat(Files.readAllBytes(full)).isEqualTo(before);
    }

    @Test
    void reportsExtentsOfTheRangeAskedFor() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", true, true)) {
            assertThat(peer.error(0, 6, 1 << 20, 1 << 20)).isZero();
            peer.request(0, 7, 1, (1 << 20) - 100, (1 << 20) + 300);
            Reply reply = peer.reply(0);
            assertThat(reply.chunkType()).isEqualTo(5);
            assertThat(reply.flags()).isEqualTo(1);
            assertThat(hex(reply.data())).isEqualTo("00000001" + "00000064" + "00000000" + "00100000" + "00000003"
                    + "000000c8" + "00000000");
            assertThat(peer.error(0, 7, 0, 0)).isEqualTo(EINVAL);
        }
    }

    @Test
    void reportsDataWhereTheUnitCannotTell() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "full", true, true)) {
            peer.request(0, 7, 1, 77, 1_000_000);
            assertThat(hex(peer.reply(0).data())).isEqualTo("00000001" + "000f4240" + "00000000");
        }
    }

    @Test
    void refusesWithTheRightError() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", true, false)) {
            assertThat(peer.error(0, 0, SIZE - 1, 2)).isEqualTo(EINVAL);
            assertThat(peer.error(0, 0, -1, 1)).isEqualTo(EINVAL);
            assertThat(peer.error(0, 0, Long.MAX_VALUE, 1)).isEqualTo(EINVAL);
            assertThat(peer.error(0, 1, SIZE - 1, 2, (byte) 1, (byte) 2)).isEqualTo(ENOSPC);
            assertThat(peer.error(0, 6, SIZE, 1)).isEqualTo(ENOSPC);
            assertThat(peer.error(0, 4, SIZE - 512, 1024)).isEqualTo(EINVAL);
            assertThat(peer.error(0, 5, SIZE, 1)).isEqualTo(EINVAL);
            assertThat(peer.error(0, 7, 0, 512)).isEqualTo(EINVAL);
            assertThat(peer.error(0, 3, 1, 0)).isEqualTo(EINVAL);
            assertThat(peer.error(0, 8, 0, 0)).isEqualTo(EINVAL);
            assertThat(peer.error(0, 65_535, 0, 0)).isEqualTo(EINVAL);
            assertThat(peer.error(2, 0, 0, 512)).isEqualTo(EINVAL);
            assertThat(peer.error(4, 6, 0, 512)).isEqualTo(EINVAL);
            assertThat(peer.error(0x20, 0, 0, 512)).isEqualTo(EINVAL);
            assertThat(peer.error(0, 0, 0, 0xFFFF_FFFFL)).isEqualTo(EINVAL);
        }
        assertThat(Files.readAllBytes(thin)).isEqualTo(random(SIZE, 4));
    }

    @Test
    void refusesWritingToAReadOnlyExport() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "ro", true, false)) {
            assertThat(peer.error(0, 1, 0, 3, (byte) 1, (byte) 2, (byte) 3)).isEqualTo(EPERM);
            assertThat(peer.error(0, 4, 0, 512)).isEqualTo(EPERM);
            assertThat(peer.error(0, 6, 0, 512)).isEqualTo(EPERM);
            assertThat(peer.error(1, 3, 0, 0)).isZero();
            assertThat(peer.error(0, 5, 0, 512)).isZero();
        }
    }

    @Test
    void acceptsFuaOnEverything() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", false, false)) {
            peer.request(1, 0, 1, 0, 10);
            assertThat(peer.reply(10).error()).isZero();
            assertThat(peer.error(1, 3, 0, 0)).isZero();
            assertThat(peer.error(1, 5, 0, 10)).isZero();
            assertThat(peer.error(1, 4, 0, 0)).isZero();
            assertThat(peer.error(0, 1, 0, 0)).isZero();
            assertThat(peer.error(0, 0, 0, 0)).isZero();
        }
    }

    @Test
    void readsAWriteThatIsTooLongToItsEnd() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", false, false)) {
            assertThat(peer.error(0, 1, 0, (32 << 20) + 1, new byte[(32 << 20) + 1])).isEqualTo(ENOSPC);
            assertThat(peer.error(0, 3, 0, 0)).isZero();
        }
    }

    @Test
    void dropsAWriteThatNobodyWouldRead() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", false, false)) {
            peer.request(0, 1, 1, 0, 0xFFFF_FFFFL);
            assertThat(peer.isCutOff()).isTrue();
        }
    }

    @Test
    void dropsAPeerThatSpeaksNoNbd() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", false, false)) {
            peer.send(new byte[28]);
            assertThat(peer.isCutOff()).isTrue();
        }
        assertThat(disks.log()).singleElement().asString().contains("request magic=0");
    }

    @Test
    void answersWhatIsUnderWayBeforeItDisconnects() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "full", false, false)) {
            for (int i = 0; i < 20; i++) {
                peer.request(0, 1, i, 4096L * i + 1, 4096, random(4096, i));
            }
            peer.request(0, 2, 0, 0, 0);
            for (int i = 0; i < 20; i++) {
                assertThat(peer.reply(0).error()).isZero();
            }
            assertThat(peer.isCutOff()).isTrue();
        }
        assertThat(disks.log()).isEmpty();
        assertThat(slice(full, 4096 * 19 + 1, 4096)).isEqualTo(random(4096, 19));
    }

    @Test
    void dropsAPeerThatStopsInTheMiddleOfAWrite() throws IOException {
        ConnectionLimits hasty = new ConnectionLimits(8, 15_000_000_000L, 1_000_000, 8);
        SocketAddress other = disks.listen(RawPeer.loopback(), null, hasty);
        try (RawPeer peer = RawPeer.transmitting(other, "thin", false, false)) {
            peer.request(0, 1, 1, 0, 4096, new byte[100]);
            assertThat(peer.isCutOff()).isTrue();
        }
        assertThat(disks.log()).singleElement().asString().contains("silent");
    }

    @Test
    void servesMorePeersThanThereIsMemoryFor() throws IOException {
        RawPeer[] peers = new RawPeer[24];
        for (int i = 0; i < peers.length; i++) {
            peers[i] = RawPeer.transmitting(address, "thin", true, false);
            // Each holds a buffer of 1 MiB that it fills by half: 24 MiB of 16.
            peers[i].request(0, 1, 1, 1 << 20, 1 << 20, new byte[1 << 19]);
        }
        for (int i = 0; i < peers.length; i++) {
            peers[i].send(new byte[1 << 19]);
        }
        for (RawPeer peer : peers) {
            assertThat(peer.reply(0).error()).isZero();
            assertThat(readChunks(peer, 0, 3 << 20)).hasSize(3 << 20);
            peer.close();
        }
    }

    private static byte[] readChunks(RawPeer peer, long offset, int length) throws IOException {
        byte[] data = new byte[length];
        peer.request(0, 0, 5, offset, length);
        Reply reply;
        do {
            reply = peer.reply(0);
            assertThat(reply.chunkType()).isEqualTo(1);
            ByteBuffer chunk = ByteBuffer.wrap(reply.data());
            int at = (int) (chunk.getLong() - offset);
            chunk.get(data, at, chunk.remaining());
        } while (reply.flags() == 0);
        return data;
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] slice(Path file, int offset, int length) throws IOException {
        return Arrays.copyOfRange(Files.readAllBytes(file), offset, offset + length);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
