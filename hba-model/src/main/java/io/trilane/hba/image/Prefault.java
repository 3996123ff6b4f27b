package io.trilane.hba.image;

/// What a prefault did; benchmarks print it beside their numbers.
///
/// @param bytes how much of the image it covered
public record Prefault(Method method, long bytes) {
    /// How the pages were brought in.
    public enum Method {
        /// `madvise(MADV_POPULATE_READ)`.
        POPULATED_FOR_READING,
        /// `madvise(MADV_POPULATE_WRITE)`.
        POPULATED_FOR_WRITING,
        /// One byte of each page was read.
        TOUCHED_BY_READING
    }

    /// One system call covers this much, so that none takes for ever.
    private static final long STEP_BYTES = 1L << 30;

    static boolean advise(Mapping mapping, int advice) {
        for (long at = 0; at < mapping.sizeBytes(); at += STEP_BYTES) {
            long step = Math.min(STEP_BYTES, mapping.sizeBytes() - at);
            if (NativeCalls.advise(mapping.address() + at, step, advice) < 0) {
                return false;
            }
        }
        return true;
    }
}
