package io.trilane.engine.controller;

/// How a DMA engine reads its segment lists (`driverkit.md` 4.5).
public enum DmaSegmentType {
    HOST_32, BIG_32, LITTLE_32, HOST_64, BIG_64, LITTLE_64;

    /// True on a little-endian host; field reports say that big-endian segments fail (`driverkit.md` 3.4, row 24).
    public boolean isSupported() {
        return this != BIG_32 && this != BIG_64;
    }
}
