package io.trilane.tools.nbd;

/// What a unit says that it can do beyond reading and writing. Lengths in blocks.
///
/// @param readsZero      an unmapped block reads as zeros (LBPRZ)
/// @param unmaps         UNMAP is supported (LBPU)
/// @param unmapsZeroing  WRITE SAME(16) can unmap (LBPWS)
/// @param maxUnmap       longest UNMAP of one range
/// @param maxWriteSame   longest WRITE SAME(16)
/// @param maxPrefetch    longest PRE-FETCH(16)
record UnitTraits(boolean readsZero, boolean unmaps, boolean unmapsZeroing, long maxUnmap, long maxWriteSame,
        long maxPrefetch) {
    /// Nothing is known.
    static final UnitTraits NONE = new UnitTraits(false, false, false, 1, 1, 1);
}
