package io.trilane.tools.iscsi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What is answered in one negotiation, handed out in data segments that the initiator can take.
final class TextAnswer {
    private ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private byte[] rest = {};

    void add(String key, String value) {
        byte[] pair = (key + "=" + value + "\0").getBytes(StandardCharsets.UTF_8);
        collected.write(pair, 0, pair.length);
    }

    /// The next data segment, at most `limit` bytes.
    byte[] next(int limit) {
        if (collected.size() > 0) {
            byte[] added = collected.toByteArray();
            int before = rest.length;
            rest = Arrays.copyOf(rest, before + added.length);
            System.arraycopy(added, 0, rest, before, added.length);
            collected.reset();
        }
        byte[] segment = Arrays.copyOf(rest, Math.min(limit, rest.length));
        rest = Arrays.copyOfRange(rest, segment.length, rest.length);
        return segment;
    }

    /// Whether there is more to hand out than the segments so far: the C bit.
    boolean hasMore() {
        return rest.length > 0 || collected.size() > 0;
    }

    /// Forgets what was not handed out, and gives its memory back.
    void reset() {
        collected = new ByteArrayOutputStream();
        rest = new byte[0];
    }
}
