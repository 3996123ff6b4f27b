package io.trilane.perf.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// Finds memory for the copy contenders: one region for each disk, of the same kind and size. Owned by one [Bench].
final class CopyRegions implements AutoCloseable {
    private static final Path MEMORY_FILE_SYSTEM = Path.of("/dev/shm");

    private final List<CopyContender.Placed> placed = new ArrayList<>();

    private CopyRegions() {}

    /// @throws Unavailable with the reason
    static CopyRegions of(List<BenchDisk> disks, boolean writes) throws Unavailable {
        CopyRegions regions = new CopyRegions();
        try {
            for (BenchDisk disk : disks) {
                regions.placed.add(place(disk, writes));
            }
            return regions;
        } catch (Unavailable e) {
            regions.close();
            throw e;
        }
    }

    List<CopyContender.Placed> placed() {
        return placed;
    }

    /// For the report.
    String description() {
        return placed.stream().map(p -> p.region().description()).distinct().collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        placed.forEach(p -> p.region().close());
    }

    private static CopyContender.Placed place(BenchDisk disk, boolean writes) throws Unavailable {
        Region region = disk.region();
        if (disk.kind() == BenchDisk.Kind.NULL) {
            throw new Unavailable("a null image copies nothing");
        }
        try {
            if (disk.kind() == BenchDisk.Kind.TEMPORARY_FILE && !writes) {
                return new CopyContender.Placed(CopyRegion.ofOwnFile(disk.file().orElseThrow()), 0);
            }
            requireMemory(region.sizeBytes());
            CopyRegion scratch = disk.kind() == BenchDisk.Kind.MEMORY ? CopyRegion.anonymous(region.sizeBytes())
                    : scratch(disk.file().orElseThrow().toAbsolutePath(), region.sizeBytes());
            return new CopyContender.Placed(scratch, region.offsetBytes());
        } catch (IOException e) {
            throw new Unavailable(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /// Beside the image; where that cannot be, in the memory file system.
    private static CopyRegion scratch(Path image, long sizeBytes) throws IOException {
        Path directory = Objects.requireNonNull(image.getParent());
        try {
            return CopyRegion.scratchFile(directory, sizeBytes);
        } catch (IOException e) {
            if (directory.equals(MEMORY_FILE_SYSTEM) || !Files.isWritable(MEMORY_FILE_SYSTEM)) {
                throw e;
            }
            return CopyRegion.scratchFile(MEMORY_FILE_SYSTEM, sizeBytes);
        }
    }

    private static void requireMemory(long sizeBytes) throws Unavailable {
        long limit = Environment.physicalMemoryBytes() / 4;
        if (sizeBytes > limit) {
            throw new Unavailable("size=" + sizeBytes + " > a quarter of the memory=" + limit + ", lower --size");
        }
    }

    /// There is no such memory; the message says why.
    static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        Unavailable(String reason) {
            super(reason);
        }
    }
}
