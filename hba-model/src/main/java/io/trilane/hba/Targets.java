package io.trilane.hba;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Task;
import org.jspecify.annotations.Nullable;

/// The targets behind the hardware's port, by id. Touched by the hardware agent only, once it runs.
@HotPath
final class Targets {
    private final @Nullable Target[] targets = new Target[HbaConfig.HIGHEST_TARGET_ID + 1];
    private final CommandFinisher finisher;
    private long foundTargetId;
    private long foundLun;
    private @Nullable LogicalUnit foundUnit;
    private boolean anticipates;
    private final ImageClocks clocks = new ImageClocks();

    /// @param finisher gets what the targets finish
    Targets(CommandFinisher finisher) {
        this.finisher = finisher;
    }

    /// The unit that a task names, or null; remembers the last answer, because neighbours mostly name the same one.
    @Nullable
    LogicalUnit unitOf(Task task) {
        long targetId = task.targetId();
        long lun = task.lun();
        if (targetId != foundTargetId || lun != foundLun || foundUnit == null) {
            Target target = find(targetId);
            foundTargetId = targetId;
            foundLun = lun;
            foundUnit = target == null ? null : target.unitOf(lun);
        }
        return foundUnit;
    }

    /// The target with this id, or null.
    @Nullable
    Target find(long targetId) {
        return targetId >= 0 && targetId < targets.length ? targets[(int) targetId] : null;
    }

    /// True when the image of any unit wants to know what comes next.
    boolean anticipates() {
        return anticipates;
    }

    /// Tells the images that have a clock what time it is; returns what happened.
    int advance(long nowNs) {
        return clocks.isEmpty() ? 0 : clocks.advance(nowNs);
    }

    /// Adds a unit, and its target if there is none yet: then true.
    boolean add(int targetId, int lun, LogicalUnit unit) {
        anticipates |= unit.image().anticipates();
        clocks.add(unit);
        Target target = targets[targetId];
        if (target != null) {
            target.add(lun, unit);
            return false;
        }
        target = new Target(targetId, finisher);
        target.add(lun, unit);
        targets[targetId] = target;
        return true;
    }

    /// Takes a target out; null when there is none.
    @Nullable
    Target remove(int targetId) {
        Target target = find(targetId);
        if (target != null) {
            targets[targetId] = null;
            foundUnit = null;
            target.units().forEach(clocks::leave);
        }
        return target;
    }

    /// The nexus was lost, reset or newly made.
    void resetNexus(Nexus nexus) {
        for (Target target : targets) {
            if (target != null) {
                target.resetNexus(nexus);
            }
        }
    }
}
