package io.trilane.hba.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// The models that come with Trilane. They stand for kinds of disks: round numbers, none of them measured, good to see what
/// request size, depth and bundling do.
public final class DeviceModels {
    private static final String USER_SPACE_RAID = """
            name = raid0-userspace
            description = illustration, not measured: two-disk RAID-0 (645 MB/s of media rate) behind a user-space driver; \
            made so that 128 KiB writes which cross one by one reach 565 MB/s, the figures of the forum case
            members = 2
            stripe = 64k
            channels = 1
            read = 20us
            write = 20us
            rate = 322.5MB/s
            seek-min = 1ms
            seek-full = 16ms
            rotation = 8333us
            cache = 32MiB
            drain = 322.5MB/s
            link = 1200MB/s
            # 128 KiB per 232 us are 565 MB/s
            crossing = 200us
            task = 32us
            interrupt = 30us
            max-transfer = 1MiB
            """;
    private static final String HARD_DISK = """
            name = ultra320-hdd
            description = illustration, not measured: a 15000 rpm disk on Ultra320 SCSI, write cache off, commands taken in \
            the order of arrival (no reordering)
            channels = 1
            read = 200us
            write = 200us
            rate = 98MB/s
            seek-min = 400us
            seek-full = 7ms
            rotation = 4ms
            link = 320MB/s
            crossing = 10us
            task = 5us
            interrupt = 5us
            max-transfer = 512k
            """;
    private static final String SATA = """
            name = sata-ssd
            description = illustration, not measured: a SATA SSD, eight channels behind a 6 Gb/s link
            channels = 8
            read = 80us
            write = 25us
            rate = 100MB/s
            cache = 16MiB
            drain = 450MB/s
            link = 550MB/s
            crossing = 3us
            task = 1us
            interrupt = 2us
            max-transfer = 1MiB
            """;
    private static final String NVME = """
            name = nvme-ssd
            description = illustration, not measured: an NVMe SSD, 64 channels behind four lanes of PCIe 4, interrupts \
            coalesced
            channels = 64
            read = 60us
            write = 10us
            rate = 400MB/s
            cache = 64MiB
            drain = 3GB/s
            link = 7GB/s
            crossing = 1us
            task = 500ns
            interrupt = 500ns
            coalesce-count = 4
            coalesce-time = 10us
            max-transfer = 1MiB
            """;

    private DeviceModels() {}

    /// All of them, slowest first.
    public static List<DeviceModel> all() {
        return List.of(read(HARD_DISK), read(USER_SPACE_RAID), read(SATA), read(NVME));
    }

    /// The model that `--device-model` means: one that comes with Trilane, or a file of [DeviceModelFile]'s kind.
    public static DeviceModel find(String nameOrFile) throws IOException {
        for (DeviceModel model : all()) {
            if (model.name().equals(nameOrFile)) {
                return model;
            }
        }
        Path file = Path.of(nameOrFile);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("device-model=" + nameOrFile
                    + " is neither a model nor a file, choose one of "
                    + all().stream().map(DeviceModel::name).collect(Collectors.joining(", ")) + ", or name a file");
        }
        return DeviceModelFile.parse(nameOrFile, Files.readAllLines(file));
    }

    private static DeviceModel read(String text) {
        return DeviceModelFile.parse("shipped model", text.lines().toList());
    }
}
