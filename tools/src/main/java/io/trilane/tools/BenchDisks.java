package io.trilane.tools;

import io.trilane.hba.image.ByteSize;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageFiles;
import io.trilane.hba.image.ImageInfo;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.perf.harness.BenchDisk;
import io.trilane.perf.harness.BenchPlan;
import io.trilane.perf.harness.Region;
import io.trilane.perf.harness.TemporaryImage;
import io.trilane.perf.harness.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds or makes the disks that the options name, refuses what must not be touched, and keeps hold of them until it is
/// closed.
final class BenchDisks implements AutoCloseable {
    private static final long TEMPORARY_BYTES = 1L << 30;
    private static final int BLOCK_BYTES = 512;

    private final ImageRegistry registry = new ImageRegistry();
    private final BenchOptions options;
    private final BenchPlan plan;
    private final List<BenchDisk> disks = new ArrayList<>();
    private final List<DiskImage> held = new ArrayList<>();
    private final Set<Path> named = new HashSet<>();
    private @Nullable TemporaryImage temporary;

    private BenchDisks(BenchOptions options, BenchPlan plan) {
        this.options = options;
        this.plan = plan;
    }

    static BenchDisks open(BenchOptions options, BenchPlan plan) {
        BenchDisks disks = new BenchDisks(options, plan);
        try {
            if (options.images.isEmpty()) {
                disks.disks.add(disks.temporary());
            }
            for (String image : options.images) {
                disks.disks.add(disks.disk(image));
            }
            return disks;
        } catch (RuntimeException e) {
            disks.close();
            throw e;
        }
    }

    /// Fails as [#open] would, and leaves nothing behind; a temporary image is not made, and not among the disks.
    static void require(BenchOptions options, BenchPlan plan, Use use) throws IOException {
        if (options.images.isEmpty()) {
            long _ = new BenchDisks(options, plan).temporaryBytes();
            use.accept(List.of());
            return;
        }
        try (BenchDisks disks = open(options, plan)) {
            use.accept(disks.disks);
        }
    }

    /// What looks at the disks while they are open.
    @FunctionalInterface
    interface Use {
        void accept(List<BenchDisk> disks) throws IOException;
    }

    List<BenchDisk> disks() {
        return disks;
    }

    /// One line about a temporary image, or nothing.
    String announcement() {
        return temporary == null ? "" : "temporary image of " + ByteSize.format(temporary.sizeBytes())
                + ", every block stamped, on " + temporary.path().getParent()
                + (temporary.inMemory() ? " (memory file system)" : " (no memory file system has room)");
    }

    /// Nobody opens a temporary image any more.
    void onOpened() {
        if (temporary != null) {
            temporary.unlink();
        }
    }

    @Override
    public void close() {
        held.forEach(DiskImage::close);
        if (temporary != null) {
            temporary.close();
        }
    }

    private BenchDisk temporary() {
        Workload workload = plan.workload();
        long size = temporaryBytes();
        long minimum = options.offsetBytes() + Math.max(options.sizeBytes(), workload.requestBytes() * plan.jobs());
        TemporaryImage image = TemporaryImage.create(registry, size, minimum, BLOCK_BYTES, plan.stamps());
        temporary = image;
        DiskImage view = hold(registry.open(image.path(), false, BLOCK_BYTES));
        return new BenchDisk("temporary", BenchDisk.Kind.TEMPORARY_FILE, Optional.of(image.path()),
                () -> registry.open(image.path(), false, BLOCK_BYTES), region(view), Optional.of(image.stamps()));
    }

    /// @throws IllegalArgumentException the workload needs blocks of another length
    private long temporaryBytes() {
        long size = options.sizeBytes() == 0 ? TEMPORARY_BYTES : options.offsetBytes() + options.sizeBytes();
        if (size % BLOCK_BYTES != 0) {
            throw new IllegalArgumentException("size=" + size + " is not a multiple of blockBytes=" + BLOCK_BYTES
                    + ", choose one");
        }
        plan.workload().mix().sizes().shares().forEach(share -> requireBlocks(share.bytes()));
        return size;
    }

    private BenchDisk disk(String spec) {
        String lower = spec.toLowerCase(Locale.ROOT);
        if (lower.startsWith("null:") || lower.startsWith("memory:")) {
            DiskImage view = hold(registry.open(spec, false, ImageRegistry.DEFAULT_BLOCK_BYTES));
            BenchDisk.Kind kind = lower.startsWith("null:") ? BenchDisk.Kind.NULL : BenchDisk.Kind.MEMORY;
            return new BenchDisk(spec, kind, Optional.empty(),
                    () -> registry.open(spec, false, ImageRegistry.DEFAULT_BLOCK_BYTES), region(view),
                    Optional.empty());
        }
        if (lower.startsWith("iscsi:")) {
            // Without the text that was given: it may hold a secret.
            throw new IllegalArgumentException(
                    "image begins with iscsi:, name an image in this process, or load the disk with trilane tune");
        }
        return file(spec);
    }

    /// A user's file: read workloads cannot write to it, write workloads ask first.
    private BenchDisk file(String spec) {
        boolean writes = plan.workload().mix().changesMedium();
        ImageInfo info = ImageFiles.inspect(Path.of(spec), ImageRegistry.DEFAULT_BLOCK_BYTES);
        if (!named.add(info.path())) {
            throw new IllegalArgumentException("image=" + spec + " is given twice, name each image once");
        }
        if (writes && !options.allowOverwrite) {
            throw new IllegalArgumentException("image=" + spec + " rw=" + plan.workload().mode().option()
                    + " would overwrite an existing file, add --allow-overwrite if its content may go");
        }
        DiskImage view = hold(registry.open(info.path(), !writes, ImageRegistry.DEFAULT_BLOCK_BYTES));
        return new BenchDisk(spec, BenchDisk.Kind.USER_FILE, Optional.of(info.path()),
                () -> registry.open(info.path(), !writes, ImageRegistry.DEFAULT_BLOCK_BYTES), region(view),
                Optional.empty());
    }

    private Region region(DiskImage image) {
        plan.workload().mix().sizes().shares().forEach(share -> {
            Region _ = Region.of(image, options.offsetBytes(), options.sizeBytes(), share.bytes());
        });
        Region region = Region.of(image, options.offsetBytes(), options.sizeBytes(), plan.workload().requestBytes());
        Region _ = region.share(0, plan.jobs(), plan.workload().requestBytes());
        return region;
    }

    private DiskImage hold(DiskImage image) {
        held.add(image);
        return image;
    }

    private static void requireBlocks(long requestBytes) {
        if (requestBytes % BLOCK_BYTES != 0) {
            throw new IllegalArgumentException("bs=" + requestBytes + " is not a multiple of blockBytes=" + BLOCK_BYTES
                    + ", choose one");
        }
    }
}
