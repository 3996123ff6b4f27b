package io.trilane.tools.hostile;

import io.trilane.tools.frontend.MemoryPeer;
import io.trilane.tools.nbd.NbdFrontEnd;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/// Makes what an NBD client says from any bytes, and has it served.
///
/// Byte 0: bit 0 no handshake goes before; bit 1 the handshake asks for structured replies and base:allocation; bits 2 and
/// 3 how the bytes are cut. When a handshake goes before, request after request follows:
/// ```
/// 0      type: bits 0-3, modulo 10   bit 4 the offset has 21 bits   bit 5 the length has 20 bits, with bit 7 13
///        bit 6 the magic is wrong
/// 1      command flags
/// 2-9    offset   10-13 length   then for a write, as far as there is any, its payload
/// ```
/// Otherwise option after option: 1 byte option, 2 bytes length, data. With bit 4 all bytes go out as they are.
public final class NbdStream implements AutoCloseable {
    private static final byte[] NAME = {'d', 'i', 's', 'k'};
    private static final long OPTION_MAGIC = 0x49484156454F5054L;
    private static final long GREETING = 0x4e42444d41474943L;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int WRITE = 1;

    private final MemoryPeer peer =
            new MemoryPeer(unit -> new NbdFrontEnd(List.of(unit), null, MemoryPeer.LIMITS));

    /// @throws AssertionError the server did what it must never do
    public void run(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        int shape = bytes[0];
        ByteBuffer in = ByteBuffer.wrap(bytes).position(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if ((shape & 16) != 0) {
            out.write(bytes, 1, bytes.length - 1);
        } else if ((shape & 1) != 0) {
            options(out, in);
        } else {
            handshake(out, (shape & 2) != 0);
            requests(out, in);
        }
        int piece = 1 << 4 * (shape >> 2 & 3);
        byte[] output = peer.talk(out.toByteArray(), piece == 1 ? 7 : piece, piece == 1 ? 13 : piece);
        if (output.length >= 8 && ByteBuffer.wrap(output).getLong() != GREETING) {
            throw new AssertionError("the server does not greet");
        }
    }

    private static void options(ByteArrayOutputStream out, ByteBuffer in) {
        out.writeBytes(new byte[]{0, 0, 0, 3});
        while (in.remaining() >= 3) {
            int option = in.get() & 0x1F;
            byte[] data = new byte[Math.min(in.getShort() & 0xFFFF, in.remaining())];
            in.get(data);
            option(out, option, data);
        }
        out.write(in.array(), in.position(), in.remaining());
    }

    private static void handshake(ByteArrayOutputStream out, boolean isStructured) {
        out.writeBytes(new byte[]{0, 0, 0, 3});
        if (isStructured) {
            option(out, 8, new byte[0]);
            option(out, 10, ByteBuffer.allocate(4 + 4 + 4 + 4 + 15).putInt(4).put(NAME).putInt(1).putInt(15)
                    .put("base:allocation".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).array());
        }
        option(out, 7, ByteBuffer.allocate(10).putInt(4).put(NAME).putShort((short) 0).array());
    }

    private static void option(ByteArrayOutputStream out, int option, byte[] data) {
        out.writeBytes(ByteBuffer.allocate(16).putLong(OPTION_MAGIC).putInt(option).putInt(data.length).array());
        out.writeBytes(data);
    }

    private static void requests(ByteArrayOutputStream out, ByteBuffer in) {
        long cookie = 0;
        while (in.remaining() >= 14) {
            int kind = in.get();
            int flags = in.get() & 0x1F;
            long offset = in.getLong() & ((kind & 16) != 0 ? 0x1F_FFFFL : -1L);
            int length = in.getInt() & ((kind & 32) == 0 ? -1 : (kind & 128) == 0 ? 0xF_FFFF : 0x1FFF);
            int type = (kind & 15) % 10;
            int magic = (kind & 64) != 0 ? offset > 0 ? (int) offset : 0 : REQUEST_MAGIC;
            out.writeBytes(ByteBuffer.allocate(28).putInt(magic).putShort((short) flags).putShort((short) type)
                    .putLong(cookie++).putLong(offset).putInt(length).array());
            if (type == WRITE) {
                // Some payload; the rest of what was promised is zeros, as long as that is not too much.
                byte[] payload = new byte[(int) Math.min(length & 0xFFFF_FFFFL, 1 << 20)];
                in.get(payload, 0, Math.min(in.remaining(), Math.min(payload.length, 64)));
                out.writeBytes(payload);
            }
        }
        out.write(in.array(), in.position(), in.remaining());
    }

    @Override
    public void close() {
        peer.close();
    }
}
