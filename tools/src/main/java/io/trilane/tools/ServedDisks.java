package io.trilane.tools;

import io.trilane.engine.task.Extents;
import io.trilane.engine.task.TaskToken;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.LogicalUnitConfig;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageException;
import io.trilane.hba.image.ImageFiles;
import io.trilane.hba.image.ImageInfo;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.image.Sidecar;
import io.trilane.hba.page.BlockLimits;
import io.trilane.hba.page.CommandLimits;
import io.trilane.hba.page.Provisioning;
import io.trilane.hba.page.UnitIdentity;
import io.trilane.tools.frontend.ServedUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The images of a server: opened and locked together, one logical unit each, in the order in which they were named.
final class ServedDisks implements AutoCloseable {
    private static final int TARGET_ID = 0;
    private static final int OPTIMAL_BYTES = 64 << 10;
    private static final int GRANULARITY_BYTES = 4 << 10;
    /// What the file systems below have.
    private static final int PHYSICAL_BLOCK_BYTES = 4096;
    private static final int SERIAL_DIGITS = 16;

    private final ImageRegistry registry = new ImageRegistry();
    private final int maxTransferBytes;
    private final List<DiskImage> images = new ArrayList<>();
    private final List<HbaConfig.Unit> hardware = new ArrayList<>();
    private final List<ServedUnit> units = new ArrayList<>();
    private final Set<Path> paths = new HashSet<>();
    private final Set<String> names = new HashSet<>();

    private ServedDisks(int maxTransferBytes) {
        this.maxTransferBytes = maxTransferBytes;
    }

    /// Opens all or none.
    static ServedDisks open(List<ImageSpec> specs, int maxTransferBytes) {
        ServedDisks disks = new ServedDisks(maxTransferBytes);
        try {
            specs.forEach(disks::add);
            return disks;
        } catch (RuntimeException e) {
            disks.images.forEach(DiskImage::close);
            throw e;
        }
    }

    /// For the model hardware.
    List<HbaConfig.Unit> hardware() {
        return hardware;
    }

    /// For the front ends.
    List<ServedUnit> units() {
        return units;
    }

    /// Makes everything durable that was written, and gives the images and their locks back. After the engine.
    ///
    /// @throws IOException an image could not be made durable
    @Override
    public void close() throws IOException {
        List<String> failed = new ArrayList<>();
        for (DiskImage image : images) {
            if (!flush(image)) {
                failed.add(image.name());
            }
            image.close();
        }
        images.clear();
        if (!failed.isEmpty()) {
            throw new IOException("image=" + String.join(",", failed)
                    + " could not be made durable, what was written since the last flush may be lost");
        }
    }

    private static boolean flush(DiskImage image) {
        return image.isReadOnly() || image.submit(DiskImage.Operation.FLUSH, 0,
                image.capacityBlocks() * image.blockBytes(), Extents.NONE, TaskToken.NONE) == ImageResult.DONE;
    }

    private void add(ImageSpec spec) {
        int lun = images.size();
        DiskImage image = spec.isMade() ? made(spec) : file(spec);
        images.add(image);
        String name = uniqueName(spec, lun);
        boolean readOnly = spec.readOnly() || image.isReadOnly();
        hardware.add(new HbaConfig.Unit(TARGET_ID, lun, config(spec, image, lun), image));
        units.add(
                new ServedUnit(TARGET_ID, lun, name, image.blockBytes(), image.capacityBlocks(), readOnly, spec.thin(),
                        maxTransferBytes));
    }

    /// Memory and null disks cannot be opened for reading only; the unit refuses writes.
    private DiskImage made(ImageSpec spec) {
        return registry.open(spec.image(), false, spec.blockBytes());
    }

    private DiskImage file(ImageSpec spec) {
        Path path = path(spec);
        ImageInfo info = ImageFiles.inspect(path, spec.blockBytes());
        if (!paths.add(info.path())) {
            throw new IllegalArgumentException("image=" + spec.image() + " is given twice, name each image once");
        }
        return registry.open(info.path(), spec.readOnly(), spec.blockBytes());
    }

    private static Path path(ImageSpec spec) {
        try {
            Path path = Path.of(spec.image());
            if (!Files.exists(path)) {
                throw new ImageException("image=" + spec.image() + " does not exist, make it: trilane image create "
                        + spec.image() + " --size 1g");
            }
            return path;
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("image=" + spec.image() + " is no path, choose another", e);
        }
    }

    private LogicalUnitConfig config(ImageSpec spec, DiskImage image, int lun) {
        Sidecar sidecar = spec.isMade() ? Sidecar.DEFAULT : Sidecar.read(Path.of(image.name()));
        String made = MachineName.digest(spec.isMade() ? spec.image() + " lun=" + lun : image.name(), SERIAL_DIGITS);
        UnitIdentity standard = UnitIdentity.ofSerial(pick(spec.serial(), sidecar, Sidecar.SERIAL, made));
        UnitIdentity identity = new UnitIdentity(sidecar.value(Sidecar.VENDOR).orElse(standard.vendor()),
                pick(spec.product(), sidecar, Sidecar.PRODUCT, standard.product()),
                sidecar.value(Sidecar.REVISION).orElse(standard.revision()), standard.serial());
        int block = image.blockBytes();
        int longest = maxTransferBytes / block;
        long optimal = Math.max(1, sidecar.optimalTransferBytes().orElse(OPTIMAL_BYTES) / block);
        BlockLimits limits = new BlockLimits(longest, (int) Math.min(optimal, longest),
                GRANULARITY_BYTES / block, 0, Integer.numberOfTrailingZeros(PHYSICAL_BLOCK_BYTES / block))
                .withCommands(new CommandLimits(Math.min(CommandLimits.STANDARD.compareAndWriteBlocks(), longest / 2),
                        CommandLimits.STANDARD.writeSameBlocks(), CommandLimits.STANDARD.unmapBlocks(),
                        CommandLimits.STANDARD.unmapDescriptors()));
        return new LogicalUnitConfig(identity, limits, spec.readOnly(), false)
                .withProvisioning(spec.thin() ? Provisioning.THIN : Provisioning.FULL).withRemovable(spec.removable());
    }

    private static String pick(Optional<String> option, Sidecar sidecar, String key, String standard) {
        return option.or(() -> sidecar.value(key)).orElse(standard);
    }

    /// Of the export: the file's name, with the number of the unit behind it when another one has it already.
    private String uniqueName(ImageSpec spec, int lun) {
        String name = spec.isMade() ? spec.image().replace(':', '-') : Path.of(spec.image()).getFileName().toString();
        String unique = names.contains(name) ? name + "-" + lun : name;
        while (!names.add(unique)) {
            unique += "-" + lun;
        }
        return unique;
    }
}
