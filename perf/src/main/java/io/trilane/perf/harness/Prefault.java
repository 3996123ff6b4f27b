package io.trilane.perf.harness;

import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.MappedImage;
import java.nio.file.Path;
import java.util.Locale;

/// Brings a file's pages into the page tables before anything is measured: faults cost microseconds and say nothing about the
/// engine. Images larger than half the memory keep theirs.
final class Prefault {
    private Prefault() {}

    /// @param name   as the operator knows it
    /// @param random whether places are visited in random order
    /// @return what was done, for people; empty when there was nothing to do
    static String of(String name, Path file, DiskImage image, boolean random) {
        if (!(image instanceof MappedImage mapped)) {
            return "";
        }
        if (image.capacityBlocks() * image.blockBytes() > Environment.physicalMemoryBytes() / 2) {
            boolean advised = random && mapped.adviseRandom();
            return "image=" + name + " is larger than half the memory and was not prefaulted"
                    + (advised ? ", read-ahead is off" : "");
        }
        if (Environment.holesTakeMemory(file)) {
            return "image=" + name + " has holes that reading would fill and was not prefaulted";
        }
        return "image=" + name + " prefault=" + mapped.prefault().method().name().toLowerCase(Locale.ROOT);
    }
}
