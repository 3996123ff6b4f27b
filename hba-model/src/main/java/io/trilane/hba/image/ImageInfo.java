package io.trilane.hba.image;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// What there is to say about an image file without opening it: a snapshot, true when it was taken.
///
/// @param path           with all links resolved
/// @param sizeBytes      the tail included
/// @param allocatedBytes what the file system spends on it, where that can be known
/// @param tailBytes      bytes after the last whole block, ignored
/// @param sidecar        whether there is a [Sidecar] file
/// @param lockedBy       who has it open, where that can be known
/// @param writable       whether this process may write to it
public record ImageInfo(Path path, long sizeBytes, OptionalLong allocatedBytes, int blockBytes, long capacityBlocks,
        long tailBytes, boolean sidecar, Optional<LockHolder> lockedBy, boolean writable) {
    /// True when the file has holes: a write may find the disk full.
    public boolean isThin() {
        return allocatedBytes.isPresent() && allocatedBytes.getAsLong() < sizeBytes;
    }
}
