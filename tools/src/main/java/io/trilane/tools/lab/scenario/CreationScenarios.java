package io.trilane.tools.lab.scenario;

import io.trilane.engine.AuxiliaryCreation;
import io.trilane.engine.controller.CallTrace;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Targets created synchronously where the call cannot return, or perhaps not. The neighbour creates the same target from the
/// same place without waiting. Stateless.
final class CreationScenarios {
    private static final long SECOND = 1;
    private static final int TRACE_SPANS = 4096;

    private CreationScenarios() {}

    static List<Scenario> all() {
        return List.of(
                MisuseTrial.of(Misuse.CREATE_FROM_DEFAULT, "startController created target 0 and waited",
                        CreationScenarios::insideStart, "createTarget(0) by CONTROL needs [CONTROL, INTERRUPT]",
                        "CONTROL waits in createTarget(0) for CONTROL, which is in callback LIFECYCLE")
                        .as("create-inside-start", "startController creates a target and waits for it"),
                MisuseTrial.of(Misuse.CREATE_FROM_DEFAULT, "initializeTarget(0) created target 1 and waited",
                        CreationScenarios::nested, "createTarget(1) by CONTROL",
                        "which is in callback INITIALIZE_TARGET")
                        .as("create-inside-create", "A target is created while another one is initialized"),
                MisuseTrial.of(Misuse.CREATE_FROM_COMPLETION_QUEUE, "onInterrupt created target 1 and waited",
                        CreationScenarios::insideInterrupt, "createTarget(1) by INTERRUPT",
                        "INTERRUPT waits in createTarget(1) for INTERRUPT, which is in callback INTERRUPT")
                        .as("create-inside-interrupt", "The interrupt handler creates a target and waits for it"),
                MisuseTrial.of(Misuse.CREATE_FROM_COMPLETION_QUEUE,
                        "under the ENGINE contract the role that submits created target 1 and waited",
                        CreationScenarios::onSubmittingRole, "createTarget(1) by IO needs [CONTROL, INTERRUPT, IO]")
                        .as("create-from-io-pump", "The queue that pumps I/O creates a target and waits for it"),
                onAuxiliary(AuxiliaryCreation.ALLOW, TargetVerdict.CREATED).expecting()
                        .as("create-from-auxiliary-allowed", "The auxiliary queue creates a target, policy ALLOW"),
                onAuxiliary(AuxiliaryCreation.WARN, TargetVerdict.CREATED)
                        .as("create-from-auxiliary-warned", "The auxiliary queue creates a target, policy WARN"),
                onAuxiliary(AuxiliaryCreation.REFUSE, TargetVerdict.REFUSED)
                        .as("create-from-auxiliary-refused", "The auxiliary queue creates a target, policy REFUSE"));
    }

    /// Creates a target once, at a place that a subclass chooses.
    private static class Creator extends LabController {
        private final boolean waits;
        private final AtomicReference<@Nullable TargetVerdict> verdict = new AtomicReference<>();

        Creator(boolean waits) {
            this.waits = waits;
        }

        final void create(long targetId) {
            if (waits) {
                verdict.set(framework().createTarget(targetId, Map.of()));
            } else {
                framework().createTarget(targetId, Map.of(), verdict::set);
            }
        }

        final boolean hasVerdict() {
            return verdict.get() != null;
        }

        final Optional<TargetVerdict> verdict() {
            return Optional.ofNullable(verdict.get());
        }
    }

    private static final class InsideStart extends Creator {
        InsideStart(boolean waits) {
            super(waits);
        }

        @Override
        public boolean startController() {
            create(TARGET);
            return true;
        }
    }

    private static final class Nested extends Creator {
        Nested(boolean waits) {
            super(waits);
        }

        @Override
        public boolean initializeTarget(long targetId) {
            if (targetId == TARGET) {
                create(SECOND);
            }
            return true;
        }
    }

    private static final class InsideInterrupt extends Creator {
        InsideInterrupt(boolean waits) {
            super(waits);
        }

        @Override
        void onFinished(Task task, long token) {
            if (isRead(task) && !hasVerdict()) {
                create(SECOND);
            }
            super.onFinished(task, token);
        }
    }

    private static void insideStart(boolean wrong, Observation seen) {
        InsideStart controller = new InsideStart(wrong);
        try (LabBench bench = new LabBench(controller, seen)) {
            finish(bench, controller, LabController.TARGET, wrong, seen);
        }
    }

    private static void nested(boolean wrong, Observation seen) {
        Nested controller = new Nested(wrong);
        try (LabBench bench = new LabBench(controller, seen)) {
            finish(bench, controller, SECOND, wrong, seen);
        }
    }

    private static void insideInterrupt(boolean wrong, Observation seen) {
        InsideInterrupt controller = new InsideInterrupt(wrong);
        try (LabBench bench = new LabBench(controller, seen)) {
            seen.that("the READ in whose interrupt it happens comes back", bench.reads(1));
            finish(bench, controller, SECOND, wrong, seen);
        }
    }

    private static void onSubmittingRole(boolean wrong, Observation seen) {
        Creator controller = new Creator(wrong);
        try (LabBench bench = new LabBench(controller, seen, config -> config.withContract(QueueContract.ENGINE))) {
            seen.that("the block on IO returns", bench.on(Role.IO, () -> controller.create(SECOND)));
            finish(bench, controller, SECOND, wrong, seen);
        }
    }

    /// What was refused is created as it should be; then the target works.
    private static void finish(LabBench bench, Creator controller, long target, boolean wrong, Observation seen) {
        seen.that("the call answers", bench.await(controller::hasVerdict));
        TargetVerdict expected = wrong ? TargetVerdict.REFUSED : TargetVerdict.CREATED;
        seen.that("verdict=" + controller.verdict() + " is " + expected,
                controller.verdict().filter(expected::equals).isPresent());
        seen.that("a refused target was not begun", wrong != bench.engine().targets().contains(target));
        seen.that("target " + target + " can be created afterwards",
                !wrong || bench.plug(target).filter(TargetVerdict.CREATED::equals).isPresent());
        seen.that("block 2 of target " + target + " is read", bench.reads(target, 2));
        seen.that("block 3 of target 0 is read", bench.reads(3));
    }

    private static MisuseTrial onAuxiliary(AuxiliaryCreation policy, TargetVerdict expected) {
        String detail = policy == AuxiliaryCreation.ALLOW ? "createTarget(1) on the auxiliary queue: conflicting"
                : "createTarget(1) on role=IO policy=" + policy;
        return MisuseTrial.of(Misuse.CREATE_FROM_AUXILIARY,
                "a block on AuxiliaryQueue created target 1 and waited, policy " + policy,
                (wrong, seen) -> onAuxiliary(policy, expected, wrong, seen), detail);
    }

    private static void onAuxiliary(AuxiliaryCreation policy, TargetVerdict expected, boolean wrong, Observation seen) {
        Creator controller = new Creator(wrong);
        CallTrace trace = new CallTrace(TRACE_SPANS);
        try (LabBench bench = new LabBench(controller, seen, config -> config
                .withFramework(config.framework().withAuxiliaryCreation(policy).withTrace(trace)))) {
            seen.that("the block on IO returns", bench.on(Role.IO, () -> controller.create(SECOND)));
            finish(bench, controller, SECOND, wrong && expected == TargetVerdict.REFUSED, seen);
        }
        List<String> notes = trace.spans().stream().filter(span -> span.direction() == CallTrace.Direction.NOTE)
                .map(CallTrace.Span::call).toList();
        notes.forEach(note -> seen.said("note in the trace: " + note));
        int expectedNotes = wrong && policy == AuxiliaryCreation.ALLOW ? 1 : 0;
        seen.that("notes=" + notes + " in the trace are " + expectedNotes, notes.size() == expectedNotes);
        seen.that("the trace is whole", trace.dropped() == 0);
    }
}
