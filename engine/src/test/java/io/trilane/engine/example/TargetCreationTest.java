package io.trilane.engine.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.ThreadingMode;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.GuardedLock;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseReport;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.task.Role;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The ways to create a target that `docs/writing-a-controller.md` shows, right and wrong. The reports that the document
/// prints come from here.
@Timeout(60)
class TargetCreationTest {
    /// A controller with a second target, which is created as a test says.
    private static class HotPlugController extends ExampleController {
        Framework framework;
        GuardedLock lock;
        volatile TargetVerdict verdict;

        HotPlugController() {
            super(64, true);
        }

        @Override
        public boolean start(Framework given) {
            framework = given;
            lock = given.newLock("targets");
            return super.start(given);
        }

        @Override
        public boolean initializeTarget(long targetId) {
            boolean taken = lock.acquire();
            if (taken) {
                lock.release();
            }
            return taken;
        }

        // begin asynchronous
        void plugLater(long target) {
            framework.createTarget(target, Map.of(), answer -> verdict = answer); // returns at once, from any role
        }
        // end

        // begin auxiliary
        void plugFromAuxiliary(long target) {
            boolean queued = framework.dispatch(Role.IO, () -> verdict = framework.createTarget(target, Map.of()));
            assert queued; // false: the queue was full, try again
        }
        // end

        // begin thread
        void plugOnThisThread(long target) {
            verdict = framework.createTarget(target, Map.of()); // returns when the target is probed
        }
        // end
    }

    private static class CreatesInsideStart extends HotPlugController {
        // begin wrong
        @Override
        public boolean startController() {
            verdict = framework.createTarget(0, Map.of()); // wrong: initializeTarget needs the role that waits here
            return true;
        }
        // end
    }

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void createsLaterFromAnyRole(QueueContract contract) {
        HotPlugController controller = new HotPlugController();
        try (Engine engine = launch(contract, controller)) {
            for (Role role : Role.values()) {
                controller.verdict = null;
                assertThat(controller.framework.dispatch(role, () -> controller.plugLater(1))).isTrue();
                awaitVerdict(controller);
                assertThat(controller.verdict).isEqualTo(TargetVerdict.CREATED);
                assertThat(controller.framework.destroyTarget(1)).isTrue();
            }
            assertThat(engine.misuses().reports()).isEmpty();
        }
    }

    @Test
    void createsFromTheAuxiliaryQueueUnderTheDriverKitContract() {
        HotPlugController controller = new HotPlugController();
        try (Engine engine = launch(QueueContract.DRIVERKIT, controller)) {
            controller.plugFromAuxiliary(1);
            awaitVerdict(controller);
            assertThat(engine.targets()).containsExactly(0L, 1L);
            assertThat(engine.misuses().reports()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void createsOnAThreadOfTheDriversOwn(QueueContract contract) {
        HotPlugController controller = new HotPlugController();
        try (Engine engine = launch(contract, controller)) {
            controller.plugOnThisThread(1);
            assertThat(engine.targets()).containsExactly(0L, 1L);
            assertThat(engine.misuses().reports()).isEmpty();
        }
    }

    @Test
    void refusesFromTheAuxiliaryQueueUnderTheEngineContractWhereItSubmits() {
        HotPlugController controller = new HotPlugController();
        try (Engine engine = launch(QueueContract.ENGINE, controller)) {
            controller.plugFromAuxiliary(1);
            awaitVerdict(controller);
            assertThat(controller.verdict).isEqualTo(TargetVerdict.REFUSED);
            assertThat(engine.misuses().reports()).extracting(MisuseReport::misuse)
                    .containsExactly(Misuse.CREATE_FROM_COMPLETION_QUEUE);
        }
    }

    @Test
    void reportsEachWayThatCannotReturn() throws InterruptedException {
        assertThat(insideStart()).contains("CREATE_FROM_DEFAULT: createTarget(0)", "remedy: ");
        assertThat(onInterruptRole()).contains("CREATE_FROM_COMPLETION_QUEUE: createTarget(1)", "remedy: ");
        assertThat(underALock()).contains("LOCK_HELD_ACROSS_CALL: createTarget(1)", "remedy: ");
    }

    /// What is reported when startController waits for its target.
    static String insideStart() {
        CreatesInsideStart controller = new CreatesInsideStart();
        try (Engine engine = launch(QueueContract.DRIVERKIT, controller)) {
            assertThat(controller.verdict).isEqualTo(TargetVerdict.REFUSED);
            assertThat(engine.targets()).isEmpty();
            return onlyReport(engine);
        }
    }

    /// What is reported when an interrupt handler waits for a target.
    static String onInterruptRole() {
        HotPlugController controller = new HotPlugController();
        try (Engine engine = launch(QueueContract.DRIVERKIT, controller)) {
            assertThat(controller.framework.dispatch(Role.INTERRUPT, () -> controller.plugOnThisThread(1))).isTrue();
            awaitVerdict(controller);
            assertThat(controller.verdict).isEqualTo(TargetVerdict.REFUSED);
            return onlyReport(engine);
        }
    }

    /// What is reported when a thread holds a lock that the target's callbacks take.
    static String underALock() throws InterruptedException {
        HotPlugController controller = new HotPlugController();
        try (Engine engine = launch(QueueContract.DRIVERKIT, controller)) {
            Thread hotPlug = Thread.ofPlatform().name("hot-plug").start(() -> {
                assertThat(controller.lock.acquire()).isTrue();
                controller.plugOnThisThread(1);
                controller.lock.release();
            });
            hotPlug.join();
            assertThat(controller.verdict).isEqualTo(TargetVerdict.REFUSED);
            return onlyReport(engine);
        }
    }

    private static String onlyReport(Engine engine) {
        assertThat(engine.misuses().reports()).hasSize(1);
        return engine.misuses().reports().getFirst().describe();
    }

    private static void awaitVerdict(HotPlugController controller) {
        while (controller.verdict == null) {
            Thread.onSpinWait();
        }
    }

    private static Engine launch(QueueContract contract, ExampleController controller) {
        return Engine.launch(EngineConfig.defaults().withMaxTasks(64).withDataBudgetBytes(4 << 20)
                .withCountersDirectory(Optional.empty()).withContract(contract)
                .withThreading(ThreadingMode.DEDICATED), controller);
    }
}
