package io.trilane.tools.initiator.iscsi;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;

/// A target for tests that can be as wrong as they like: a script for each connection, on a thread of its own. Knows how
/// to be right as far as the script asks for it.
final class FakeTarget implements AutoCloseable {
    static final String TARGET = "iqn.2026-01.io.trilane:fake";
    static final int BLOCKS = 32_768;
    private static final int TIMEOUT_MS = 20_000;

    /// What one connection does; what it throws closes it.
    interface Script {
        void run(Peer peer) throws IOException;
    }

    private final ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final Thread thread;
    /// What the scripts noted.
    final LinkedBlockingQueue<String> notes = new LinkedBlockingQueue<>();

    /// The scripts are for the connections in order; the last is for all that follow.
    FakeTarget(Script... scripts) throws IOException {
        thread = Thread.ofPlatform().daemon().start(() -> {
            int next = 0;
            while (!listener.isClosed()) {
                try (Socket socket = listener.accept()) {
                    socket.setSoTimeout(TIMEOUT_MS);
                    socket.setTcpNoDelay(true);
                    scripts[Math.min(next, scripts.length - 1)].run(new Peer(socket));
                } catch (IOException e) {
                    notes.add(String.valueOf(e.getMessage()));
                }
                next++;
            }
        });
    }

    String uri() {
        return "iscsi://127.0.0.1:" + listener.getLocalPort() + "/" + TARGET + "/0";
    }

    @Override
    public void close() throws IOException {
        listener.close();
        thread.interrupt();
    }

    /// The initiator as its target sees it.
    static final class Peer {
        final Socket socket;
        private final DataInputStream in;
        int statSn = 100;
        int expCmdSn = 1;
        int window = 8;
        /// The last PDU.
        ByteBuffer header = ByteBuffer.allocate(48);
        byte[] data = {};

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new DataInputStream(socket.getInputStream());
        }

        void raw(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        /// Reads a PDU; returns its operation code.
        int receive() throws IOException {
            byte[] bytes = in.readNBytes(48);
            if (bytes.length < 48) {
                throw new EOFException("initiator has closed");
            }
            header = ByteBuffer.wrap(bytes);
            int length = header.getInt(4) & 0xFF_FFFF;
            data = Arrays.copyOf(in.readNBytes(length + 3 & ~3), length);
            int opcode = header.get(0) & 0x3F;
            if (opcode == 0x01 && (header.get(0) & 0x40) == 0) {
                expCmdSn++;
            }
            return opcode;
        }

        int tag() {
            return header.getInt(16);
        }

        /// A PDU with the target's numbers; a status takes one.
        ByteBuffer answer(int opcode, int flags, int tag, boolean hasStatus) {
            ByteBuffer answer = ByteBuffer.allocate(48).put(0, (byte) opcode).put(1, (byte) flags).putInt(16, tag);
            answer.putInt(20, -1).putInt(24, statSn).putInt(28, expCmdSn).putInt(32, expCmdSn + window - 1);
            statSn += hasStatus ? 1 : 0;
            return answer;
        }

        void send(ByteBuffer answer, byte[] bytes) throws IOException {
            answer.putInt(4, bytes.length);
            raw(answer.array());
            raw(Arrays.copyOf(bytes, bytes.length + 3 & ~3));
        }

        /// Both stages.
        void login(String... keys) throws IOException {
            int _ = receive();
            send(loginAnswer(0x81), new byte[0]);
            int _ = receive();
            StringBuilder text = new StringBuilder();
            for (String key : keys) {
                text.append(key).append('\0');
            }
            send(loginAnswer(0x87), text.toString().getBytes(StandardCharsets.UTF_8));
        }

        ByteBuffer loginAnswer(int flags) {
            return answer(0x23, flags, header.getInt(16), true).putInt(20, 0);
        }

        void good() throws IOException {
            send(answer(0x21, 0x80, tag(), true), new byte[0]);
        }

        /// CHECK CONDITION with this sense.
        void check(int key, int asc) throws IOException {
            ByteBuffer response = answer(0x21, 0x80, tag(), true).put(3, (byte) 2);
            ByteBuffer sense = ByteBuffer.allocate(20).putShort((short) 18).put((byte) 0x70).put(4, (byte) key);
            send(response, sense.putShort(14, (short) asc).array());
        }

        /// Data-In with GOOD.
        void dataIn(byte[] bytes) throws IOException {
            send(answer(0x25, 0x81, tag(), true), bytes);
        }

        /// Answers all that the initiator asks before it sends a command that is no question; that is [#header].
        void serveQuestions() throws IOException {
            while (true) {
                int opcode = receive();
                if (opcode == 0x06) {
                    send(answer(0x26, 0x80, tag(), true), new byte[0]);
                    throw new EOFException("logged out");
                }
                if (opcode != 0x01) {
                    return;
                }
                switch (header.get(32) & 0xFF) {
                    case 0x00 -> good();
                    case 0x12 -> {
                        if (header.get(33) == 0) {
                            dataIn(new byte[36]);
                        } else {
                            check(5, 0x2400);
                        }
                    }
                    case 0x9E -> dataIn(ByteBuffer.allocate(32).putLong(BLOCKS - 1).putInt(512).array());
                    case 0x1A -> dataIn(new byte[4]);
                    default -> {
                        return;
                    }
                }
            }
        }
    }
}
