package io.trilane.tools.initiator.file;

import io.trilane.hba.image.ImageLock;
import io.trilane.perf.harness.LoadDisk;
import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.Workload;
import io.trilane.tools.initiator.slot.DiskRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A file or a block device, through plain reads and writes: past the page cache (O_DIRECT) where that was asked for and
/// works.
public final class FileLoadDisk implements LoadDisk {
    private static final int MIN_BLOCK_BYTES = 512;
    private static final int PAGE_BYTES = 4096;
    private static final int MAX_ALIGNMENT_BYTES = 1 << 20;
    /// Each is a thread.
    private static final int MAX_DEPTH = 256;
    private static final int MAX_JOBS = 64;
    private static final int TYPE_MASK = 0xF000;
    private static final int TYPE_BLOCK_DEVICE = 0x6000;

    private final Path path;
    private final boolean isDirect;
    private final DiskRules rules;
    private final Limits limits;
    /// Against servers and others of this project, where it is written to.
    private final @Nullable ImageLock lock;

    private FileLoadDisk(Path path, boolean allowOverwrite, boolean wantsDirect, @Nullable ImageLock lock)
            throws IOException {
        this.lock = lock;
        this.path = path;
        String refusal = wantsDirect ? directRefusal(path, allowOverwrite) : "";
        this.isDirect = wantsDirect && refusal.isEmpty();
        int blockBytes = isDirect ? alignmentBytes(path) : MIN_BLOCK_BYTES;
        long sizeBytes;
        try (FileChannel channel = FileChannel.open(path, options(allowOverwrite, isDirect, false))) {
            sizeBytes = channel.size();
        }
        long capacityBytes = sizeBytes / blockBytes * blockBytes;
        if (capacityBytes == 0) {
            throw new IllegalArgumentException("target=" + path + " sizeBytes=" + sizeBytes + " < blockBytes="
                    + blockBytes + ", choose a larger file");
        }
        this.rules = new DiskRules(path.toString(), blockBytes, capacityBytes, allowOverwrite, true, false, true);
        this.limits = new Limits(Workload.MAX_REQUEST_BYTES / blockBytes * blockBytes, MAX_DEPTH, 1, MAX_JOBS,
                allowOverwrite, notes(allowOverwrite, refusal));
    }

    /// @param path           of a file or a block device that is there
    /// @param allowOverwrite what is in it may go; otherwise it is opened for reading only
    /// @param direct         past the page cache if that works; [Limits#notes] says whether it does
    /// @throws IllegalArgumentException it is no file or block device, or is empty
    /// @throws UncheckedIOException     it cannot be opened
    public static FileLoadDisk open(Path path, boolean allowOverwrite, boolean direct) {
        ImageLock lock = null;
        try {
            requireDisk(path);
            lock = allowOverwrite ? ImageLock.acquire(path, false) : null;
            return new FileLoadDisk(path, allowOverwrite, direct, lock);
        } catch (IOException | RuntimeException e) {
            if (lock != null) {
                lock.close();
            }
            if (e instanceof IOException failed) {
                throw unopened(path, failed);
            }
            throw (RuntimeException) e;
        }
    }

    @Override
    public String name() {
        return rules.name();
    }

    @Override
    public int blockBytes() {
        return rules.blockBytes();
    }

    @Override
    public long capacityBytes() {
        return rules.capacityBytes();
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public LongSupplier nanoClock() {
        return System::nanoTime;
    }

    /// Past the page cache.
    public boolean isDirect() {
        return isDirect;
    }

    @Override
    public LoadTarget open(int job, Workload workload) {
        return start(job, workload);
    }

    /// Nothing: channels and threads belong to the jobs.
    @Override
    public void close() {
        if (lock != null) {
            lock.close();
        }
    }

    FileLoadTarget start(int job, Workload workload) {
        rules.check(workload, job, limits);
        try {
            FileChannel channel = FileChannel.open(path, options(rules.isWritable(), isDirect, workload.fua()));
            try {
                return new FileLoadTarget(channel, rules, workload, job, Math.max(PAGE_BYTES, blockBytes()),
                        nanoClock())
                        .start();
            } catch (RuntimeException | Error e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw unopened(path, e);
        }
    }

    /// @param isDurable each write is durable when it comes back (O_DSYNC)
    private static Set<OpenOption> options(boolean isWritable, boolean isDirect, boolean isDurable) {
        Set<OpenOption> options = new HashSet<>();
        options.add(StandardOpenOption.READ);
        if (isWritable) {
            options.add(StandardOpenOption.WRITE);
        }
        if (isDirect) {
            options.add(DirectOption.find());
        }
        if (isDurable && isWritable) {
            options.add(StandardOpenOption.DSYNC);
        }
        return options;
    }

    /// Before it is opened: opening some special files waits for somebody, or does things.
    private static void requireDisk(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new IllegalArgumentException("target=" + path + " does not exist, name a file or a block device");
        }
        if (!Files.isRegularFile(path) && !isBlockDevice(path)) {
            throw new IllegalArgumentException("target=" + path
                    + " is neither a file nor a block device, name one of these");
        }
    }

    private static boolean isBlockDevice(Path path) throws IOException {
        try {
            return Files.getAttribute(path, "unix:mode") instanceof Integer mode
                    && (mode & TYPE_MASK) == TYPE_BLOCK_DEVICE;
        } catch (UnsupportedOperationException _) {
            // Not a system that has any.
            return false;
        }
    }

    /// Why it cannot be opened past the page cache; empty when it can. Some file systems say so when it is opened, some when it
    /// is read.
    private static String directRefusal(Path path, boolean isWritable) {
        try (FileChannel channel = FileChannel.open(path, options(isWritable, true, false))) {
            int alignment = alignmentBytes(path);
            ByteBuffer block = ByteBuffer.allocateDirect(2 * Math.max(PAGE_BYTES, alignment))
                    .alignedSlice(Math.max(PAGE_BYTES, alignment)).limit(alignment);
            int _ = channel.read(block, 0);
            return "";
        } catch (IOException | UnsupportedOperationException e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }

    private static int alignmentBytes(Path path) throws IOException {
        long bytes = Math.max(MIN_BLOCK_BYTES, Files.getFileStore(path).getBlockSize());
        if (bytes > MAX_ALIGNMENT_BYTES || Long.bitCount(bytes) != 1) {
            throw new IOException("alignmentBytes=" + bytes + " is no power of two up to " + MAX_ALIGNMENT_BYTES);
        }
        return (int) bytes;
    }

    private List<String> notes(boolean allowOverwrite, String refusal) {
        List<String> notes = new ArrayList<>();
        notes.add("depth is made by threads: each request in flight is a plain read or write on a thread of its own");
        if (isDirect) {
            notes.add("past the page cache (O_DIRECT), in blocks of " + blockBytes() + " bytes");
        } else {
            notes.add("through the page cache: reads may come from memory"
                    + (refusal.isEmpty() ? "" : "; O_DIRECT does not work here: " + refusal));
        }
        notes.add("no UNMAP: Java has no call for it");
        if (!allowOverwrite) {
            notes.add("only read, because overwriting was not allowed");
        }
        return notes;
    }

    private static UncheckedIOException unopened(Path path, IOException e) {
        String reason = e.getMessage() == null ? e.toString() : e.getClass().getSimpleName() + " " + e.getMessage();
        return new UncheckedIOException("target=" + path + " cannot be opened: " + reason, e);
    }
}
