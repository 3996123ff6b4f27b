package io.trilane.hba.image;

import io.trilane.engine.task.Extents;

/// What lies under a [MappedImage]: memory at a fixed address, shared by all views of it. Everything here is cold.
sealed interface Mapping permits FileMapping, AnonymousMapping {
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

    /// One view less; the last one unmaps.
    void release();
}
