package io.trilane.hba.image;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Opens images, each file once per process: every further opener gets a view of the same mapping, and the last view
/// unmaps. The composition root owns one and passes it on; two in one process lock each other out like two processes.
/// Any thread; opening and closing are slow.
public final class ImageRegistry {
    /// As the sidecar says; 512 without one.
    public static final int DEFAULT_BLOCK_BYTES = 0;

    private static final String MEMORY = "memory:";
    private static final String NULL = "null:";

    private final FileMapping.Forcer forcer;
    private final Map<Object, FileMapping> open = new HashMap<>();

    public ImageRegistry() {
        this(ImageRegistry::force);
    }

    ImageRegistry(FileMapping.Forcer forcer) {
        this.forcer = forcer;
    }

    /// Opens what an operator wrote: `memory:SIZE`, `null:SIZE`, or a path (`./memory:1g` is a path). Every `memory:`
    /// is a new disk of its own.
    ///
    /// @param blockBytes 512, 4096 or [#DEFAULT_BLOCK_BYTES]
    public DiskImage open(String spec, boolean readOnly, int blockBytes) {
        String lower = spec.toLowerCase(Locale.ROOT);
        if (!lower.startsWith(MEMORY) && !lower.startsWith(NULL)) {
            return open(Path.of(spec), readOnly, blockBytes);
        }
        if (readOnly) {
            throw new ImageException("image=" + spec + " readOnly=true makes no sense, open it read-write");
        }
        int block = blockBytes == DEFAULT_BLOCK_BYTES ? ImageFile.DEFAULT_BLOCK_BYTES : blockBytes;
        long size = ByteSize.parse(spec.substring(spec.indexOf(':') + 1));
        return lower.startsWith(MEMORY) ? MemoryImage.open(size, block) : new NullImage(size, block);
    }

    /// Opens a file or a block device; alters nothing of it.
    ///
    /// @param blockBytes 512, 4096 or [#DEFAULT_BLOCK_BYTES]
    public MappedImage open(Path path, boolean readOnly, int blockBytes) {
        return view(path, blockBytes, new FileMapping.OpenMode(readOnly, false, forcer));
    }

    /// Creates a new, preallocated file that its content does not matter of, and opens it for writing. The caller
    /// deletes the file.
    public MappedImage createScratch(Path path, long sizeBytes, int blockBytes) {
        ImageFiles.create(path, sizeBytes, blockBytes, false);
        return view(path, blockBytes, new FileMapping.OpenMode(false, true, forcer));
    }

    private synchronized MappedImage view(Path path, int blockBytes, FileMapping.OpenMode mode) {
        ImageFile file = ImageFile.of(path, blockBytes);
        @Nullable FileMapping mapping = open.get(file.key());
        if (mapping == null) {
            mapping = map(file, mode);
            open.put(file.key(), mapping);
        } else {
            requireSame(mapping, file, mode);
        }
        mapping.addView();
        return new MappedImage(mapping);
    }

    private FileMapping map(ImageFile file, FileMapping.OpenMode mode) {
        ImageLock lock = ImageLock.acquire(file.path(), mode.readOnly());
        @Nullable FileChannel channel = null;
        try {
            channel = FileChannel.open(file.path(), mode.readOnly() ? Set.of(StandardOpenOption.READ)
                    : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
            // Read again under the lock: a mapping longer than the file would make the file grow.
            ImageFile locked = ImageFile.of(file.path(), file.blockBytes());
            if (!locked.equals(file)) {
                throw new ImageException("image=" + file.path() + " changed while it was opened, open it again");
            }
        } catch (IOException | ImageException e) {
            closeAll(channel, lock);
            throw e instanceof ImageException mistake ? mistake : refusal(file, mode, (IOException) e);
        }
        try {
            return new FileMapping(this, file, lock, channel, mode);
        } catch (IOException e) {
            throw refusal(file, mode, e);
        }
    }

    private static void closeAll(@Nullable FileChannel channel, ImageLock lock) {
        try (lock; channel) {
            // Closed by leaving.
        } catch (IOException _) {
            // The reason why we close is the one to report.
        }
    }

    private static ImageException refusal(ImageFile file, FileMapping.OpenMode mode, IOException e) {
        String remedy = e instanceof AccessDeniedException && !mode.readOnly()
                ? "change its permissions or open it read-only" : "check the file";
        return new ImageException("image=" + file.path() + " cannot be mapped (" + ImageFile.reason(e) + "), " + remedy,
                e);
    }

    private static void requireSame(FileMapping mapping, ImageFile file, FileMapping.OpenMode mode) {
        if (mapping.isReadOnly() != mode.readOnly()) {
            throw new ImageException("image=" + file.path() + " readOnly=" + mode.readOnly() + " != openReadOnly="
                    + mapping.isReadOnly() + ", open it the same way everywhere in this process");
        }
        if (mapping.blockBytes() != file.blockBytes()) {
            throw new ImageException("image=" + file.path() + " blockBytes=" + file.blockBytes() + " != openBlockBytes="
                    + mapping.blockBytes() + ", open it the same way everywhere in this process");
        }
    }

    /// A view of `mapping` was closed.
    synchronized void release(FileMapping mapping) {
        if (mapping.removeView()) {
            open.remove(mapping.file().key());
            mapping.close();
        }
    }

    private static void force(MemorySegment mapped, long offset, long length) {
        mapped.asSlice(offset, length).force();
    }
}
