package io.trilane.tools.nbd;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A client that says what a test wants it to say, right or wrong. Blocking, with a limit on every wait.
final class RawPeer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private Socket socket;
    private DataInputStream in;
    private DataOutputStream out;

    /// An answer to an option.
    record OptionReply(int option, int type, byte[] data) {
        String text() {
            return new String(data, StandardCharsets.UTF_8);
        }

        String hex() {
            return HexFormat.of().formatHex(data);
        }
    }

    /// A reply to a request; a chunk of one when `chunkType` is not negative.
    record Reply(int chunkType, int flags, int error, long cookie, byte[] data) {}

    RawPeer(SocketAddress address) throws IOException {
        socket = new Socket();
        socket.connect(address);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        take(socket);
    }

    /// After the greeting, with these client flags.
    static RawPeer greeted(SocketAddress address, int flags) throws IOException {
        RawPeer peer = new RawPeer(address);
        byte[] _ = peer.read(18);
        peer.out.writeInt(flags);
        return peer;
    }

    /// In the transmission phase.
    static RawPeer transmitting(SocketAddress address, String export, boolean isStructured, boolean withContext)
            throws IOException {
        RawPeer peer = greeted(address, 3);
        peer.go(export, isStructured, withContext);
        return peer;
    }

    void go(String export, boolean isStructured, boolean withContext) throws IOException {
        if (isStructured) {
            option(8);
            expect(1);
        }
        if (withContext) {
            option(10, queries(export, "base:allocation"));
            expect(4);
            expect(1);
        }
        option(7, goData(export));
        expect(3);
        expect(1);
    }

    byte[] read(int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /// Hexadecimal digits; spaces do not count.
    void sendHex(String hex) throws IOException {
        send(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    void option(int option, byte... data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream message = new DataOutputStream(bytes);
        message.writeLong(0x49484156454F5054L);
        message.writeInt(option);
        message.writeInt(data.length);
        message.write(data);
        send(bytes.toByteArray());
    }

    OptionReply optionReply() throws IOException {
        long magic = in.readLong();
        if (magic != 0x3e889045565a9L) {
            throw new IOException("reply magic=" + Long.toHexString(magic));
        }
        int option = in.readInt();
        int type = in.readInt();
        return new OptionReply(option, type, read(in.readInt()));
    }

    void expect(int type) throws IOException {
        OptionReply reply = optionReply();
        if (reply.type() != type) {
            throw new IOException("reply type=" + Integer.toHexString(reply.type()) + " " + reply.text());
        }
    }

    void request(int flags, int type, long cookie, long offset, long length, byte... data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream message = new DataOutputStream(bytes);
        message.writeInt(0x25609513);
        message.writeShort(flags);
        message.writeShort(type);
        message.writeLong(cookie);
        message.writeLong(offset);
        message.writeInt((int) length);
        message.write(data);
        send(bytes.toByteArray());
    }

    /// @param dataBytes that follow a simple reply without an error
    Reply reply(int dataBytes) throws IOException {
        int magic = in.readInt();
        if (magic == 0x67446698) {
            int error = in.readInt();
            long cookie = in.readLong();
            return new Reply(-1, 0, error, cookie, read(error == 0 ? dataBytes : 0));
        }
        if (magic != 0x668e33ef) {
            throw new IOException("reply magic=" + Integer.toHexString(magic));
        }
        int flags = in.readShort();
        int type = in.readShort() & 0xFFFF;
        long cookie = in.readLong();
        byte[] data = read(in.readInt());
        int error = type >= 0x8000 ? java.nio.ByteBuffer.wrap(data).getInt() : 0;
        return new Reply(type, flags, error, cookie, data);
    }

    int error(int flags, int type, long offset, long length, byte... data) throws IOException {
        request(flags, type, 99, offset, length, data);
        return reply(0).error();
    }

    /// True when the server has closed the connection and nothing is left to read.
    boolean isCutOff() throws IOException {
        try {
            return in.read() < 0;
        } catch (EOFException | SocketException e) {
            return true;
        }
    }

    void startTls(SSLContext context) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", 0, true);
        secured.startHandshake();
        socket = secured;
        take(secured);
    }

    static byte[] goData(String export, int... infos) {
        byte[] name = export.getBytes(StandardCharsets.UTF_8);
        java.nio.ByteBuffer data = java.nio.ByteBuffer.allocate(6 + name.length + 2 * infos.length);
        data.putInt(name.length).put(name).putShort((short) infos.length);
        for (int info : infos) {
            data.putShort((short) info);
        }
        return data.array();
    }

    static byte[] queries(String export, String... queries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes);
        writeString(data, export);
        data.writeInt(queries.length);
        for (String query : queries) {
            writeString(data, query);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void take(Socket newSocket) throws IOException {
        in = new DataInputStream(newSocket.getInputStream());
        out = new DataOutputStream(newSocket.getOutputStream());
    }

    private static void writeString(DataOutputStream data, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        data.writeInt(bytes.length);
        data.write(bytes);
    }

    static SocketAddress loopback() {
        return new InetSocketAddress("127.0.0.1", 0);
    }
}
