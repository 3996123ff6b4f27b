package io.trilane.engine.controller;

/// Features of parallel SCSI that INQUIRY data may advertise (`driverkit.md` 4.5).
public enum ParallelFeature {
    WIDE_DATA_TRANSFER, SYNCHRONOUS_DATA_TRANSFER, QUICK_ARBITRATION_AND_SELECTION, DOUBLE_TRANSITION,
    INFORMATION_UNIT_TRANSFER
}
