package io.trilane.hba;

import io.trilane.hba.page.BlockLimits;
import io.trilane.hba.page.Provisioning;
import io.trilane.hba.page.UnitIdentity;

/// What a logical unit is, apart from its image.
///
/// @param identity        names and serial number
/// @param limits          transfer limits and physical block
/// @param writeProtected  refuses writes even when the image would take them
/// @param descriptorSense D_SENSE after power on: sense data in descriptor format
/// @param provisioning    whether blocks can be unmapped
/// @param removable       initiators can eject the medium and load it again; the image stays open
public record LogicalUnitConfig(UnitIdentity identity, BlockLimits limits, boolean writeProtected,
        boolean descriptorSense, Provisioning provisioning, boolean removable) {
    /// A fully provisioned disk with a fixed medium.
    public LogicalUnitConfig(UnitIdentity identity, BlockLimits limits, boolean writeProtected,
            boolean descriptorSense) {
        this(identity, limits, writeProtected, descriptorSense, Provisioning.FULL, false);
    }

    /// A writable disk with Trilane's names and limits, and fixed-format sense data.
    public static LogicalUnitConfig ofSerial(String serial) {
        return new LogicalUnitConfig(UnitIdentity.ofSerial(serial), BlockLimits.STANDARD, false, false);
    }

    /// The same unit, thin or fully provisioned.
    public LogicalUnitConfig withProvisioning(Provisioning newProvisioning) {
        return new LogicalUnitConfig(identity, limits, writeProtected, descriptorSense, newProvisioning, removable);
    }

    /// The same unit with a medium that can be ejected, or not.
    public LogicalUnitConfig withRemovable(boolean isRemovable) {
        return new LogicalUnitConfig(identity, limits, writeProtected, descriptorSense, provisioning, isRemovable);
    }
}
