package io.trilane.tools.hostile;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// An NBD client on a blocking socket, made byte by byte: well-behaved in what has a verb of its own, anything else through
/// [#raw].
final class NbdWire implements Closeable {
    static final int READ = 0;
    static final int WRITE = 1;
    static final int FLUSH = 3;
    static final int FUA = 1;
    static final long OPTION_MAGIC = 0x49484156454F5054L;
    private static final int TIMEOUT_MS = 60_000;

    final Socket socket = new Socket();
    private final DataInputStream in;
    private long cookie;

    NbdWire(InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(address);
        socket.setSoTimeout(TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
    }

    /// Past the greeting, with client flags sent.
    static NbdWire greeted(InetSocketAddress address) throws IOException {
        NbdWire wire = new NbdWire(address);
        if (wire.in.readLong() != 0x4e42444d41474943L || wire.in.readLong() != OPTION_MAGIC) {
            throw new IOException("no greeting");
        }
        short _ = wire.in.readShort();
        wire.raw(ByteBuffer.allocate(4).putInt(3).array());
        return wire;
    }

    /// In transmission with an export.
    static NbdWire open(InetSocketAddress address, String export) throws IOException {
        NbdWire wire = greeted(address);
        byte[] name = export.getBytes(StandardCharsets.UTF_8);
        wire.option(7, ByteBuffer.allocate(name.length + 6).putInt(name.length).put(name).putShort((short) 0).array());
        int reply;
        do {
            reply = wire.optionReply();
        } while (reply == 3);
        if (reply != 1) {
            throw new IOException("GO was answered with " + Integer.toHexString(reply));
        }
        return wire;
    }

    void option(int option, byte[] data) throws IOException {
        raw(optionHead(option, data.length));
        raw(data);
    }

    static byte[] optionHead(int option, int length) {
        return ByteBuffer.allocate(16).putLong(OPTION_MAGIC).putInt(option).putInt(length).array();
    }

    /// The type of the next option reply.
    int optionReply() throws IOException {
        if (in.readLong() != 0x3e889045565a9L) {
            throw new IOException("no option reply");
        }
        int _ = in.readInt();
        int type = in.readInt();
        byte[] _ = in.readNBytes(in.readInt());
        return type;
    }

    static byte[] request(int type, int flags, long cookie, long offset, int length) {
        return ByteBuffer.allocate(28).putInt(0x25609513).putShort((short) flags).putShort((short) type)
                .putLong(cookie).putLong(offset).putInt(length).array();
    }

    void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    byte[] read(long offset, int length) throws IOException {
        raw(request(READ, 0, ++cookie, offset, length));
        expectGood("read");
        return in.readNBytes(length);
    }

    void write(int flags, long offset, byte[] data) throws IOException {
        raw(request(WRITE, flags, ++cookie, offset, data.length));
        raw(data);
        expectGood("write");
    }

    void flush() throws IOException {
        raw(request(FLUSH, 0, ++cookie, 0, 0));
        expectGood("flush");
    }

    /// The error of the next simple reply.
    int error() throws IOException {
        if (in.readInt() != 0x67446698) {
            throw new IOException("no simple reply");
        }
        int error = in.readInt();
        long _ = in.readLong();
        return error;
    }

    private void expectGood(String what) throws IOException {
        int error = error();
        if (error != 0) {
            throw new IOException(what + " error=" + error);
        }
    }

    /// True when the server closes; what it says until then is dropped.
    boolean isCutOff() throws IOException {
        try {
            while (in.read() >= 0) {
                // Dropped.
            }
            return true;
        } catch (EOFException _) {
            return true;
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).contains("reset");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
