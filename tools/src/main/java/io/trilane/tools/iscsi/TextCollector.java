package io.trilane.tools.iscsi;

import java.io.ByteArrayOutputStream;
import java.util.HashSet;
import java.util.Set;

/// What the initiator has said in one negotiation: joins the data segments of requests with the C bit, and knows which keys
/// there were (RFC 7143 6.2). Bounded: a negotiation holds at most [#MAX_BYTES], answered or not.
public final class TextCollector {
    /// The RFC asks for 8 KiB, and for 64 KiB where authentication items may be long.
    public static final int MAX_BYTES = 64 * 1024;

    private ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private Set<String> keys = new HashSet<>();
    private int totalBytes;

    /// One more data segment; false: more than the negotiation may hold.
    public boolean append(byte[] data) {
        if (data.length > MAX_BYTES - totalBytes) {
            return false;
        }
        totalBytes += data.length;
        waiting.write(data, 0, data.length);
        return true;
    }

    /// The pairs that have come since the last call. A key that was there before in this negotiation is a fault.
    public TextPair.Pairs take() {
        TextPair.Pairs pairs = TextPair.parse(waiting.toByteArray());
        waiting.reset();
        for (TextPair pair : pairs.pairs()) {
            if (!keys.add(pair.key())) {
                return new TextPair.Pairs(pairs.pairs(), "key=" + pair.key() + " comes twice");
            }
        }
        return pairs;
    }

    /// Forgets everything, and gives its memory back: a new negotiation.
    public void reset() {
        waiting = new ByteArrayOutputStream();
        keys = new HashSet<>();
        totalBytes = 0;
    }
}
