package io.trilane.hba;

import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.task.TaskStatus;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Units that come and targets that go while the hardware runs. Addresses are taken and given back by any thread, in the
/// order in which it posts what it wants; all else is the hardware agent's.
final class HotPlug {
    private final Targets targets;
    private final TaskManagement taskManagement;
    /// Addresses that are in use once every event that is posted has been executed. Guarded by this.
    private final Set<Long> addresses = new HashSet<>();

    HotPlug(Targets targets, TaskManagement taskManagement) {
        this.targets = targets;
        this.taskManagement = taskManagement;
    }

    /// Takes a unit's address, then lets `post` make the unit and tell the hardware; any thread. Fails when the address is
    /// taken, or as `post` does: then the address is free again.
    synchronized void take(HbaConfig.Unit unit, Runnable post) {
        long address = address(unit.targetId(), unit.lun());
        if (addresses.contains(address)) {
            throw new IllegalArgumentException("targetId=" + unit.targetId() + " lun=" + unit.lun()
                    + " is taken, unplug the target first, or choose another address");
        }
        post.run();
        addresses.add(address);
    }

    /// Lets `post` tell the hardware that a target goes, then gives its addresses back; any thread. A unit that is plugged in
    /// afterwards reaches the hardware afterwards.
    synchronized void giveBack(int targetId, Runnable post) {
        post.run();
        addresses.removeIf(address -> address >> Integer.SIZE == targetId);
    }

    /// Adds the unit; the driver's notice when its target is new, otherwise null. On a target that exists the initiators
    /// hear of it by unit attention (SPC-5 6.33).
    @Nullable
    Notice plug(HardwareEvent.Plug event) {
        HbaConfig.Unit unit = event.unit();
        if (targets.add(unit.targetId(), unit.lun(), event.logicalUnit())) {
            return new Notice.Arrived(unit.targetId(), event.reply());
        }
        Objects.requireNonNull(targets.find(unit.targetId())).onLunsChanged(unit.lun());
        event.reply().complete(TargetVerdict.EXISTS);
        return null;
    }

    /// Takes the target out and its tasks back; the driver's notice, or null when there is no such target.
    @Nullable
    Notice unplug(HardwareEvent.Unplug event) {
        Target target = targets.remove(event.targetId());
        Removal removal = event.removal();
        if (target == null) {
            removal.letGo().complete(false);
            removal.destroyed().complete(false);
            return null;
        }
        Verdict letGo = taskManagement.verdict(() -> removal.letGo().complete(true));
        for (LogicalUnit unit : target.units()) {
            unit.leaveTarget(TaskStatus.DEVICE_NOT_PRESENT, letGo);
        }
        letGo.release();
        return new Notice.Left(event.targetId(), removal.destroyed());
    }

    private static long address(int targetId, int lun) {
        return (long) targetId << Integer.SIZE | lun;
    }

    /// What the hardware tells its driver, with an interrupt.
    sealed interface Notice {
        /// A target is there that was not; answer how its creation ended.
        record Arrived(int targetId, Reply<TargetVerdict> reply) implements Notice {}

        /// A target is gone; answer whether the framework knew it.
        record Left(int targetId, Reply<Boolean> reply) implements Notice {}
    }
}
