package io.trilane.tools.lab.check;

import io.trilane.engine.controller.Evidence;
import io.trilane.engine.controller.Misuse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// The number of tasks, the ids of tasks and of targets.
final class TaskCheck {
    private static final long U32_MAX = 0xFFFF_FFFFL;

    private final Section root;

    TaskCheck(Section root) {
        this.root = root;
    }

    void check() {
        long tasks = maximumTasks();
        root.section("task-ids", List.of("first", "step")).ifPresentOrElse(ids -> taskIds(ids, tasks),
                () -> root.found(Finding.description(root.line(), "task-ids is missing",
                        "add first: 1 and step: 1 when slot + 1 is answered")));
        root.section("identifiers", List.of("initiator", "highest", "targets", "manages-devices")).ifPresentOrElse(
                this::identifiers, () -> root.found(Finding.description(root.line(), "identifiers is missing",
                        "add initiator and highest")));
    }

    private long maximumTasks() {
        int line = root.line("maximum-tasks");
        if (!root.has("maximum-tasks")) {
            root.found(Finding.of(line, Misuse.TASK_COUNT_ZERO, "maximum-tasks is missing"));
            return 1;
        }
        OptionalLong tasks = root.number("maximum-tasks");
        if (tasks.isEmpty()) {
            return 1;
        }
        if (tasks.getAsLong() < 1) {
            root.found(Finding.of(line, Misuse.TASK_COUNT_ZERO, "maximum-tasks=" + tasks.getAsLong() + " < 1"));
        } else if (tasks.getAsLong() > U32_MAX) {
            root.found(Finding.description(line, "maximum-tasks=" + tasks.getAsLong() + " > " + U32_MAX,
                    "the method answers 32 bits, report fewer"));
        } else if (tasks.getAsLong() == 1) {
            root.found(Finding.note(line, Misuse.POOL_STARVED, "maximum-tasks=1 < 8, one leaked task stalls it"));
        }
        return Math.clamp(tasks.getAsLong(), 1, U32_MAX);
    }

    /// Task of slot n has the id first + n x step.
    private void taskIds(Section ids, long tasks) {
        requireNumber(ids, "first");
        requireNumber(ids, "step");
        OptionalLong first = ids.number("first");
        OptionalLong step = ids.number("step");
        if (first.isEmpty() || step.isEmpty() || !isU32(ids, "first", first.getAsLong())
                || !isU32(ids, "step", step.getAsLong())) {
            return;
        }
        if (first.getAsLong() == 0) {
            ids.found(Finding.of(ids.line("first"), Misuse.TASK_ID_RESERVED, "task-ids.first=0, the task of slot=0"));
        }
        if (step.getAsLong() == 0 && tasks > 1) {
            ids.found(Finding.of(ids.line("step"), Misuse.TASK_ID_DUPLICATE, "task-ids.step=0, maximum-tasks=" + tasks
                    + " > 1, all have the id " + first.getAsLong()));
        }
        if (step.getAsLong() != 0 && (tasks - 1) > (U32_MAX - first.getAsLong()) / step.getAsLong()) {
            ids.found(Finding.description(ids.line("step"), "task-ids of slot=" + (tasks - 1) + " > " + U32_MAX,
                    "ids have 32 bits, choose a smaller step"));
        }
    }

    private static boolean isU32(Section section, String key, long value) {
        if (value >= 0 && value <= U32_MAX) {
            return true;
        }
        section.found(Finding.description(section.line(key), section.path(key) + "=" + value + " not in 0.." + U32_MAX,
                "ids have 32 bits"));
        return false;
    }

    private static void requireNumber(Section section, String key) {
        if (!section.has(key)) {
            section.found(Finding.description(section.line(), section.path(key) + " is missing", "add it"));
        }
    }

    private void identifiers(Section identifiers) {
        requireNumber(identifiers, "initiator");
        requireNumber(identifiers, "highest");
        OptionalLong initiator = identifiers.bits("initiator");
        OptionalLong highest = identifiers.bits("highest");
        Map<Long, Integer> seen = new HashMap<>();
        for (YamlNode.Scalar target : identifiers.values("targets")) {
            OptionalLong id = identifiers.number("identifiers.targets", target.line(), target.text(), true);
            if (id.isPresent()) {
                target(identifiers, target.line(), id.getAsLong(), initiator, highest);
                Integer before = seen.putIfAbsent(id.getAsLong(), target.line());
                if (before != null) {
                    identifiers.found(Finding.of(target.line(), Misuse.TARGET_EXISTS,
                            "target=" + Long.toUnsignedString(id.getAsLong()) + " = target of line " + before));
                }
            }
        }
        devicesOfTheKernel(identifiers);
    }

    private static void target(Section section, int line, long id, OptionalLong initiator, OptionalLong highest) {
        String target = "target=" + Long.toUnsignedString(id);
        if (initiator.isPresent() && id == initiator.getAsLong()) {
            section.found(Finding.of(line, Misuse.TARGET_ID_OUT_OF_RANGE, target + " = initiator="
                    + Long.toUnsignedString(id), "the creation fails", Evidence.DOCUMENTED));
        }
        if (highest.isEmpty()) {
            return;
        }
        String relation = "highest=" + Long.toUnsignedString(highest.getAsLong());
        int order = Long.compareUnsigned(id, highest.getAsLong());
        if (order > 0) {
            section.found(Finding.of(line, Misuse.TARGET_ID_OUT_OF_RANGE, target + " > " + relation));
        }
    }

    /// A kernel that manages the devices creates all of them itself (`driverkit.md` 1.1, the legacy scan).
    private void devicesOfTheKernel(Section identifiers) {
        boolean own = identifiers.flag("manages-devices").orElse(true);
        if (own) {
            return;
        }
        for (YamlNode.Scalar target : identifiers.values("targets")) {
            identifiers.found(Finding.of(target.line(), Misuse.TARGET_EXISTS, "target=" + target.text()
                    + " is created by the kernel, identifiers.manages-devices=false"));
        }
    }
}
