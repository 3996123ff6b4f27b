package io.trilane.tools.hostile;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Digests as they are on the wire: least significant byte first (RFC 7143 13.1).
final class Crc {
    private Crc() {}

    static byte[] of(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return ByteBuffer.allocate(4).putInt(Integer.reverseBytes((int) crc.getValue())).array();
    }
}
