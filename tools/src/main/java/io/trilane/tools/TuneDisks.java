package io.trilane.tools;

import io.trilane.hba.device.DeviceModel;
import io.trilane.hba.device.DeviceModels;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.perf.harness.DeviceLoadDisk;
import io.trilane.perf.harness.EngineLoadDisk;
import io.trilane.perf.harness.LoadDisk;
import io.trilane.tools.initiator.LoadDisks;
import io.trilane.tools.initiator.iscsi.IscsiLoadDisk;
import io.trilane.tools.initiator.iscsi.IscsiOptions;
import java.io.IOException;
import java.util.Objects;

/// Opens what `trilane tune` loads. Stateless.
final class TuneDisks {
    private TuneDisks() {}

    /// @throws IllegalArgumentException there is no such disk, or the options do not go together
    static LoadDisk open(TuneOptions options, String target) throws IOException {
        requireCombination(options, target);
        boolean writes = options.mode().writes();
        boolean overwrites = options.allowOverwrite && writes;
        if (options.deviceModel != null) {
            return modelled(options, target);
        }
        LoadDisks disks = new LoadDisks((uri, _) -> IscsiLoadDisk.open(uri, iscsi(options, overwrites)),
                (spec, _) -> EngineLoadDisk.open(spec, overwrites));
        LoadDisk disk = disks.open(target, new LoadDisks.Options(overwrites, options.plain, options.direct));
        if (writes && !disk.limits().isWritable()) {
            disk.close();
            // Not the text that was given: it may hold a secret.
            throw new IllegalArgumentException("target=" + disk.name() + " rw=" + options.rw + (options.allowOverwrite
                    ? " cannot be written to, choose --rw read or --rw randread"
                    : " would overwrite what is there, add --allow-overwrite if it may go"));
        }
        return disk;
    }

    private static LoadDisk modelled(TuneOptions options, String target) throws IOException {
        if (LoadDisks.kind(target) != LoadDisks.Kind.IMAGE) {
            // Without the text that was given: it may hold a secret.
            throw new IllegalArgumentException("device-model=" + options.deviceModel
                    + " needs a target that holds bytes in this process, choose null:SIZE or memory:SIZE");
        }
        DeviceModel model = DeviceModels.find(Objects.requireNonNull(options.deviceModel));
        ImageRegistry registry = new ImageRegistry();
        return options.realTime
                ? DeviceLoadDisk.realTime(model, () -> registry.open(target, false, ImageRegistry.DEFAULT_BLOCK_BYTES))
                : DeviceLoadDisk.simulated(model,
                        () -> registry.open(target, false, ImageRegistry.DEFAULT_BLOCK_BYTES));
    }

    private static IscsiOptions iscsi(TuneOptions options, boolean overwrites) {
        IscsiOptions base = IscsiOptions.defaults().withAllowOverwrite(overwrites).withEnvironment(System.getenv());
        return options.chapSecretFile == null ? base : base.withSecretFile(options.chapSecretFile);
    }

    private static void requireCombination(TuneOptions options, String target) {
        if (options.direct && !options.plain) {
            throw new IllegalArgumentException("direct=true needs plain=true, add --plain");
        }
        if (options.realTime && options.deviceModel == null) {
            throw new IllegalArgumentException("real-time=true needs a device model, add --device-model NAME");
        }
        if (options.plain && options.deviceModel != null) {
            throw new IllegalArgumentException("plain=true and device-model=" + options.deviceModel
                    + " exclude each other, leave one out");
        }
        if (options.deviceModel != null && options.against != null) {
            throw new IllegalArgumentException("device-model=" + options.deviceModel
                    + " would be compared with itself, leave --against or --device-model out");
        }
        if (options.plain && LoadDisks.kind(target) != LoadDisks.Kind.PATH) {
            throw new IllegalArgumentException(
                    "plain=true needs a file or a block device, leave --plain out or name one");
        }
    }
}
