package io.trilane.tools.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever comes in, the server answers or closes, and serves the next: no failure of ours, no task lost.
class RandomPdusTest {
    private static final int SEEDS = 150;
    private static final int PDUS = 60;
    private static final int[] OPCODES = {0, 1, 1, 1, 1, 2, 4, 5, 5, 5, 6, 0x10, 0x1F};
    private static final int[] OFFSETS = {0, 0, 512, 1024};

    @Test
    void nothingThatComesInBreaksTheServer() throws IOException {
        try (IscsiServer server = IscsiServer.start()) {
            for (int seed = 0; seed < SEEDS; seed++) {
                try (IscsiPeer peer = server.login("InitialR2T=No", "FirstBurstLength=1024", "MaxBurstLength=1024")) {
                    talk(peer, new Random(seed));
                } catch (IOException _) {
                    // Closed by the server: its right.
                }
                assertThat(server.log).as("seed=%d", seed).noneMatch(line -> line.contains("failed"));
            }
            try (IscsiPeer peer = server.login("ImmediateData=No")) {
                // As many as the window has: no task is lost.
                for (int i = 0; i < 8; i++) {
                    int _ = peer.command(0xA0, 512, IscsiPeer.write10(i, 1), new byte[0]);
                    assertThat(peer.receive().opcode()).isEqualTo(0x31);
                }
            }
        }
    }

    private static void talk(IscsiPeer peer, Random random) throws IOException {
        for (int i = 0; i < PDUS; i++) {
            int opcode = OPCODES[random.nextInt(OPCODES.length)];
            boolean isImmediate = random.nextInt(4) == 0;
            int ahs = random.nextInt(12) == 0 ? 4 * random.nextInt(16) : 0;
            byte[] cdb = new byte[16];
            cdb[0] = random.nextBoolean() ? (byte) 0x2A : (byte) 0x28;
            cdb[8] = (byte) random.nextInt(5);
            ByteBuffer basic = peer.commandHeader(opcode | (isImmediate ? 0x40 : 0), random.nextInt(256),
                    random.nextInt(6), random.nextInt(5) * 512, peer.cmdSn, cdb);
            ByteBuffer header = ByteBuffer.allocate(48 + ahs).put(0, basic.array());
            if (opcode == 5) {
                header.putInt(20, random.nextInt(3) == 0 ? -1 : random.nextInt(8)).putInt(36, random.nextInt(2));
                header.putInt(40, OFFSETS[random.nextInt(OFFSETS.length)]);
            } else if (random.nextInt(40) != 0) {
                peer.cmdSn += isImmediate || opcode >= 0x10 ? 0 : 1;
            }
            peer.send(header, new byte[random.nextInt(3) * 512 + (random.nextInt(10) == 0 ? 3 : 0)]);
        }
        int logout = random.nextInt(2);
        if (logout == 0) {
            peer.expectAnythingThenSilence();
        }
    }
}
