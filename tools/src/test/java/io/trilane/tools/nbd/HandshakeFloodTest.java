package io.trilane.tools.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.frontend.MemoryLoop;
import io.trilane.tools.frontend.MemoryPeer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A peer that asks for options for ever, as fast as they are answered: others have their turn between them.
class HandshakeFloodTest {
    private static final int GREETING_BYTES = 18;
    private static final int OPTIONS = 6000;
    private static final int OPTIONS_PER_TURN = 64;
    private static final int UNKNOWN_OPTION = 77;
    private static final int TURNS = 2000;

    private MemoryLoop loop;

    @BeforeEach
    void start() {
        loop = new MemoryLoop(unit -> new NbdFrontEnd(List.of(unit), null, MemoryPeer.LIMITS));
    }

    @AfterEach
    void stop() {
        loop.close();
    }

    @Test
    void manyOptionsOfOnePeerKeepNobodyWaiting() {
        int answerBytes = loop.run(TURNS, flood(1)).total(0) - GREETING_BYTES;
        MemoryLoop.Trace alone = loop.run(TURNS, flush());
        int servedBytes = alone.total(0);
        MemoryLoop.Trace both = loop.run(TURNS, flood(OPTIONS), flush());
        assertThat(both.most(0)).as("in one turn").isBetween(1, GREETING_BYTES + OPTIONS_PER_TURN * answerBytes);
        assertThat(both.total(1)).as("the other").isEqualTo(servedBytes);
        int servedTurn = both.turnOf(1, servedBytes);
        assertThat(servedTurn).isLessThanOrEqualTo(alone.turnOf(0, servedBytes) + 2);
        int floodBytes = GREETING_BYTES + OPTIONS * answerBytes;
        assertThat(both.sentBytes()[0][servedTurn]).as("meanwhile").isBetween(GREETING_BYTES + 1, floodBytes / 2);
        assertThat(both.total(0)).as("every option is answered").isEqualTo(floodBytes);
    }

    private static byte[] flood(int options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(4).putInt(3).array());
        for (int i = 0; i < options; i++) {
            out.writeBytes(option(UNKNOWN_OPTION, new byte[0]));
        }
        return out.toByteArray();
    }

    /// A whole handshake and a flush.
    private static byte[] flush() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(4).putInt(3).array());
        out.writeBytes(option(NbdCodes.OPT_GO, RawPeer.goData("disk")));
        out.writeBytes(ByteBuffer.allocate(28).putInt(NbdCodes.REQUEST_MAGIC).putShort((short) 0)
                .putShort((short) NbdCodes.CMD_FLUSH).array());
        return out.toByteArray();
    }

    private static byte[] option(int option, byte[] data) {
        return ByteBuffer.allocate(16 + data.length).putLong(NbdCodes.OPTION_MAGIC).putInt(option)
                .putInt(data.length).put(data).array();
    }
}
