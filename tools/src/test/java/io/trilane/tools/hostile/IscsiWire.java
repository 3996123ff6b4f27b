package io.trilane.tools.hostile;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// An initiator on a blocking socket, made byte by byte: well-behaved in what has a verb of its own, anything else through
/// [#raw].
final class IscsiWire implements Closeable {
    static final int HEADER = 48;
    static final int COMMAND = 0x01;
    static final int DATA_OUT = 0x05;
    static final int DATA_IN = 0x25;
    static final int RESPONSE = 0x21;
    static final int R2T = 0x31;
    static final int REJECT = 0x3F;
    private static final int TIMEOUT_MS = 60_000;
    private static final int BLOCK = HostileServer.BLOCK;

    final Socket socket = new Socket();
    private final DataInputStream in;
    int cmdSn = 1;
    int expStatSn;
    private int tag = 100;

    IscsiWire(InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(address);
        socket.setSoTimeout(TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
    }

    /// A PDU that came.
    record Pdu(ByteBuffer header, byte[] data) {
        int opcode() {
            return header.get(0) & 0x3F;
        }

        int status() {
            return header.get(3) & 0xFF;
        }
    }

    /// Logged in under this name, and past the unit attention.
    static IscsiWire loggedIn(InetSocketAddress address, String target, String name) throws IOException {
        IscsiWire wire = new IscsiWire(address);
        Pdu answer = wire.login(loginText(target, name));
        if (answer.header.getShort(36) != 0) {
            throw new IOException("login status=" + Integer.toHexString(answer.header.getShort(36)));
        }
        wire.send(wire.command(0x80, 0, new byte[6]), new byte[0]);
        Pdu _ = wire.receive();
        return wire;
    }

    static String loginText(String target, String name) {
        return "InitiatorName=iqn.2026-01.net.example:" + name + "\0TargetName=" + target
                + "\0SessionType=Normal\0InitialR2T=Yes\0ImmediateData=Yes\0";
    }

    Pdu login(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(ByteBuffer.allocate(HEADER).put(0, (byte) 0x43).put(1, (byte) 0x87).putLong(8, 0x4000_0001_0000_0000L)
                .putInt(16, 1).putInt(24, cmdSn), bytes);
        Pdu answer = receive();
        expStatSn = answer.header.getInt(24) + 1;
        return answer;
    }

    /// A SCSI Command's header with the next tag and CmdSN.
    ByteBuffer command(int flags, int expectedBytes, byte[] cdb) {
        ByteBuffer header = ByteBuffer.allocate(HEADER).put(0, (byte) COMMAND).put(1, (byte) flags);
        header.putInt(16, ++tag).putInt(20, expectedBytes).putInt(24, cmdSn++).putInt(28, expStatSn);
        return header.put(32, cdb);
    }

    static byte[] cdb(int operation, int flags, long block, int blocks) {
        return ByteBuffer.allocate(10).put((byte) operation).put((byte) flags).putInt((int) block).put((byte) 0)
                .putShort((short) blocks).array();
    }

    void send(ByteBuffer header, byte[] data) throws IOException {
        header.putInt(4, header.getInt(4) & 0xFF00_0000 | data.length);
        raw(header.array());
        raw(Arrays.copyOf(data, data.length + 3 & ~3));
    }

    void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    Pdu receive() throws IOException {
        byte[] header = in.readNBytes(HEADER);
        if (header.length < HEADER) {
            throw new EOFException("the server has closed");
        }
        ByteBuffer fields = ByteBuffer.wrap(header);
        int length = fields.getInt(4) & 0xFF_FFFF;
        byte[] data = Arrays.copyOf(in.readNBytes(length + 3 & ~3), length);
        return new Pdu(fields, data);
    }

    /// What the server still says, and that it then closes; opcodes in order.
    String toTheEnd() throws IOException {
        StringBuilder opcodes = new StringBuilder();
        try {
            while (true) {
                opcodes.append(Integer.toHexString(receive().opcode())).append(' ');
            }
        } catch (EOFException _) {
            return opcodes.toString().strip();
        }
    }

    byte[] read(long block, int blocks) throws IOException {
        byte[] all = new byte[blocks * BLOCK];
        send(command(0xC0, all.length, cdb(0x28, 0, block, blocks)), new byte[0]);
        while (true) {
            Pdu pdu = receive();
            if (pdu.opcode() == DATA_IN) {
                System.arraycopy(pdu.data, 0, all, pdu.header.getInt(40), pdu.data.length);
            }
            if (pdu.opcode() == RESPONSE && pdu.status() != 0) {
                throw new IOException("read status=" + pdu.status());
            }
            if (pdu.opcode() == RESPONSE || pdu.opcode() == DATA_IN && (pdu.header.get(1) & 1) != 0) {
                return all;
            }
        }
    }

    /// @param flags byte 1 of the CDB: 8 is FUA
    void write(long block, int flags, byte[] data) throws IOException {
        send(command(0xA0, data.length, cdb(0x2A, flags, block, data.length / BLOCK)), new byte[0]);
        finishWrite(data);
    }

    void synchronizeCache() throws IOException {
        send(command(0x80, 0, cdb(0x35, 0, 0, 0)), new byte[0]);
        finishWrite(new byte[0]);
    }

    private void finishWrite(byte[] data) throws IOException {
        while (true) {
            Pdu pdu = receive();
            if (pdu.opcode() == R2T) {
                answerR2t(pdu.header, data);
            } else if (pdu.opcode() == RESPONSE) {
                if (pdu.status() != 0) {
                    throw new IOException("write status=" + pdu.status());
                }
                return;
            }
        }
    }

    private void answerR2t(ByteBuffer r2t, byte[] data) throws IOException {
        int offset = r2t.getInt(40);
        int end = offset + r2t.getInt(44);
        for (int dataSn = 0; offset < end; dataSn++) {
            int length = Math.min(8192, end - offset);
            ByteBuffer header = ByteBuffer.allocate(HEADER).put(0, (byte) DATA_OUT)
                    .put(1, (byte) (offset + length == end ? 0x80 : 0)).putInt(16, r2t.getInt(16))
                    .putInt(20, r2t.getInt(20)).putInt(36, dataSn).putInt(40, offset);
            send(header, Arrays.copyOfRange(data, offset, offset + length));
            offset += length;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
