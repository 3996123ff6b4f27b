package io.trilane.hba.image;

import io.trilane.engine.task.Extents;

/// What lies under a [MappedImage]: memory at a fixed address, shared by all views of it. Everything here is cold.
interface Mapping {
    long address();

    /// Mapped bytes: whole blocks only.
    long sizeBytes();

    int blockBytes();

    boolean isReadOnly();

    String name();

    /// True when we created what is behind it, so that writing to it before it is used harms nobody.
    boolean isScratch();

    /// Makes a range durable; an [ImageResult].
    long flush(long offset, long length);

    /// After a fault: false when what is behind the memory has become shorter than the memory.
    boolean isWhole();

    /// After a fault: reads without the mapping; false when that fails too.
    boolean readAround(long offset, long length, Extents extents);

    /// After a fault: whether the range can be read without the mapping.
    boolean isReadable(long offset, long length);

    /// Makes the range read as zeros by giving back what is behind it; false when that cannot be done, and then nothing
    /// is said about its bytes.
    boolean punch(long offset, long length);

    /// The first byte at `offset` or after it that may have been written; [Long#MAX_VALUE] when there is none.
    long seekData(long offset);

    /// The first byte at `offset` or after it that was certainly not written; [Long#MAX_VALUE] when there is none.
    long seekHole(long offset);

    /// One view less; the last one unmaps.
    void release();
}
