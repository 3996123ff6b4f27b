package io.trilane.tools;

import io.trilane.hba.device.DeviceModel;
import io.trilane.hba.device.DeviceModels;
import io.trilane.hba.device.TimedImage;
import io.trilane.perf.harness.BenchDisk;
import io.trilane.perf.harness.BenchPlan;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--device-model` of `trilane bench`: makes an image without bytes of its own as slow as a modelled device, in real time.
final class BenchDeviceOptions {
    @Option(names = "--device-model", paramLabel = "NAME|FILE",
            description = "Let the image take the time of a device: ultra320-hdd, raid0-userspace, sata-ssd, nvme-ssd, or "
                    + "a file that describes one. With one null: or memory: image and one job.")
    @Nullable
    String deviceModel;

    /// Looked at before anything is opened.
    void requireFit(BenchOptions options) {
        if (deviceModel == null) {
            return;
        }
        if (options.suite != null) {
            throw new IllegalArgumentException(
                    "suite=" + options.suite + " measures the engine, leave --device-model out");
        }
        if (options.images.size() != 1 || !hasNoFile(options.images.getFirst())) {
            throw new IllegalArgumentException("image=" + String.join(",", options.images)
                    + " is not one null: or memory: image, which --device-model needs, add --image null:64g");
        }
        if (options.numJobs != 1) {
            throw new IllegalArgumentException("numjobs=" + options.numJobs
                    + " > 1, a modelled device takes one job, leave --numjobs out");
        }
        if (options.verify != null) {
            throw new IllegalArgumentException("verify=" + options.verify
                    + " reads behind the device's back, leave --verify or --device-model out");
        }
    }

    /// The disks, as slow as the device if there is one. Nobody fills them or compares them with a memory copy.
    List<BenchDisk> applyTo(List<BenchDisk> disks, BenchPlan plan) throws IOException {
        if (deviceModel == null) {
            return disks;
        }
        DeviceModel model = DeviceModels.find(deviceModel);
        TimedImage.Clocking clocking = TimedImage.Clocking.realTime(plan.workload().bundle());
        return disks.stream().map(disk -> new BenchDisk(disk.name() + " as " + model.name(), BenchDisk.Kind.NULL,
                Optional.empty(), () -> new TimedImage(disk.opener().get(), model, clocking), disk.region(),
                Optional.empty())).toList();
    }

    private static boolean hasNoFile(String image) {
        String lower = image.toLowerCase(Locale.ROOT);
        return lower.startsWith("null:") || lower.startsWith("memory:");
    }
}
