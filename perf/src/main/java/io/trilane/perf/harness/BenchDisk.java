package io.trilane.perf.harness;

import io.trilane.hba.image.DiskImage;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// A disk under test, before any job has opened it.
///
/// @param name   as the operator knows it
/// @param file   of a file image
/// @param opener gives each job a view of its own
/// @param region what all jobs together may touch
/// @param stamps of an image that we stamped from end to end
public record BenchDisk(String name, Kind kind, Optional<Path> file, Supplier<DiskImage> opener, Region region,
        Optional<StampIdentity> stamps) {
    /// Where the bytes are, and who may know about them.
    public enum Kind {
        /// Existed before: nothing but the workload may alter it.
        USER_FILE,
        /// Ours, gone afterwards.
        TEMPORARY_FILE,
        /// Every job has one of its own.
        MEMORY,
        /// No bytes at all.
        NULL
    }
}
