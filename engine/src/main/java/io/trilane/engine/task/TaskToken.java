package io.trilane.engine.task;

/// A token names one I/O, never a slot: it goes stale when the slot is released.
///
/// ```text
///  63 62                              24 23      16 15          0
/// ┌──┬──────────────────────────────────┬──────────┬─────────────┐
/// │0 │           generation (39)        │ shard (8)│  slot (16)  │
/// └──┴──────────────────────────────────┴──────────┴─────────────┘
/// ```
@HotPath
public final class TaskToken {
    /// No token. Never equal to a real one, because tokens are not negative.
    public static final long NONE = -1L;

    static final int SLOT_BITS = 16;
    static final int SHARD_BITS = 8;
    static final int GENERATION_SHIFT = SLOT_BITS + SHARD_BITS;
    static final long GENERATION_MASK = (1L << 39) - 1;

    private TaskToken() {}

    public static long of(long generation, int shard, int slot) {
        return (generation & GENERATION_MASK) << GENERATION_SHIFT | (long) shard << SLOT_BITS | slot;
    }

    public static int slot(long token) {
        return (int) token & (1 << SLOT_BITS) - 1;
    }

    public static int shard(long token) {
        return (int) (token >>> SLOT_BITS) & (1 << SHARD_BITS) - 1;
    }

    public static long generation(long token) {
        return token >>> GENERATION_SHIFT;
    }

    /// For messages: `generation/shard/slot`.
    public static String describe(long token) {
        return token == NONE ? "none" : generation(token) + "/" + shard(token) + "/" + slot(token);
    }
}
