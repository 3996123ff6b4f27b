package io.trilane.tools.hostile;

import io.trilane.tools.frontend.MemoryPeer;
import io.trilane.tools.iscsi.IscsiFrontEnd;
import io.trilane.tools.iscsi.IscsiService;
import io.trilane.tools.iscsi.LoginPolicy;
import io.trilane.tools.iscsi.SessionRegistry;
import io.trilane.tools.iscsi.TargetDirectory;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/// Makes a stream of iSCSI PDUs from any bytes, has it served, and looks at the answers' frames.
///
/// Byte 0: bit 0 no login goes before; bit 1 header digests are asked for; bits 2 and 3 how the bytes are cut. Then, when
/// a login goes before, PDU after PDU:
/// ```
/// 0     bit 0 CmdSN is right   bit 1 DataSegmentLength is right   bit 2 LUN is 0   bit 3 no AHS
///       bit 4 the task tag has 2 bits   bit 5 EDTL has 20 bits    bit 6 the opcode is one of an initiator's
/// 1-2   bytes of data, of which those that are there follow the header
/// 3-50  header
/// ```
/// Without a login all bytes go out as they are.
public final class IscsiStream implements AutoCloseable {
    private static final String TARGET = "iqn.2026-01.io.trilane:fuzz";
    private static final int HEADER = 48;
    private static final int[] OPCODES = {0x00, 0x01, 0x02, 0x04, 0x05, 0x06, 0x10, 0x01, 0x05, 0x41, 0x42, 0x40};
    private static final List<Integer> ANSWERS = List.of(0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x31, 0x32, 0x3F);
    private static final int FIRST_CMD_SN = 1;

    private final MemoryPeer peer = new MemoryPeer(unit -> new IscsiFrontEnd(new IscsiService(List.of(unit),
            TargetDirectory.of(TARGET, "fuzz"), LoginPolicy.open(LoginPolicy.Limits.defaults()), new SessionRegistry(),
            MemoryPeer.LIMITS, "127.0.0.1:3260"), new Random(1)));

    /// @throws AssertionError the server did what it must never do
    public void run(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        int shape = bytes[0];
        boolean hasDigest = (shape & 2) != 0 && (shape & 1) == 0;
        byte[] input = (shape & 1) != 0 ? rest(bytes) : logIn(bytes, hasDigest);
        int piece = 1 << 4 * (shape >> 2 & 3);
        byte[] output = peer.talk(input, piece == 1 ? 7 : piece, piece == 1 ? 13 : piece);
        checkFrames(output, hasDigest);
    }

    private static byte[] rest(byte[] bytes) {
        byte[] rest = new byte[bytes.length - 1];
        System.arraycopy(bytes, 1, rest, 0, rest.length);
        return rest;
    }

    private static byte[] logIn(byte[] bytes, boolean hasDigest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String keys = "InitiatorName=iqn.2026-01.net.example:fuzz\0TargetName=" + TARGET
                + "\0SessionType=Normal\0InitialR2T=No\0ImmediateData=Yes\0"
                + (hasDigest ? "HeaderDigest=CRC32C\0DataDigest=CRC32C\0" : "");
        byte[] text = keys.getBytes(StandardCharsets.UTF_8);
        ByteBuffer login = ByteBuffer.allocate(HEADER).put(0, (byte) 0x43).put(1, (byte) 0x87)
                .putLong(8, 0x4000_0001_0000_0000L).putInt(16, 1).putInt(24, FIRST_CMD_SN).putInt(4, text.length);
        out.writeBytes(login.array());
        write(out, text, false);
        ByteBuffer in = ByteBuffer.wrap(bytes).position(1);
        int cmdSn = FIRST_CMD_SN;
        while (in.remaining() >= 3) {
            cmdSn = pdu(out, in, cmdSn, hasDigest);
        }
        return out.toByteArray();
    }

    private static int pdu(ByteArrayOutputStream out, ByteBuffer in, int cmdSn, boolean hasDigest) {
        int fix = in.get();
        int length = in.getShort() & 0xFFFF;
        byte[] header = new byte[HEADER];
        in.get(header, 0, Math.min(HEADER, in.remaining()));
        byte[] data = new byte[Math.min(length, in.remaining())];
        in.get(data);
        ByteBuffer fields = ByteBuffer.wrap(header);
        if ((fix & 0x40) != 0) {
            header[0] = (byte) OPCODES[(header[0] & 0xFF) % OPCODES.length];
        }
        if ((fix & 2) != 0) {
            fields.putInt(4, fields.getInt(4) & 0xFF00_0000 | data.length);
        }
        if ((fix & 8) != 0) {
            header[4] = 0;
        }
        if ((fix & 4) != 0) {
            fields.putLong(8, 0);
        }
        if ((fix & 16) != 0) {
            fields.putInt(16, fields.getInt(16) & 3);
        }
        if ((fix & 32) != 0) {
            fields.putInt(20, fields.getInt(20) & 0xF_FFFF);
        }
        int opcode = header[0] & 0x3F;
        boolean isNumbered = (header[0] & 0x40) == 0 && opcode != 0x05 && opcode != 0x10;
        if ((fix & 1) != 0) {
            fields.putInt(24, cmdSn);
        }
        out.writeBytes(header);
        if (hasDigest) {
            out.writeBytes(Crc.of(header, header.length));
        }
        write(out, data, hasDigest);
        return cmdSn + (isNumbered ? 1 : 0);
    }

    private static void write(ByteArrayOutputStream out, byte[] data, boolean hasDigest) {
        byte[] padded = java.util.Arrays.copyOf(data, data.length + 3 & ~3);
        out.writeBytes(padded);
        if (hasDigest && data.length > 0) {
            out.writeBytes(Crc.of(padded, padded.length));
        }
    }

    /// Every answer is a whole PDU of a target, except the last, which the end of the connection may have cut.
    private static void checkFrames(byte[] output, boolean hasDigest) {
        ByteBuffer in = ByteBuffer.wrap(output);
        boolean isLogin = true;
        while (in.remaining() >= HEADER) {
            int at = in.position();
            int opcode = in.get(at) & 0xFF;
            if (!ANSWERS.contains(opcode)) {
                throw new AssertionError("opcode=" + opcode + " at=" + at + " is none of a target's");
            }
            int length = in.getInt(at + 4) & 0xFF_FFFF;
            int digests = hasDigest && !isLogin ? 4 + (length > 0 ? 4 : 0) : 0;
            isLogin = opcode == 0x23 && isLogin && (in.get(at + 1) & 0x83) != 0x83;
            int total = HEADER + (length + 3 & ~3) + digests;
            in.position(Math.min(at + total, in.limit()));
        }
    }

    @Override
    public void close() {
        peer.close();
    }
}
