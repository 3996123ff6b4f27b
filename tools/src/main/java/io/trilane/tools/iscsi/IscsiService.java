package io.trilane.tools.iscsi;

import io.trilane.tools.frontend.ConnectionLimits;
import io.trilane.tools.frontend.ServedUnit;
import java.util.List;

/// What an iSCSI front end serves, and to whom.
///
/// @param units    logical units of one target of the engine, at least one
/// @param targets  names by which the target can be logged in to
/// @param policy   who may log in
/// @param sessions who is logged in, over all event loops
/// @param limits   what one peer may use
/// @param portal   `host:port` for SendTargets, as [Portal#of] writes it; empty: the address that the peer connected to
public record IscsiService(List<ServedUnit> units, TargetDirectory targets, LoginPolicy policy,
        SessionRegistry sessions, ConnectionLimits limits, String portal) {
    /// The longest buffer that a task can have.
    private static final int MAX_BUFFER_BYTES = 16 << 20;

    public IscsiService {
        units = List.copyOf(units);
        if (units.isEmpty()) {
            throw new IllegalArgumentException("units=0 < 1, serve at least one logical unit");
        }
        int targetId = units.getFirst().targetId();
        for (ServedUnit unit : units) {
            if (unit.targetId() != targetId) {
                throw new IllegalArgumentException("lun=" + unit.lun() + " targetId=" + unit.targetId()
                        + " != targetId=" + targetId + ", serve each target by a front end of its own");
            }
        }
    }

    /// The engine's number of the target.
    long targetId() {
        return units.getFirst().targetId();
    }

    /// Longest data of one task.
    int maxTransferBytes() {
        int longest = MAX_BUFFER_BYTES;
        for (ServedUnit unit : units) {
            longest = Math.min(longest, unit.maxTransferBytes());
        }
        return longest;
    }
}
