package io.trilane.engine.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.controller.ReentrancyGuard.Answer;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.task.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One thread plays every role: a wait runs what the test says the other roles do meanwhile.
class ReentrancyGuardTest {
    private final RoleActivity[] activities = {new RoleActivity(Role.CONTROL), new RoleActivity(Role.INTERRUPT),
            new RoleActivity(Role.IO)};
    private final MisuseLog misuses = new MisuseLog(() -> 7, CountersFile.inMemory());
    private final List<String> waited = new ArrayList<>();
    private Runnable meanwhile = () -> {};
    private boolean answers = true;
    private final ReentrancyGuard engine = guard(QueueContract.ENGINE);
    private final ReentrancyGuard driverKit = guard(QueueContract.DRIVERKIT);

    @ParameterizedTest
    @EnumSource(Role.class)
    void refusesCreationOnEveryRoleUnderTheEngineContract(Role role) {
        on(role, Callback.LIFECYCLE, () -> assertThat(create(engine)).isEqualTo(Answer.REFUSED));
        assertThat(waited).as("nothing may wait").isEmpty();
        Misuse misuse = role == Role.CONTROL ? Misuse.CREATE_FROM_DEFAULT : Misuse.CREATE_FROM_COMPLETION_QUEUE;
        assertThat(misuses.count(misuse)).isEqualTo(1);
        assertThat(misuses.reports()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(value = Role.class, names = {"CONTROL", "INTERRUPT"})
    void refusesCreationUnderDriverKitExceptOnTheAuxiliaryQueue(Role role) {
        on(role, Callback.LIFECYCLE, () -> assertThat(create(driverKit)).isEqualTo(Answer.REFUSED));
        assertThat(misuses.reports()).hasSize(1);
    }

    @Test
    void letsTheAuxiliaryQueueCreateUnderDriverKit() {
        on(Role.IO, Callback.CREATE_TARGET, () -> assertThat(create(driverKit)).isEqualTo(Answer.DONE));
        assertThat(misuses.reports()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void letsAThreadOfTheDriversOwnCreate(QueueContract contract) {
        assertThat(create(guard(contract))).isEqualTo(Answer.DONE);
        assertThat(misuses.reports()).isEmpty();
    }

    @Test
    void printsTheChainCallByCall() {
        on(Role.CONTROL, Callback.LIFECYCLE, () -> create(driverKit));
        MisuseReport report = misuses.reports().getFirst();
        assertThat(report.detail()).isEqualTo("createTarget(3) by CONTROL needs [CONTROL, INTERRUPT]");
        assertThat(report.chain())
                .containsExactly("CONTROL waits in createTarget(3) for CONTROL, which is in callback LIFECYCLE");
        assertThat(report.describe()).contains("macOS: self-deadlock", "(documented)", "remedy: dispatch the call");
    }

    @Test
    void findsACircleOverTwoRoles() {
        meanwhile = () -> on(Role.INTERRUPT, Callback.INTERRUPT,
                () -> assertThat(sync(engine, "back", Role.IO)).isEqualTo(Answer.REFUSED));
        on(Role.IO, Callback.PROCESS, () -> assertThat(sync(engine, "there", Role.INTERRUPT)).isEqualTo(Answer.DONE));
        assertThat(misuses.count(Misuse.REENTRANT_WAIT)).isEqualTo(1);
        assertThat(misuses.reports().getFirst().chain()).containsExactly(
                "INTERRUPT waits in back for IO, which is in callback PROCESS",
                "IO waits in there for INTERRUPT, which is in callback INTERRUPT");
    }

    @Test
    void findsACircleOverThreeRoles() {
        meanwhile = () -> {
            meanwhile = () -> on(Role.CONTROL, Callback.POWER,
                    () -> assertThat(sync(engine, "third", Role.IO)).isEqualTo(Answer.REFUSED));
            on(Role.INTERRUPT, Callback.INTERRUPT, () -> sync(engine, "second", Role.CONTROL));
        };
        on(Role.IO, Callback.PROCESS, () -> sync(engine, "first", Role.INTERRUPT));
        assertThat(misuses.reports()).singleElement()
                .satisfies(report -> assertThat(report.chain()).hasSize(3).last().asString().startsWith("INTERRUPT"));
    }

    /// On one thread the lower call cannot return before the upper one, whatever it waits for.
    @Test
    void findsAWaitForARoleThatWaitsFurtherDownOnTheSameThread() {
        meanwhile = () -> on(Role.INTERRUPT, Callback.INTERRUPT,
                () -> assertThat(sync(engine, "upper", Role.IO)).isEqualTo(Answer.REFUSED));
        on(Role.IO, Callback.PROCESS, () -> sync(engine, "lower", Role.CONTROL));
        assertThat(misuses.reports().getFirst().chain())
                .contains("IO cannot go on before INTERRUPT has returned, which runs above it on the same thread");
    }

    @Test
    void letsRolesWaitForEachOtherWhenNoCircleCloses() {
        meanwhile = () -> {
            meanwhile = () -> {};
            on(Role.INTERRUPT, Callback.INTERRUPT,
                    () -> assertThat(sync(engine, "onward", Role.CONTROL)).isEqualTo(Answer.DONE));
        };
        on(Role.IO, Callback.PROCESS, () -> assertThat(sync(engine, "first", Role.INTERRUPT)).isEqualTo(Answer.DONE));
        assertThat(misuses.reports()).isEmpty();
        assertThat(waited).hasSize(2);
    }

    @Test
    void forgetsAWaitWhenItHasEnded() {
        on(Role.IO, Callback.PROCESS, () -> sync(engine, "first", Role.INTERRUPT));
        on(Role.INTERRUPT, Callback.INTERRUPT,
                () -> assertThat(sync(engine, "later", Role.IO)).isEqualTo(Answer.DONE));
    }

    @Test
    void doesNotBeginWhatItRefuses() {
        boolean[] begun = {false};
        on(Role.IO, Callback.PROCESS, () -> engine.await(FrameworkCall.DISPATCH_SYNC, "self", Set.of(Role.IO),
                () -> begun[0] = true, () -> true));
        assertThat(begun[0]).isFalse();
    }

    @Test
    void namesTheCallbackThatIsBusyWhenTheDeadlinePasses() {
        answers = false;
        activities[Role.CONTROL.ordinal()].begin(new Thread("other"), 0);
        activities[Role.CONTROL.ordinal()].setCallback(Callback.TASK_MANAGEMENT);
        assertThat(sync(engine, "question", Role.CONTROL)).isEqualTo(Answer.LATE);
        assertThat(misuses.count(Misuse.CALLBACK_BLOCKED)).isEqualTo(1);
        assertThat(misuses.reports().getFirst().detail()).contains("question of thread", "timeoutNs=60 passed",
                "role=CONTROL is in callback=TASK_MANAGEMENT");
    }

    @Test
    void knowsWhoHoldsALock() {
        GuardedLock lock = engine.newLock("table");
        on(Role.IO, Callback.PROCESS, () -> {
            assertThat(lock.acquire()).isTrue();
            assertThat(lock.isHeld()).isTrue();
        });
        assertThatThrownBy(lock::release).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("lock=table is not held by thread");
        on(Role.IO, Callback.PROCESS, lock::release);
        assertThat(lock.isHeld()).isFalse();
        assertThat(misuses.reports()).isEmpty();
    }

    @Test
    void refusesALockWhoseHolderWaitsForTheCaller() {
        GuardedLock lock = engine.newLock("table");
        meanwhile = () -> on(Role.CONTROL, Callback.INITIALIZE_TARGET, () -> assertThat(lock.acquire()).isFalse());
        on(Role.IO, Callback.PROCESS, () -> {
            assertThat(lock.acquire()).isTrue();
            sync(engine, "first", Role.CONTROL);
            lock.release();
        });
        assertThat(misuses.count(Misuse.LOCK_HELD_ACROSS_CALL)).isEqualTo(1);
        assertThat(misuses.reports().getFirst().chain()).hasSize(2);
    }

    /// Once a callback has been seen taking the lock, holding it across a call that provokes that callback is refused in
    /// every schedule.
    @Test
    void refusesACallWhoseCallbacksTakeALockThatIsHeld() {
        GuardedLock lock = engine.newLock("table");
        on(Role.CONTROL, Callback.INITIALIZE_TARGET, () -> {
            assertThat(lock.acquire()).isTrue();
            lock.release();
        });
        assertThat(lock.acquire()).isTrue();
        assertThat(create(engine)).isEqualTo(Answer.REFUSED);
        lock.release();
        assertThat(create(engine)).isEqualTo(Answer.DONE);
        assertThat(misuses.count(Misuse.LOCK_HELD_ACROSS_CALL)).isEqualTo(1);
        assertThat(misuses.reports()).hasSize(1);
    }

    @Test
    void givesUpOnALockAtTheDeadlineAndNamesItsHolder() {
        GuardedLock lock = engine.newLock("table");
        on(Role.IO, Callback.PROCESS, () -> assertThat(lock.acquire()).isTrue());
        answers = false;
        assertThat(lock.acquire()).isFalse();
        assertThat(misuses.reports().getFirst().detail()).contains("acquire lock=table", "holder=IO");
    }

    @Test
    void refusesToTakeALockTwice() {
        GuardedLock lock = engine.newLock("table");
        on(Role.IO, Callback.PROCESS, () -> {
            assertThat(lock.acquire()).isTrue();
            assertThat(lock.acquire()).as("not re-entrant").isFalse();
        });
        assertThat(misuses.count(Misuse.LOCK_HELD_ACROSS_CALL)).isEqualTo(1);
    }

    private ReentrancyGuard guard(QueueContract contract) {
        return new ReentrancyGuard(contract, activities, misuses, (condition, timeoutNs) -> {
            waited.add("wait");
            meanwhile.run();
            return answers && condition.getAsBoolean();
        }, 60);
    }

    private void on(Role role, Callback callback, Runnable body) {
        RoleActivity activity = activities[role.ordinal()];
        activity.begin(Thread.currentThread(), 0);
        activity.setCallback(callback);
        body.run();
        activity.end();
    }

    private static Answer create(ReentrancyGuard guard) {
        return guard.await(FrameworkCall.CREATE_TARGET, "createTarget(3)", guard.rolesOf(FrameworkCall.CREATE_TARGET),
                () -> {}, () -> true);
    }

    private static Answer sync(ReentrancyGuard guard, String what, Role role) {
        return guard.await(FrameworkCall.DISPATCH_SYNC, what, Set.of(role), () -> {}, () -> true);
    }
}
