package io.trilane.hba.image;

import java.nio.file.Path;

/// Keeps other processes away from an image: exclusive for writing, shared for reading. Owned by one [FileMapping], or whoever else
/// writes to a file of the user's.
///
/// `flock` on a descriptor of our own: unlike the JDK's `fcntl` locks it does not vanish when anybody in this process
/// closes another descriptor of the same file; unlike a lock file it needs no writable directory and leaves nothing
/// behind after a kill. The kernel alone decides, and it forgets the lock with the process.
public final class ImageLock implements AutoCloseable {
    private final long descriptor;

    private ImageLock(long descriptor) {
        this.descriptor = descriptor;
    }

    /// @throws ImageException somebody else has it, or it cannot be had
    public static ImageLock acquire(Path path, boolean readOnly) {
        long descriptor = NativeCalls.open(path, !readOnly);
        if (descriptor < 0) {
            throw new ImageException("image=" + path + " cannot be opened for "
                    + (readOnly ? "reading" : "writing") + " (errno=" + -descriptor + "), "
                    + (readOnly ? "change its permissions" : "change its permissions or open it read-only"));
        }
        long result = NativeCalls.lock(descriptor, readOnly ? NativeCalls.LOCK_SHARED : NativeCalls.LOCK_EXCLUSIVE);
        // A reader of a file system without locks does no harm; a writer could.
        if (result == 0 || readOnly && NativeCalls.isNotSupported(result)) {
            return new ImageLock(descriptor);
        }
        NativeCalls.close(descriptor);
        throw new ImageException(NativeCalls.isLockedElsewhere(result) ? inUse(path, readOnly)
                : "image=" + path + " cannot be locked (errno=" + -result
                        + "), move it to a local file system or open it read-only");
    }

    /// The descriptor, for calls that Java has no words for; open until the lock is closed.
    long descriptor() {
        return descriptor;
    }

    private static String inUse(Path path, boolean readOnly) {
        String holder = LockHolder.find(path).map(LockHolder::toString).orElse("another process");
        return "image=" + path + " is in use by " + holder + ", stop that"
                + (readOnly ? "" : " or, when it only reads, open the image read-only");
    }

    @Override
    public void close() {
        NativeCalls.close(descriptor);
    }
}
