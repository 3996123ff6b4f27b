package io.trilane.hba.image;

import io.trilane.engine.task.Extents;

/// A linear array of bytes with a block length. Operations are submitted by one hardware agent at a time per image view;
/// several agents may share one image. An image either finishes at once or answers [ImageResult#PENDING] and reports
/// later to its [ImageListener].
///
/// The caller has checked the range; an image asserts it.
public interface DiskImage extends AutoCloseable {
    /// What can be asked of an image.
    enum Operation {
        /// Image to extents.
        READ,
        /// Extents to image.
        WRITE,
        /// Compares extents with the image: [ImageResult#DONE] when equal, otherwise the offset, from the start of the
        /// range, of the first byte that differs (a value `>= 0`).
        COMPARE,
        /// Makes the range durable. May take long: callers run it through `SlowWork`.
        FLUSH
    }

    /// Starts an operation on `[offset, offset + length)`, in bytes. Data starts at byte 0 of the extents, which hold at
    /// least `length` bytes (ignored by FLUSH, which accepts empty extents).
    ///
    /// @return an [ImageResult] constant, or for COMPARE the offset of the first difference
    long submit(Operation operation, long offset, long length, Extents extents, long token);

    /// Whether [#anticipate] does anything; asked once.
    default boolean anticipates() {
        return false;
    }

    /// A hint: operations at these offsets follow. A mapped image touches them all first, so that their cache and TLB
    /// misses overlap instead of following one another.
    ///
    /// @param count  how many of the offsets count
    /// @param length bytes to touch at each; all inside the image
    default void anticipate(long[] offsets, int count, int length) {
    }

    /// Who hears of operations that were PENDING. Set once, before the first submission; an image that always finishes at
    /// once has no use for it.
    default void setListener(ImageListener listener) {}

    /// Number of operations that are PENDING now; 0 for ever on an image that always finishes at once.
    default int pendingOperations() {
        return 0;
    }

    /// Logical block length in bytes: 512 or 4096.
    int blockBytes();

    /// Whole blocks.
    long capacityBlocks();

    boolean isReadOnly();

    /// For messages: a path, or `memory:1g`, `null:1g`.
    String name();

    /// Gives back what this view holds; the underlying memory goes with the last view. Never while operations are
    /// pending, never on the data path.
    @Override
    void close();
}
