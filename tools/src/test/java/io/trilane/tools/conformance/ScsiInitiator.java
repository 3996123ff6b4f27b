package io.trilane.tools.conformance;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The smallest iSCSI initiator that can send any CDB with any data: one session, one command at a time, no digests, no
/// immediate data (RFC 7143). It knows nothing of Trilane. Used by one thread.
final class ScsiInitiator implements AutoCloseable {
    private static final int NOP_OUT = 0x00;
    private static final int SCSI_COMMAND = 0x01;
    private static final int LOGIN = 0x03;
    private static final int DATA_OUT = 0x05;
    private static final int LOGOUT = 0x06;
    private static final int NOP_IN = 0x20;
    private static final int SCSI_RESPONSE = 0x21;
    private static final int LOGIN_RESPONSE = 0x23;
    private static final int DATA_IN = 0x25;
    private static final int R2T = 0x31;
    private static final int REJECT = 0x3F;
    private static final int HEADER = 48;
    private static final int IMMEDIATE = 0x40;
    private static final int FINAL = 0x80;
    private static final int RESERVED_TAG = 0xFFFF_FFFF;
    private static final int SEGMENT = 8192;
    private static final int TIMEOUT_MS = 5000;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;
    private int commandNumber = 1;
    private int expectedStatusNumber;
    private int tag = 0x1000;

    private ScsiInitiator(int port) throws IOException {
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /// A session with this target, under this initiator name.
    static ScsiInitiator login(int port, String target, String name) throws IOException {
        ScsiInitiator initiator = new ScsiInitiator(port);
        try {
            initiator.login(target, name);
            return initiator;
        } catch (IOException | RuntimeException failure) {
            initiator.socket.close();
            throw failure;
        }
    }

    /// Straight to the operational stage, and on to the full feature phase when the target agrees.
    private void login(String target, String name) throws IOException {
        String keys = String.join("\0", "InitiatorName=" + name, "TargetName=" + target, "SessionType=Normal",
                "HeaderDigest=None", "DataDigest=None", "InitialR2T=Yes", "ImmediateData=No",
                "MaxRecvDataSegmentLength=262144", "MaxBurstLength=262144", "FirstBurstLength=65536",
                "MaxOutstandingR2T=1", "MaxConnections=1", "ErrorRecoveryLevel=0", "DefaultTime2Wait=2",
                "DefaultTime2Retain=0", "DataPDUInOrder=Yes", "DataSequenceInOrder=Yes", "");
        byte[] data = keys.getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 4; round++) {
            ByteBuffer header = header(LOGIN | IMMEDIATE, FINAL | 1 << 2 | 3);
            header.put(8, (byte) 0x80).putShort(10, (short) name.hashCode()).putInt(16, tag)
                    .putInt(24, commandNumber).putInt(28, expectedStatusNumber);
            send(header, data, 0, data.length);
            Pdu answer = receive(LOGIN_RESPONSE);
            if (answer.header.getShort(36) != 0) {
                throw new IOException("login status=%04x".formatted(answer.header.getShort(36)));
            }
            if ((answer.header.get(1) & FINAL) != 0) {
                return;
            }
            data = new byte[0];
        }
        throw new IOException("the login has no end");
    }

    /// Sends a command and moves its data. `transferIn` is how much the initiator would take; a command has data in one
    /// direction at most.
    ///
    /// @throws IOException if the target rejects the request, drops the connection or does not answer
    ScsiAnswer execute(int lun, byte[] cdb, byte[] dataOut, int transferIn) throws IOException {
        int direction = (transferIn > 0 ? 0x40 : 0) | (dataOut.length > 0 ? 0x20 : 0);
        ByteBuffer header = header(SCSI_COMMAND, FINAL | direction | 1);
        header.putShort(8, (short) lun).putInt(16, ++tag).putInt(20, Math.max(transferIn, dataOut.length))
                .putInt(24, commandNumber++).putInt(28, expectedStatusNumber).put(32, cdb, 0, Math.min(16, cdb.length));
        send(header, new byte[0], 0, 0);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        while (true) {
            Pdu pdu = receive();
            switch (pdu.operationCode()) {
                case DATA_IN -> {
                    data.writeBytes(pdu.data);
                    if ((pdu.header.get(1) & 1) != 0) {
                        return answer(pdu, new byte[0], data);
                    }
                }
                case R2T -> sendData(pdu, lun, dataOut);
                case SCSI_RESPONSE -> {
                    return answer(pdu, sense(pdu.data), data);
                }
                case REJECT -> throw new IOException("rejected, reason=%02x".formatted(pdu.header.get(2)));
                case NOP_IN -> answerPing(pdu);
                default -> { // An asynchronous message says nothing about the command.
                }
            }
        }
    }

    private void sendData(Pdu r2t, int lun, byte[] dataOut) throws IOException {
        int offset = r2t.header.getInt(40);
        int end = offset + r2t.header.getInt(44);
        int number = 0;
        while (offset < end) {
            int length = Math.min(SEGMENT, end - offset);
            ByteBuffer header = header(DATA_OUT, offset + length == end ? FINAL : 0);
            header.putShort(8, (short) lun).putInt(16, tag).putInt(20, r2t.header.getInt(20))
                    .putInt(28, expectedStatusNumber).putInt(36, number++).putInt(40, offset);
            send(header, dataOut, offset, length);
            offset += length;
        }
    }

    private void answerPing(Pdu ping) throws IOException {
        if (ping.header.getInt(20) != RESERVED_TAG) {
            ByteBuffer header = header(NOP_OUT | IMMEDIATE, FINAL);
            header.putLong(8, ping.header.getLong(8)).putInt(16, RESERVED_TAG).putInt(20, ping.header.getInt(20))
                    .putInt(24, commandNumber).putInt(28, expectedStatusNumber);
            send(header, new byte[0], 0, 0);
        }
    }

    /// The status is meant only if the target says that the command completed (11.4.3).
    private static ScsiAnswer answer(Pdu pdu, byte[] sense, ByteArrayOutputStream data) throws IOException {
        if (pdu.operationCode() == SCSI_RESPONSE && pdu.header.get(2) != 0) {
            throw new IOException("response=%02x".formatted(pdu.header.get(2)));
        }
        int residual = pdu.header.getInt(44);
        int flags = pdu.header.get(1);
        int signed = (flags & 4) != 0 ? residual : (flags & 2) != 0 ? -residual : 0;
        return new ScsiAnswer(pdu.header.get(3) & 0xFF, sense, data.toByteArray(), signed);
    }

    private static byte[] sense(byte[] data) {
        int length = data.length < 2 ? 0 : Math.min((data[0] & 0xFF) << 8 | data[1] & 0xFF, data.length - 2);
        return length == 0 ? new byte[0] : Arrays.copyOfRange(data, 2, 2 + length);
    }

    private static ByteBuffer header(int operationCode, int flags) {
        return ByteBuffer.allocate(HEADER).put(0, (byte) operationCode).put(1, (byte) flags);
    }

    private void send(ByteBuffer header, byte[] data, int offset, int length) throws IOException {
        header.putInt(4, length);
        ByteBuffer pdu = ByteBuffer.allocate(HEADER + padded(length));
        out.write(pdu.put(header.array()).put(data, offset, length).array());
    }

    private Pdu receive(int operationCode) throws IOException {
        Pdu pdu = receive();
        if (pdu.operationCode() != operationCode) {
            throw new IOException("opcode=%02x instead of %02x".formatted(pdu.operationCode(), operationCode));
        }
        return pdu;
    }

    private Pdu receive() throws IOException {
        ByteBuffer header = ByteBuffer.wrap(in.readNBytes(HEADER));
        if (header.limit() < HEADER) {
            throw new IOException("the target dropped the connection");
        }
        int length = header.getInt(4) & 0xFF_FFFF;
        byte[] data = in.readNBytes(padded(length));
        Pdu pdu = new Pdu(header, Arrays.copyOf(data, length));
        boolean noStatus = pdu.operationCode() == R2T || pdu.operationCode() == DATA_IN && (header.get(1) & 1) == 0;
        expectedStatusNumber = noStatus ? expectedStatusNumber : header.getInt(24) + 1;
        return pdu;
    }

    private static int padded(int length) {
        return length + 3 & ~3;
    }

    /// Logs out; whether the target answers is of no interest.
    @Override
    public void close() {
        try (socket) {
            ByteBuffer header = header(LOGOUT | IMMEDIATE, FINAL);
            send(header.putInt(16, ++tag).putInt(24, commandNumber).putInt(28, expectedStatusNumber), new byte[0], 0,
                    0);
            Pdu _ = receive();
        } catch (IOException _) {
            return; // It is closed either way.
        }
    }

    private record Pdu(ByteBuffer header, byte[] data) {
        int operationCode() {
            return header.get(0) & 0x3F;
        }
    }
}
