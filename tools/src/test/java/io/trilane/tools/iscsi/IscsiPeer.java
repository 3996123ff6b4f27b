package io.trilane.tools.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// An initiator for tests that builds every PDU byte by byte, so that it can build wrong ones, with a CRC32C of its own.
final class IscsiPeer implements AutoCloseable {
    static final int TAG = 0x1000;
    private static final int TIMEOUT_MS = 20_000;
    private static final int FIRST_CMD_SN = 7;

    private final Socket socket;
    private final DataInputStream in;
    boolean headerDigest;
    boolean dataDigest;
    int cmdSn = FIRST_CMD_SN;
    int tag = TAG;
    int expStatSn;
    int maxCmdSn;
    long isid = 0x4000_0001_0000L;

    IscsiPeer(InetSocketAddress address) throws IOException {
        this(address, 0);
    }

    /// @param receiveBytes at most of the socket's memory for what it has not read yet; 0: as the system likes it
    IscsiPeer(InetSocketAddress address, int receiveBytes) throws IOException {
        socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.connect(address);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /// A PDU that came in.
    record Answer(ByteBuffer header, byte[] data) {
        int opcode() {
            return header.get(0) & 0x3F;
        }

        int u8(int offset) {
            return header.get(offset) & 0xFF;
        }

        int u16(int offset) {
            return header.getShort(offset) & 0xFFFF;
        }

        int u32(int offset) {
            return header.getInt(offset);
        }
    }

    /// 48 zero bytes with an operation code, flags and a task tag.
    static ByteBuffer header(int opcode, int flags, int taskTag) {
        return ByteBuffer.allocate(48).put(0, (byte) opcode).put(1, (byte) flags).putInt(16, taskTag);
    }

    void login(String... keys) throws IOException {
        StringBuilder text =
                new StringBuilder("InitiatorName=iqn.2026-01.net.example:peer\0SessionType=Normal\0TargetName="
                        + IscsiServer.TARGET + "\0");
        for (String key : keys) {
            text.append(key).append('\0');
        }
        Answer answer = requestLogin(text.toString());
        assertThat(answer.u16(36)).as("login status").isZero();
        headerDigest = Arrays.asList(keys).contains("HeaderDigest=CRC32C");
        dataDigest = Arrays.asList(keys).contains("DataDigest=CRC32C");
    }

    /// One login request, from operational negotiation to full feature.
    Answer requestLogin(String text) throws IOException {
        ByteBuffer request = header(0x43, 0x87, 1);
        request.putLong(8, isid << 16);
        request.putInt(24, cmdSn);
        send(request, text.getBytes(StandardCharsets.UTF_8));
        Answer answer = receive();
        assertThat(answer.opcode()).isEqualTo(0x23);
        expStatSn = answer.u32(24) + 1;
        return answer;
    }

    void testUnitReady() throws IOException {
        command(0x80, 0, cdb(0x00, 0, 0), new byte[0]);
        Answer answer = receive();
        assertThat(answer.opcode()).isEqualTo(0x21);
    }

    /// A ten-byte CDB.
    static byte[] cdb(int operation, int block, int blocks) {
        return ByteBuffer.allocate(16).put((byte) operation).put((byte) 0).putInt(block).put((byte) 0)
                .putShort((short) blocks).array();
    }

    static byte[] read10(int block, int blocks) {
        return cdb(0x28, block, blocks);
    }

    static byte[] write10(int block, int blocks) {
        return cdb(0x2A, block, blocks);
    }

    /// A SCSI Command with the next CmdSN and the next tag; returns the tag.
    int command(int flags, int expectedBytes, byte[] cdb, byte[] immediate) throws IOException {
        tag++;
        send(commandHeader(0x01, flags, tag, expectedBytes, cmdSn, cdb), immediate);
        cmdSn++;
        return tag;
    }

    ByteBuffer commandHeader(int opcode, int flags, int taskTag, int expectedBytes, int commandNumber, byte[] cdb) {
        ByteBuffer header = header(opcode, flags, taskTag);
        header.putInt(20, expectedBytes).putInt(24, commandNumber).putInt(28, expStatSn).put(32, cdb);
        return header;
    }

    void dataOut(int taskTag, int transferTag, int dataSn, int offset, boolean isFinal, byte[] data)
            throws IOException {
        ByteBuffer header = header(0x05, isFinal ? 0x80 : 0, taskTag);
        header.putInt(20, transferTag).putInt(28, expStatSn).putInt(36, dataSn).putInt(40, offset);
        send(header, data);
    }

    /// An immediate task-management request; returns the response code.
    int manage(int function, long lun, int referencedTag, int refCmdSn) throws IOException {
        sendManage(function, lun, referencedTag, refCmdSn);
        Answer answer = receive();
        assertThat(answer.opcode()).isEqualTo(0x22);
        assertThat(answer.u32(16)).isEqualTo(0x7777);
        return answer.u8(2);
    }

    void sendManage(int function, long lun, int referencedTag, int refCmdSn) throws IOException {
        ByteBuffer header = header(0x42, 0x80 | function, 0x7777);
        header.putLong(8, lun).putInt(20, referencedTag).putInt(24, cmdSn).putInt(28, expStatSn).putInt(32, refCmdSn);
        send(header, new byte[0]);
    }

    /// Sends a PDU: fills TotalAHSLength and DataSegmentLength, adds digests and padding. Additional header segments are
    /// the header's bytes from 48 on.
    void send(ByteBuffer header, byte[] data) throws IOException {
        header.putInt(4, (header.capacity() - 48) / 4 << 24 | data.length);
        raw(header.array());
        if (headerDigest) {
            raw(digest(header.array()));
        }
        byte[] padded = Arrays.copyOf(data, data.length + 3 & ~3);
        raw(padded);
        if (dataDigest && data.length > 0) {
            raw(digest(padded));
        }
    }

    void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    Answer receive() throws IOException {
        byte[] header = in.readNBytes(48);
        if (header.length < 48) {
            throw new EOFException("server has closed");
        }
        ByteBuffer view = ByteBuffer.wrap(header);
        if (headerDigest) {
            assertThat(in.readNBytes(4)).as("header digest").isEqualTo(digest(header));
        }
        int length = view.getInt(4) & 0xFF_FFFF;
        byte[] padded = in.readNBytes(length + 3 & ~3);
        if (dataDigest && length > 0) {
            assertThat(in.readNBytes(4)).as("data digest").isEqualTo(digest(padded));
        }
        maxCmdSn = view.getInt(32);
        return new Answer(view, Arrays.copyOf(padded, length));
    }

    /// The answer to a ping is the next thing that comes: nothing was answered before.
    void expectSilence() throws IOException {
        ByteBuffer ping = header(0x40, 0x80, 0x5151);
        ping.putInt(20, -1).putInt(24, cmdSn);
        send(ping, new byte[0]);
        Answer answer = receive();
        assertThat(answer.opcode()).isEqualTo(0x20);
        assertThat(answer.u32(16)).isEqualTo(0x5151);
    }

    /// The same after pings and messages that nobody asked for.
    void expectAnythingThenSilence() throws IOException {
        ByteBuffer ping = header(0x40, 0x80, 0x5151);
        ping.putInt(20, -1).putInt(24, cmdSn);
        send(ping, new byte[0]);
        Answer answer = receive();
        while (answer.u32(16) != 0x5151) {
            answer = receive();
        }
    }

    void expectClosed() throws IOException {
        assertThat(in.read()).isEqualTo(-1);
    }

    /// Reject with this reason, and the header that is refused.
    Answer expectReject(int reason) throws IOException {
        Answer answer = receive();
        assertThat(answer.opcode()).as("opcode").isEqualTo(0x3F);
        assertThat(answer.u8(2)).as("reject reason").isEqualTo(reason);
        assertThat(answer.u32(16)).isEqualTo(-1);
        assertThat(answer.data()).hasSizeGreaterThanOrEqualTo(48);
        return answer;
    }

    /// SCSI Response with CHECK CONDITION and this additional sense.
    void expectSense(int taskTag, int senseKey, int additionalSense) throws IOException {
        Answer answer = receive();
        assertThat(answer.opcode()).isEqualTo(0x21);
        assertThat(answer.u32(16)).isEqualTo(taskTag);
        assertThat(answer.u8(3)).as("status").isEqualTo(0x02);
        ByteBuffer sense = ByteBuffer.wrap(answer.data());
        assertThat(sense.get(2 + 2) & 0x0F).as("sense key").isEqualTo(senseKey);
        assertThat(sense.getShort(2 + 12)).as("additional sense").isEqualTo((short) additionalSense);
    }

    Answer expectGood(int taskTag) throws IOException {
        Answer answer = receive();
        assertThat(answer.opcode()).isEqualTo(0x21);
        assertThat(answer.u32(16)).isEqualTo(taskTag);
        assertThat(answer.u8(2)).as("response").isZero();
        assertThat(answer.u8(3)).as("status").isZero();
        return answer;
    }

    /// What a range of the disk holds, through READ(10) of at most 8 KiB.
    byte[] readBack(int block, int blocks) throws IOException {
        int length = blocks * IscsiServer.BLOCK;
        int taskTag = command(0xC0, length, read10(block, blocks), new byte[0]);
        byte[] all = new byte[length];
        int done = 0;
        boolean isOver = false;
        while (!isOver) {
            Answer answer = receive();
            assertThat(answer.opcode()).isEqualTo(0x25);
            assertThat(answer.u32(16)).isEqualTo(taskTag);
            System.arraycopy(answer.data(), 0, all, answer.u32(40), answer.data().length);
            done += answer.data().length;
            isOver = (answer.u8(1) & 1) != 0;
        }
        assertThat(done).isEqualTo(length);
        return all;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /// CRC32C bit by bit (RFC 7143 13.1), least significant byte first.
    private static byte[] digest(byte[] bytes) {
        int crc = -1;
        for (byte one : bytes) {
            crc ^= one & 0xFF;
            for (int i = 0; i < 8; i++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x82F63B78 : crc >>> 1;
            }
        }
        return ByteBuffer.allocate(4).putInt(Integer.reverseBytes(~crc)).array();
    }
}
