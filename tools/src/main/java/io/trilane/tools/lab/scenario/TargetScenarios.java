package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.task.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Targets that should not be created, or not yet; and a power state that nobody acknowledges. Stateless.
final class TargetScenarios {
    private static final long SECOND = 1;
    private static final long NEVER_CREATED = 5;
    private static final long OUT_OF_RANGE = 9;

    private TargetScenarios() {}

    static List<Scenario> all() {
        return List.of(
                MisuseTrial.of(Misuse.TARGET_EXISTS, "target 0 was created, which was there",
                        TargetScenarios::createTwice, "targetId=0 state=PRESENT is not absent")
                        .as("target-created-twice", "A target that exists is created"),
                MisuseTrial.of(Misuse.TARGET_EXISTS, "target 5 was destroyed, which was not there",
                        TargetScenarios::destroyMissing, "targetId=5 is not present, nothing to destroy")
                        .as("target-destroyed-that-is-missing", "A target that does not exist is destroyed"),
                MisuseTrial.of(Misuse.TARGET_ID_OUT_OF_RANGE, "target 9 was created, and 6 reported as highest",
                        TargetScenarios::aboveHighest, "targetId=9 > highestTargetId=6")
                        .as("target-above-highest", "A target above the highest reported id is created"),
                MisuseTrial.of(Misuse.NOT_READY_AT_PROBE,
                        "target 1 was created while its unit answered NOT READY, 04/01, and did so for longer than 45 s",
                        TargetScenarios::notReady, "targetId=1 lun=0h command=TEST_UNIT_READY sense=",
                        "readyTimeoutNs=45000000000")
                        .as("target-not-ready", "A target is created before its unit is ready"),
                MisuseTrial.of(Misuse.NOT_READY_AT_PROBE, "target 1 was created 3 s before its unit was ready",
                        TargetScenarios::readyLate, "targetId=1 lun=0h command=TEST_UNIT_READY sense=")
                        .as("target-ready-late", "The unit becomes ready while it is probed"),
                MisuseTrial.of(Misuse.PROBE_HELD,
                        "the INQUIRY of the probe was kept for longer than 10 s, without a deadline of the driver's own",
                        TargetScenarios::probeHeld, "targetId=1 lun=0h command=INQUIRY not completed within"
                                + " timeoutMillis=10000")
                        // The driver returns the token in the end, which is late by then.
                        .expecting(Misuse.PROBE_HELD, Misuse.LATE_COMPLETION)
                        .as("probe-held", "A probe command is held"),
                MisuseTrial.of(Misuse.POWER_ACK_TIMEOUT, "setPowerState(OFF) returned and was never acknowledged",
                        TargetScenarios::power, "powerState=OFF was not acknowledged within powerTimeoutNs=21257000000")
                        .as("power-not-acknowledged", "A power transition is not acknowledged"));
    }

    private static void createTwice(boolean wrong, Observation seen) {
        LabController controller = new LabController();
        try (LabBench bench = new LabBench(controller, seen)) {
            Framework framework = bench.framework();
            boolean creates = wrong || !framework.isTargetPresent(LabController.TARGET);
            TargetVerdict verdict =
                    creates ? framework.createTarget(LabController.TARGET, Map.of()) : TargetVerdict.EXISTS;
            seen.that("verdict=" + verdict + " is EXISTS", verdict == TargetVerdict.EXISTS);
            seen.that("targets=" + bench.engine().targets() + " are as before",
                    bench.engine().targets().equals(List.of(LabController.TARGET)));
            seen.that("block 3 is read", bench.reads(3));
        }
    }

    private static void destroyMissing(boolean wrong, Observation seen) {
        try (LabBench bench = new LabBench(new LabController(), seen)) {
            Framework framework = bench.framework();
            boolean destroyed =
                    (wrong || framework.isTargetPresent(NEVER_CREATED)) && framework.destroyTarget(NEVER_CREATED);
            seen.that("nothing was destroyed", !destroyed);
            seen.that("block 3 is read", bench.reads(3));
        }
    }

    private static void aboveHighest(boolean wrong, Observation seen) {
        try (LabBench bench = new LabBench(new LabController(), seen)) {
            long target = wrong ? OUT_OF_RANGE : LabController.HIGHEST_TARGET;
            TargetVerdict expected = wrong ? TargetVerdict.OUT_OF_RANGE : TargetVerdict.CREATED;
            Optional<TargetVerdict> verdict = bench.plug(target);
            seen.that("verdict=" + verdict + " is " + expected, verdict.equals(Optional.of(expected)));
            seen.that("a target out of range is not there", wrong != bench.framework().isTargetPresent(target));
            seen.that("block 3 of a target in range is read", bench.reads(wrong ? LabController.TARGET : target, 3));
        }
    }

    private static void notReady(boolean wrong, Observation seen) {
        LabController controller = new LabController();
        try (LabBench bench = new LabBench(controller, seen)) {
            controller.disk().setNotReady(SECOND);
            if (wrong) {
                Attempt attempt = new Attempt(bench);
                bench.elapse(Duration.ofSeconds(30));
                seen.that("after 30 s it still waits", attempt.isOpen());
                seen.that("target 0 works meanwhile", bench.reads(2));
                bench.elapse(Duration.ofSeconds(16));
                seen.that("after 46 s the target is given up", attempt.ended(TargetVerdict.PROBE_FAILED));
            }
            controller.disk().setAllReady();
            seen.that("a ready target is created", bench.plug(SECOND).equals(Optional.of(TargetVerdict.CREATED)));
            seen.that("block 3 of target 1 is read", bench.reads(SECOND, 3));
        }
    }

    private static void readyLate(boolean wrong, Observation seen) {
        LabController controller = new LabController();
        try (LabBench bench = new LabBench(controller, seen)) {
            controller.disk().setNotReady(SECOND);
            Optional<Attempt> early = wrong ? Optional.of(new Attempt(bench)) : Optional.empty();
            bench.elapse(Duration.ofSeconds(3));
            controller.disk().setAllReady();
            Attempt attempt = early.orElseGet(() -> new Attempt(bench));
            bench.elapse(Duration.ofSeconds(1));
            seen.that("the target is created", attempt.ended(TargetVerdict.CREATED));
            seen.that("block 3 of target 1 is read", bench.reads(SECOND, 3));
        }
    }

    private static void probeHeld(boolean wrong, Observation seen) {
        LabController controller = new LabController();
        try (LabBench bench = new LabBench(controller, seen)) {
            controller.disk().hold(task -> task.targetId() == SECOND && task.cdbByte(0) == LabDisk.INQUIRY);
            Attempt attempt = new Attempt(bench);
            bench.elapse(Duration.ofSeconds(5));
            seen.that("the INQUIRY is held", controller.disk().heldCount() == 1);
            if (!wrong) {
                seen.that("the driver gives it up", bench.on(Role.INTERRUPT, controller::giveUpHeld));
            }
            bench.elapse(Duration.ofSeconds(6));
            seen.that("after 11 s the target is given up", attempt.ended(TargetVerdict.PROBE_FAILED));
            controller.disk().letGo();
            bench.pump();
            seen.that("the target can be created afterwards",
                    bench.plug(SECOND).equals(Optional.of(TargetVerdict.CREATED)));
            seen.that("block 3 of target 1 is read", bench.reads(SECOND, 3));
        }
    }

    private static void power(boolean wrong, Observation seen) {
        PowerController controller = new PowerController(wrong);
        try (LabBench bench = new LabBench(controller, seen)) {
            bench.clock().setTick(Duration.ofMillis(20));
            seen.that("switching off succeeds only when acknowledged",
                    bench.engine().setPowerState(PowerState.OFF) != wrong);
            seen.that("it can be switched on", bench.engine().setPowerState(PowerState.ON));
            bench.clock().setTick(Duration.ofMillis(1));
            seen.that("block 3 is read", bench.reads(3));
        }
    }

    /// Acknowledges from the interrupt queue, as late as it likes.
    private static final class PowerController extends LabController {
        private final boolean forgetsOff;

        PowerController(boolean forgetsOff) {
            this.forgetsOff = forgetsOff;
        }

        @Override
        public void setPowerState(PowerState state, Framework framework) {
            if (!forgetsOff || state != PowerState.OFF) {
                boolean _ = framework.dispatch(Role.INTERRUPT, () -> framework.acknowledgePowerState(state));
            }
        }
    }

    /// A creation of target 1 that takes its time.
    private static final class Attempt {
        private final AtomicReference<@Nullable TargetVerdict> verdict = new AtomicReference<>();

        Attempt(LabBench bench) {
            bench.framework().createTarget(SECOND, Map.of(), verdict::set);
            bench.pump();
        }

        boolean isOpen() {
            return verdict.get() == null;
        }

        boolean ended(TargetVerdict expected) {
            return verdict.get() == expected;
        }
    }
}
