package io.trilane.engine;

import io.trilane.engine.controller.ParallelFeature;
import io.trilane.engine.controller.TargetProperty;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the framework knows of a target that is present.
///
/// @param targetId     its id
/// @param properties   what the controller says of it
/// @param multiPathing the controller supports several paths to it
/// @param features     parallel features that both sides have
/// @param units        its logical units as the probe found them; empty without a probe
public record TargetInfo(long targetId, Map<TargetProperty, String> properties, boolean multiPathing,
        Set<ParallelFeature> features, List<Unit> units) {

    public TargetInfo {
        properties = Map.copyOf(properties);
        features = Set.copyOf(features);
        units = List.copyOf(units);
    }

    TargetInfo withProperties(Map<TargetProperty, String> newProperties) {
        return new TargetInfo(targetId, newProperties, multiPathing, features, units);
    }

    TargetInfo withUnits(List<Unit> newUnits) {
        return new TargetInfo(targetId, properties, multiPathing, features, newUnits);
    }

    /// A logical unit.
    ///
    /// @param lun            the eight LUN bytes, first byte most significant
    /// @param vendor         T10 vendor identification, without trailing spaces
    /// @param product        product identification, without trailing spaces
    /// @param revision       product revision level, without trailing spaces
    /// @param deviceType     peripheral device type
    /// @param blockBytes     length of a logical block, 0 when unknown
    /// @param blocks         number of logical blocks, 0 when unknown
    /// @param writeProtected MODE SENSE says so
    public record Unit(long lun, String vendor, String product, String revision, int deviceType, int blockBytes,
            long blocks, boolean writeProtected) {}
}
