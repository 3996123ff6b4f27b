package io.trilane.tools.initiator.nbd;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/// Says what a test wants a server to say, right or wrong, to one connection after the other, on a thread of its own.
final class FakeServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Thread thread;
    private final AtomicReference<Socket> current = new AtomicReference<>();
    private final Script script;

    /// What happens on a connection; it is closed afterwards.
    interface Script {
        /// @param connection 0: the one that asks what the export can do
        void serve(int connection, DataInputStream in, DataOutputStream out) throws IOException;
    }

    /// What the handshake tells.
    ///
    /// @param isStructured structured replies are granted
    record Offer(boolean isStructured, long sizeBytes, int flags, int minBytes, int maxBytes) {
        /// All flags that a load needs.
        static final int ALL = 1 | 4 | 8 | 32 | 256;

        static Offer simple() {
            return new Offer(false, 1 << 20, ALL, 1, 32 << 20);
        }

        static Offer structured() {
            return new Offer(true, 1 << 20, ALL, 1, 32 << 20);
        }
    }

    /// A request as it came.
    record Received(int flags, int command, long cookie, long offset, int length, byte[] data) {}

    FakeServer(Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        this.thread = Thread.ofPlatform().daemon().name("fake-nbd-server").start(this::run);
    }

    /// With a proper handshake before the script, which sees load connections only.
    static FakeServer offering(Offer offer, Script script) throws IOException {
        return new FakeServer((connection, in, out) -> {
            handshake(in, out, offer);
            if (connection > 0) {
                script.serve(connection, in, out);
            } else {
                Received _ = request(in);
            }
        });
    }

    String uri() {
        return "nbd://127.0.0.1:" + listener.getLocalPort() + "/disk";
    }

    @Override
    public void close() throws IOException {
        listener.close();
        Socket socket = current.get();
        if (socket != null) {
            socket.close();
        }
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void greet(DataInputStream in, DataOutputStream out) throws IOException {
        out.writeLong(0x4e42444d41474943L);
        out.writeLong(0x49484156454F5054L);
        out.writeShort(3);
        out.flush();
        int _ = in.readInt();
    }

    /// Returns the option's number, its data is gone over.
    static int option(DataInputStream in) throws IOException {
        long _ = in.readLong();
        int option = in.readInt();
        in.skipNBytes(in.readInt());
        return option;
    }

    static void reply(DataOutputStream out, int option, int type, byte... data) throws IOException {
        out.writeLong(0x3e889045565a9L);
        out.writeInt(option);
        out.writeInt(type);
        out.writeInt(data.length);
        out.write(data);
        out.flush();
    }

    static void handshake(DataInputStream in, DataOutputStream out, Offer offer) throws IOException {
        greet(in, out);
        reply(out, option(in), offer.isStructured() ? 1 : 1 << 31 | 1);
        int go = option(in);
        reply(out, go, 3, exportInfo(offer));
        reply(out, go, 3, blockInfo(offer));
        reply(out, go, 1);
    }

    static byte[] exportInfo(Offer offer) throws IOException {
        return bytes(data -> {
            data.writeShort(0);
            data.writeLong(offer.sizeBytes());
            data.writeShort(offer.flags());
        });
    }

    static byte[] blockInfo(Offer offer) throws IOException {
        return bytes(data -> {
            data.writeShort(3);
            data.writeInt(offer.minBytes());
            data.writeInt(4096);
            data.writeInt(offer.maxBytes());
        });
    }

    static Received request(DataInputStream in) throws IOException {
        int magic = in.readInt();
        if (magic != 0x25609513) {
            throw new IOException("request magic=" + Integer.toHexString(magic));
        }
        int flags = in.readUnsignedShort();
        int command = in.readUnsignedShort();
        long cookie = in.readLong();
        long offset = in.readLong();
        int length = in.readInt();
        byte[] data = new byte[command == 1 ? length : 0];
        in.readFully(data);
        return new Received(flags, command, cookie, offset, length, data);
    }

    static void simple(DataOutputStream out, int error, long cookie, byte... data) throws IOException {
        out.writeInt(0x67446698);
        out.writeInt(error);
        out.writeLong(cookie);
        out.write(data);
        out.flush();
    }

    /// @param flags 1: the last of its reply
    static void chunk(DataOutputStream out, int flags, int type, long cookie, byte... payload) throws IOException {
        out.writeInt(0x668e33ef);
        out.writeShort(flags);
        out.writeShort(type);
        out.writeLong(cookie);
        out.writeInt(payload.length);
        out.write(payload);
        out.flush();
    }

    static byte[] dataPayload(long offset, byte... data) throws IOException {
        return bytes(out -> {
            out.writeLong(offset);
            out.write(data);
        });
    }

    static byte[] holePayload(long offset, int length) throws IOException {
        return bytes(out -> {
            out.writeLong(offset);
            out.writeInt(length);
        });
    }

    static byte[] errorPayload(int error, String text) throws IOException {
        return bytes(out -> {
            byte[] message = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(error);
            out.writeShort(message.length);
            out.write(message);
        });
    }

    /// Writes bytes.
    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    static byte[] bytes(Writer writer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private void run() {
        for (int connection = 0; !listener.isClosed(); connection++) {
            try (Socket socket = listener.accept()) {
                current.set(socket);
                socket.setSoTimeout(20_000);
                socket.setTcpNoDelay(true);
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
                script.serve(connection, new DataInputStream(new BufferedInputStream(socket.getInputStream())), out);
                out.flush();
            } catch (SocketException _) {
                // Closed by the client or by the end of the test.
                continue;
            } catch (IOException _) {
                // The client went away in the middle: tests look at the client.
                continue;
            }
        }
    }
}
