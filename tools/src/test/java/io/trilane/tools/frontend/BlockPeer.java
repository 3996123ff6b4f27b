package io.trilane.tools.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/// The other end of [BlockProtocol].
final class BlockPeer implements AutoCloseable {
    final Socket socket;
    private final DataInputStream in;

    BlockPeer(MemoryServer server, InetSocketAddress address) throws IOException {
        socket = server.connect(address);
        in = new DataInputStream(socket.getInputStream());
        // The power-on unit attention is the first answer.
        send(0, 0, 1, 0, new byte[0]);
        assertThat(answer().status()).isEqualTo(2);
    }

    record Answer(int status, long tag, byte[] data) {}

    static byte[] request(int kind, long lba, int blocks, long tag) {
        return ByteBuffer.allocate(BlockProtocol.REQUEST_BYTES).put((byte) kind).put(new byte[3]).putInt(blocks)
                .putLong(lba).putLong(tag).array();
    }

    void send(int kind, long lba, int blocks, long tag, byte[] data) throws IOException {
        socket.getOutputStream().write(
                ByteBuffer.allocate(BlockProtocol.REQUEST_BYTES + data.length).put(request(kind, lba, blocks, tag))
                        .put(data).array());
    }

    Answer answer() throws IOException {
        int status = in.readInt();
        int length = in.readInt();
        long tag = in.readLong();
        return new Answer(status, tag, in.readNBytes(length));
    }

    void write(long lba, byte[] data) throws IOException {
        send(1, lba, data.length / MemoryServer.BLOCK, lba, data);
        Answer answer = answer();
        assertThat(answer.status()).isZero();
        assertThat(answer.tag()).isEqualTo(lba);
    }

    byte[] read(long lba, int blocks) throws IOException {
        send(0, lba, blocks, lba, new byte[0]);
        Answer answer = answer();
        assertThat(answer.status()).isZero();
        return answer.data();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
