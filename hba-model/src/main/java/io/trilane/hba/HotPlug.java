package io.trilane.hba;

import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.task.TaskStatus;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Units that come and targets that go while the hardware runs. Addresses are reserved by any thread, all else is the
/// hardware agent's.
final class HotPlug {
    private final Targets targets;
    private final TaskManagement taskManagement;
    private final Set<Long> addresses = ConcurrentHashMap.newKeySet();

    HotPlug(Targets targets, TaskManagement taskManagement) {
        this.targets = targets;
        this.taskManagement = taskManagement;
    }

    /// Takes a unit's address, before the unit is made; any thread.
    void reserve(HbaConfig.Unit unit) {
        if (!addresses.add(address(unit.targetId(), unit.lun()))) {
            throw new IllegalArgumentException("targetId=" + unit.targetId() + " lun=" + unit.lun()
                    + " is taken, unplug the target and wait for it, or choose another address");
        }
    }

    /// Gives back an address whose unit was never added; any thread.
    void giveBack(HbaConfig.Unit unit) {
        addresses.remove(address(unit.targetId(), unit.lun()));
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
        addresses.removeIf(address -> address >>> Integer.SIZE == event.targetId());
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
