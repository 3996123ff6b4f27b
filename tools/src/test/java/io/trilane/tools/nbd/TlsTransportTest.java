package io.trilane.tools.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.frontend.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Record by record, without a socket: a client's engine, and the bytes between it and the transport.
@Timeout(60)
class TlsTransportTest {
    private static final int RECORDS = 3000;
    private static final int RECORDS_PER_READ = 256;
    private static final int ROOM = 64 << 10;

    @TempDir
    private static Path directory;
    private static TlsKeys keys;

    private final Wire wire = new Wire();
    private final ByteBuffer text = ByteBuffer.allocate(ROOM);
    private SSLEngine client;
    private Transport server;

    @BeforeAll
    static void makeKey() throws IOException, InterruptedException, GeneralSecurityException {
        keys = new TlsKeys(directory);
        keys.make("EC");
    }

    /// One call opens a part of what came, says that there is more, and the next goes on with it.
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void manyTinyRecordsAreOpenedSomeAtATime(String protocol) throws IOException, GeneralSecurityException {
        shakeHands(protocol);
        byte[] sent = new byte[RECORDS];
        for (int i = 0; i < RECORDS; i++) {
            sent[i] = (byte) i;
            send(sent[i]);
        }
        int done = 0;
        while (done < RECORDS) {
            long got = read();
            assertThat(got).as("after %d", done).isBetween(1L, (long) RECORDS_PER_READ);
            done += (int) got;
            assertThat(server.hasUnread() || wire.toServer.hasRemaining()).isEqualTo(done < RECORDS);
        }
        assertThat(Arrays.copyOf(text.array(), RECORDS)).isEqualTo(sent);
        assertThat(read()).isZero();
    }

    /// The rest has to be asked for: the socket does not become readable again.
    @Test
    void tellsThatARecordHadMoreThanThereWasRoomFor() throws IOException, GeneralSecurityException {
        shakeHands("TLSv1.3");
        send(new byte[]{1, 2, 3, 4, 5});
        text.limit(2);
        assertThat(read()).isEqualTo(2);
        assertThat(server.hasUnread()).isTrue();
        text.limit(ROOM);
        assertThat(read()).isEqualTo(3);
        assertThat(server.hasUnread()).isFalse();
        assertThat(Arrays.copyOf(text.array(), 5)).containsExactly(1, 2, 3, 4, 5);
    }

    /// A peer that says good-bye behind its last words, and keeps the socket.
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void tellsThatTheEndIsBehindTheData(String protocol) throws IOException, GeneralSecurityException {
        shakeHands(protocol);
        send((byte) 7);
        client.closeOutbound();
        wrap(new byte[0]);
        assertThat(read()).isEqualTo(1);
        assertThat(server.hasUnread()).isTrue();
        assertThat(read()).isEqualTo(Transport.END);
    }

    private long read() throws IOException {
        return server.read(new ByteBuffer[]{text}, 1);
    }

    private void send(byte... bytes) throws SSLException {
        wrap(bytes);
    }

    private void wrap(byte[] bytes) throws SSLException {
        ByteBuffer record = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        var _ = client.wrap(ByteBuffer.wrap(bytes), record);
        wire.toServer.compact().put(record.flip()).flip();
    }

    private void shakeHands(String protocol) throws IOException, GeneralSecurityException {
        client = keys.trusting("EC", protocol).createSSLEngine("localhost", 1);
        client.setUseClientMode(true);
        server = keys.settings("EC", true).wrap(wire);
        client.beginHandshake();
        while (client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING || wire.toServer.hasRemaining()) {
            switch (client.getHandshakeStatus()) {
                case NEED_TASK -> client.getDelegatedTask().run();
                case NEED_WRAP -> wrap(new byte[0]);
                default -> {
                    assertThat(read()).isZero();
                    var _ = client.unwrap(wire.toClient, ByteBuffer.allocate(ROOM));
                }
            }
        }
    }

    /// What is under way between the two.
    private static final class Wire implements Transport {
        private final ByteBuffer toServer = ByteBuffer.allocate(1 << 20).limit(0);
        private final ByteBuffer toClient = ByteBuffer.allocate(1 << 20).limit(0);

        @Override
        public long read(ByteBuffer[] targets, int count) {
            int length = Math.min(toServer.remaining(), targets[0].remaining());
            targets[0].put(toServer.slice(toServer.position(), length));
            toServer.position(toServer.position() + length);
            return length;
        }

        @Override
        public long write(ByteBuffer[] sources, int count) {
            int length = sources[0].remaining();
            toClient.compact().put(sources[0]).flip();
            return length;
        }

        @Override
        public boolean hasUnsent() {
            return false;
        }

        @Override
        public boolean hasUnread() {
            return false;
        }

        @Override
        public void close() {
            // There is nothing to close.
        }
    }
}
