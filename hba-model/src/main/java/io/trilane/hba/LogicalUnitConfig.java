package io.trilane.hba;

import io.trilane.hba.page.BlockLimits;
import io.trilane.hba.page.UnitIdentity;

/// What a logical unit is, apart from its image.
///
/// @param identity        names and serial number
/// @param limits          transfer limits and physical block
/// @param writeProtected  refuses writes even when the image would take them
/// @param descriptorSense D_SENSE after power on: sense data in descriptor format
public record LogicalUnitConfig(UnitIdentity identity, BlockLimits limits, boolean writeProtected,
        boolean descriptorSense) {
    /// A writable disk with Trilane's names and limits, and fixed-format sense data.
    public static LogicalUnitConfig ofSerial(String serial) {
        return new LogicalUnitConfig(UnitIdentity.ofSerial(serial), BlockLimits.STANDARD, false, false);
    }
}
