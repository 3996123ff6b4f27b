package io.trilane.engine.role;

import java.util.Arrays;

/// Tokens of one target that wait to be sent again, first in, first out. Control role only.
final class ResendList {
    private static final int FIRST_CAPACITY = 16;

    private final long targetId;
    private long[] tokens = new long[FIRST_CAPACITY];
    private int head;
    private int count;
    private long fallbackNs;

    ResendList(long targetId) {
        this.targetId = targetId;
    }

    long targetId() {
        return targetId;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /// When the head is sent although nothing was completed.
    long fallbackNs() {
        return fallbackNs;
    }

    void setFallbackNs(long nowNs) {
        fallbackNs = nowNs;
    }

    void add(long token) {
        if (count == tokens.length) {
            grow();
        }
        tokens[(head + count) % tokens.length] = token;
        count++;
    }

    /// Takes the first one; not when empty.
    long take() {
        long token = tokens[head];
        head = (head + 1) % tokens.length;
        count--;
        return token;
    }

    private void grow() {
        long[] larger = Arrays.copyOf(tokens, 2 * tokens.length);
        for (int i = 0; i < count; i++) {
            larger[i] = tokens[(head + i) % tokens.length];
        }
        tokens = larger;
        head = 0;
    }
}
