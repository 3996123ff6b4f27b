package io.trilane.hba.image;

/// Answers of [DiskImage#submit]. Values `>= 0` are the offset of a difference (COMPARE, COMPARE_AND_WRITE) or of what
/// was looked for (SEEK_DATA, SEEK_HOLE).
public final class ImageResult {
    public static final long DONE = -1;
    /// The listener will hear.
    public static final long PENDING = -2;
    /// The medium cannot be read or written here (truncated file, I/O error).
    public static final long MEDIUM_ERROR = -3;
    /// A thin image could not grow: the file system is full.
    public static final long NO_SPACE = -4;
    /// A write to a read-only image.
    public static final long READ_ONLY = -5;

    private ImageResult() {}
}
