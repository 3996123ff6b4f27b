package io.trilane.engine.controller;

import java.util.Arrays;

/// The keys of the constraints dictionary (`driverkit.md` 4.6).
public enum ConstraintKey {
    MAXIMUM_SEGMENT_COUNT_READ("kIOMaximumSegmentCountReadKey", true),
    MAXIMUM_SEGMENT_COUNT_WRITE("kIOMaximumSegmentCountWriteKey", true),
    MAXIMUM_SEGMENT_BYTE_COUNT_READ("kIOMaximumSegmentByteCountReadKey", true),
    MAXIMUM_SEGMENT_BYTE_COUNT_WRITE("kIOMaximumSegmentByteCountWriteKey", true),
    MINIMUM_SEGMENT_ALIGNMENT_BYTE_COUNT("kIOMinimumSegmentAlignmentByteCountKey", true),
    MAXIMUM_SEGMENT_ADDRESSABLE_BIT_COUNT("kIOMaximumSegmentAddressableBitCountKey", true),
    MINIMUM_HBA_DATA_ALIGNMENT_MASK("kIOMinimumHBADataAlignmentMaskKey", true),
    HIERARCHICAL_LOGICAL_UNIT_SUPPORT("kIOHierarchicalLogicalUnitSupportKey", false);

    private final String driverKitName;
    private final boolean required;

    ConstraintKey(String driverKitName, boolean required) {
        this.driverKitName = driverKitName;
        this.required = required;
    }

    /// How many keys are required.
    public static int requiredCount() {
        return (int) Arrays.stream(values()).filter(ConstraintKey::isRequired).count();
    }

    /// The name of the key in DriverKit.
    public String driverKitName() {
        return driverKitName;
    }

    /// True for the seven whose absence makes a kernel panic.
    public boolean isRequired() {
        return required;
    }
}
