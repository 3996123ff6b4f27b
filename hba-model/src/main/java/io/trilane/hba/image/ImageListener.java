package io.trilane.hba.image;

/// Hears of operations that were [ImageResult#PENDING]; called on any thread, once per operation.
@FunctionalInterface
public interface ImageListener {
    /// @param token  as given to [DiskImage#submit]
    /// @param result as [DiskImage#submit] would have answered; never PENDING
    void onImageDone(long token, long result);
}
