package io.trilane.hba.image;

/// `memory:1g`: an image that is memory alone, zero when first read and gone when closed. FLUSH is done at once. It is
/// a [MappedImage] over nothing, so that its speed is that of a file in memory.
public final class MemoryImage {
    private MemoryImage() {}

    /// A new image of its own; memory is taken as it is touched.
    ///
    /// @param sizeBytes a positive multiple of `blockBytes`
    public static MappedImage open(long sizeBytes, int blockBytes) {
        ImageFile.requireBlockBytes(blockBytes);
        ImageFile.requireWholeBlocks(sizeBytes, blockBytes);
        return new MappedImage(new AnonymousMapping(sizeBytes, blockBytes));
    }
}
