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
        READ(false, false),
        /// Extents to image.
        WRITE(true, false),
        /// Compares extents with the image: [ImageResult#DONE] when equal, otherwise the offset, from the start of the
        /// range, of the first byte that differs (a value `>= 0`).
        COMPARE(false, false),
        /// Makes the range durable.
        FLUSH(false, true),
        /// Compares the first half of the extents, which hold `2 * length` bytes, with the range, and when it is equal
        /// writes the second half there. Answers as COMPARE; a range that differs keeps its bytes. Nothing that this
        /// view is asked to do comes between the two.
        COMPARE_AND_WRITE(true, false),
        /// Writes one logical block of extents to every block of the range.
        FILL(true, true),
        /// Writes zeros to the range; its storage stays.
        ZERO(true, true),
        /// As ZERO, and gives the storage of the range back where that can be done. After DONE no byte that was there
        /// can be read.
        UNMAP(true, true),
        /// Reads the whole range and keeps its bytes: they are in memory afterwards, and DONE says that they can be read.
        PREFETCH(false, true),
        /// Looks for the first byte of the range that may have been written since it was created or unmapped: its offset
        /// from the start of the range, or DONE when there is none. Where that cannot be known it is every byte.
        SEEK_DATA(false, false),
        /// Looks for the first byte of the range that was certainly not written and so is zero, with or without storage:
        /// its offset from the start of the range, or DONE when there is none.
        SEEK_HOLE(false, false);

        private final boolean changesMedium;
        private final boolean mayTakeLong;

        Operation(boolean changesMedium, boolean mayTakeLong) {
            this.changesMedium = changesMedium;
            this.mayTakeLong = mayTakeLong;
        }

        /// True when bytes of the range may be others afterwards.
        public boolean changesMedium() {
            return changesMedium;
        }

        /// True when the time that it takes is not that of a copy: callers run it through `SlowWork`, so it may run while
        /// the image's agent submits others.
        public boolean mayTakeLong() {
            return mayTakeLong;
        }
    }

    /// Starts an operation on `[offset, offset + length)`, in bytes. Data starts at byte 0 of the extents, which hold at
    /// least `length` bytes, unless the operation says otherwise; those that move no data accept empty extents.
    ///
    /// @return an [ImageResult] constant, or for COMPARE, COMPARE_AND_WRITE, SEEK_DATA and SEEK_HOLE an offset
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

    /// A hint: the range will be wanted. An image that can starts to bring it into memory, and does not wait for it.
    default void readAhead(long offset, long length) {}

    /// Who hears of operations that were PENDING. Set once, before the first submission; an image that always finishes at
    /// once has no use for it.
    default void setListener(ImageListener listener) {}

    /// Whether operations end by the time of a clock that the agent must tell; asked once. Then [#advance] and [#nextNs]
    /// count.
    default boolean hasClock() {
        return false;
    }

    /// What time it is: ends every PENDING operation that is due. Before each round of submissions, by the image's agent;
    /// the time never goes back.
    ///
    /// @return how much happened, or something > 0 to be asked again at once because more is due soon
    default int advance(long nowNs) {
        return 0;
    }

    /// When the next thing happens by itself, by the clock of [#advance]; `Long.MAX_VALUE`: never.
    default long nextNs() {
        return Long.MAX_VALUE;
    }

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
