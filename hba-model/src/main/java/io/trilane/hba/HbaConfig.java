package io.trilane.hba;

import io.trilane.engine.task.TaskMemory;
import io.trilane.hba.image.DiskImage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the model hardware is made of. Images belong to whoever opened them: close them after the engine.
///
/// @param maxTasks            how many tasks the hardware holds, 1..65536
/// @param maxTransferBytes    longest transfer of one task, in bytes
/// @param interruptCoalescing completions per interrupt while more work is posted, at least 1
/// @param units               the logical units, in any order
public record HbaConfig(int maxTasks, long maxTransferBytes, int interruptCoalescing, List<Unit> units) {
    /// The initiator's own id; no target may have it.
    public static final long INITIATOR_ID = 255;
    /// Highest target id.
    public static final int HIGHEST_TARGET_ID = 254;
    /// Highest logical unit number: single level, flat space addressing (SAM-5 4.7.7).
    public static final int HIGHEST_LUN = 16383;

    private static final long MAX_TRANSFER_BYTES = 16L << 20;

    /// One logical unit.
    ///
    /// @param targetId 0..[#HIGHEST_TARGET_ID]
    /// @param lun      0..[#HIGHEST_LUN]
    public record Unit(int targetId, int lun, LogicalUnitConfig config, DiskImage image) {
        public Unit {
            if (targetId < 0 || targetId > HIGHEST_TARGET_ID) {
                throw new IllegalArgumentException(
                        "targetId=" + targetId + " not in 0.." + HIGHEST_TARGET_ID + ", choose a lower one");
            }
            if (lun < 0 || lun > HIGHEST_LUN) {
                throw new IllegalArgumentException("lun=" + lun + " not in 0.." + HIGHEST_LUN + ", choose a lower one");
            }
        }
    }

    public HbaConfig {
        units = List.copyOf(units);
        if (maxTasks < 1 || maxTasks > TaskMemory.MAX_TASKS) {
            throw new IllegalArgumentException("maxTasks=" + maxTasks + " not in 1.." + TaskMemory.MAX_TASKS
                    + ", choose a value in that range");
        }
        if (maxTransferBytes < 4096 || maxTransferBytes > MAX_TRANSFER_BYTES) {
            throw new IllegalArgumentException("maxTransferBytes=" + maxTransferBytes + " not in 4096.."
                    + MAX_TRANSFER_BYTES + ", choose a value in that range");
        }
        if (interruptCoalescing < 1) {
            throw new IllegalArgumentException(
                    "interruptCoalescing=" + interruptCoalescing + " < 1, choose 1 to interrupt at once");
        }
        Set<Long> seen = new HashSet<>();
        for (Unit unit : units) {
            if (!seen.add((long) unit.targetId << 32 | unit.lun)) {
                throw new IllegalArgumentException("targetId=" + unit.targetId + " lun=" + unit.lun
                        + " is given twice, give each unit an address of its own");
            }
        }
    }

    /// One target with one unit, LUN 0, on `image`.
    public static HbaConfig of(int maxTasks, LogicalUnitConfig config, DiskImage image) {
        return new HbaConfig(maxTasks, MAX_TRANSFER_BYTES, 1, List.of(new Unit(0, 0, config, image)));
    }
}
