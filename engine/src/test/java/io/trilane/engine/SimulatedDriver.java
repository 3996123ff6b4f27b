package io.trilane.engine;

import static io.trilane.engine.SimulationBooks.check;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.GuardedLock;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.task.Role;
import java.util.Map;

/// What the driver of a [Simulation] asks of the framework of its own accord: on a thread of its own, on a role, inside any
/// callback, nested. It knows which calls must be refused ([io.trilane.engine.controller.QueueContract]) and which must not.
final class SimulatedDriver {
    private static final int MAX_DEPTH = 3;

    private final SimulationBooks books;
    private Framework framework;
    private GuardedLock[] locks;
    /// Blocks and answers that are still to come.
    private int expected;

    SimulatedDriver(SimulationBooks books) {
        this.books = books;
    }

    void attach(Framework given) {
        framework = given;
        locks = new GuardedLock[]{given.newLock("first"), given.newLock("second")};
    }

    /// Inside a callback: now and then something, not in a correct driver, which leaves callbacks alone but for locks.
    void whim(int oneIn) {
        if (books.engine == null || books.isFinishing || books.depth >= MAX_DEPTH || !books.oneIn(oneIn)) {
            return;
        }
        if (books.plan.isCorrect()) {
            lock();
        } else {
            act();
        }
    }

    /// On a thread of its own, or through a message to a role.
    void actSomewhere() {
        if (books.oneIn(3)) {
            act();
        } else {
            boolean _ = framework.dispatch(Role.values()[books.random.nextInt(3)], this::act);
        }
    }

    void act() {
        if (books.isFinishing || books.depth >= MAX_DEPTH || books.isStopped) {
            return;
        }
        switch (books.random.nextInt(16)) {
            case 0, 1, 2 -> createAsync();
            case 3, 4 -> createAndWait();
            case 5 -> destroyAsync();
            case 6 -> destroyAndWait();
            case 7 -> {
                if (isSettled() || books.oneInUnlessCorrect(8)) {
                    books.met(SimulatedEvent.RESCAN);
                    framework.mediaParametersHaveChanged();
                }
            }
            case 8, 9 -> lock();
            case 10, 11 -> dispatchAndWait();
            case 12 -> {
                boolean _ = framework.dispatch(Role.values()[books.random.nextInt(3)], () -> books.maybeThrow(3));
            }
            default -> {
            }
        }
    }

    /// At once, later, or never.
    void acknowledge(PowerState state, Framework given) {
        int when = books.plan.isCorrect() || books.isFinishing ? books.random.nextInt(2) : books.random.nextInt(3);
        if (when == 0) {
            given.acknowledgePowerState(state);
        } else if (when == 1) {
            boolean _ = framework.dispatch(Role.values()[books.random.nextInt(3)],
                    () -> given.acknowledgePowerState(state));
        }
    }

    /// Nothing that was asked for is still to come, be it after its deadline.
    private boolean isSettled() {
        return expected == 0 && books.engine.core().targets().isSettled();
    }

    private int randomTarget() {
        return books.random.nextInt(SimulationBooks.HIGHEST_TARGET + (books.plan.isCorrect() ? 1 : 2));
    }

    private void createAsync() {
        int id = randomTarget();
        if (books.plan.isCorrect() && (!isSettled() || framework.isTargetPresent(id))) {
            return;
        }
        expected++;
        framework.createTarget(id, Map.of(), verdict -> {
            expected--;
            check(books.engine == null
                    || books.engine.currentRole() == framework.contract().role(Callback.CREATE_TARGET),
                    "answer on the wrong role");
            note(verdict);
        });
    }

    private void createAndWait() {
        int id = randomTarget();
        boolean isQuiet = books.isOperating || books.depth != 0 || books.engine.state().isSuspended();
        if (books.plan.isCorrect()
                && (!isSettled() || framework.isTargetPresent(id) || isQuiet || books.plan.probes())) {
            return;
        }
        Role here = books.engine.currentRole();
        boolean isAllowed = here == null || framework.contract().rolesThatMayCreateTargets().contains(here);
        if (books.plan.isCorrect() && !isAllowed) {
            return;
        }
        boolean isAlone = books.depth == 0 && books.locksHeld == 0;
        expected++;
        books.depth++;
        TargetVerdict verdict = framework.createTarget(id, Map.of());
        books.depth--;
        expected--;
        if (!isAllowed) {
            check(verdict == TargetVerdict.REFUSED, "creation on role=" + here + " ended with " + verdict);
        } else if (isAlone) {
            check(verdict != TargetVerdict.REFUSED, "creation on role=" + here + " was refused");
            boolean isLegal = id <= SimulationBooks.HIGHEST_TARGET && id != SimulationBooks.INITIATOR;
            check(isLegal || verdict == TargetVerdict.OUT_OF_RANGE || verdict == TargetVerdict.ABANDONED,
                    "illegal id=" + id + " ended with " + verdict);
            if (here != null && verdict == TargetVerdict.CREATED) {
                books.met(SimulatedEvent.CREATED_AND_WAITED_ON_A_ROLE);
            }
        }
        note(verdict);
    }

    private void note(TargetVerdict verdict) {
        books.met(switch (verdict) {
            case CREATED -> SimulatedEvent.TARGET_CREATED;
            case REFUSED -> SimulatedEvent.CREATION_REFUSED;
            default -> SimulatedEvent.CREATION_FAILED;
        });
        switch (verdict) {
            case REFUSED -> explainRefusal();
            case EXISTS -> books.explain(Misuse.TARGET_EXISTS);
            case OUT_OF_RANGE -> books.explain(Misuse.TARGET_ID_OUT_OF_RANGE);
            case ABANDONED -> books.explain(Misuse.CALLBACK_BLOCKED);
            default -> {
            }
        }
        if (!books.plan.isCorrect()) {
            books.explain(Misuse.TARGET_EXISTS);
            books.explain(Misuse.TARGET_ID_OUT_OF_RANGE);
        } else {
            check(verdict == TargetVerdict.CREATED || verdict == TargetVerdict.INITIALIZE_FAILED
                    || verdict == TargetVerdict.OUT_OF_RANGE || books.plan.probes()
                    || verdict == TargetVerdict.ABANDONED && books.wasSuspended, "creation ended with " + verdict);
        }
    }

    private void explainRefusal() {
        books.explain(Misuse.CREATE_FROM_DEFAULT);
        books.explain(Misuse.CREATE_FROM_COMPLETION_QUEUE);
        books.explain(Misuse.REENTRANT_WAIT);
        books.explain(Misuse.LOCK_HELD_ACROSS_CALL);
    }

    private void destroyAsync() {
        if (books.plan.isCorrect()) {
            return;
        }
        int id = randomTarget();
        int asked = books.askToDestroy(id);
        books.explain(Misuse.TARGET_EXISTS);
        expected++;
        framework.destroyTarget(id, done -> {
            expected--;
            books.answered(id);
            if (done) {
                books.met(SimulatedEvent.TARGET_DESTROYED);
                books.gone(id, asked);
            }
        });
    }

    private void destroyAndWait() {
        if (books.plan.isCorrect()) {
            return;
        }
        int id = randomTarget();
        int asked = books.askToDestroy(id);
        Role here = books.engine.currentRole();
        boolean isInside = here != null && books.engine.core().guard().callbackOf(here) == Callback.PROCESS;
        boolean mustSucceed = books.depth == 0 && books.locksHeld == 0 && isSettled() && !isInside
                && framework.isTargetPresent(id);
        long late = books.engine.misuses().count(Misuse.CALLBACK_BLOCKED);
        expected++;
        books.depth++;
        int asks = books.asked[id];
        boolean isDone = framework.destroyTarget(id);
        boolean isAnswered = isDone || books.engine.misuses().count(Misuse.CALLBACK_BLOCKED) == late;
        if (isAnswered) {
            books.answered(id);
        }
        books.depth--;
        expected--;
        books.explain(Misuse.TARGET_EXISTS);
        if (isDone) {
            check(!isInside, "destroyed inside a process call");
            books.met(SimulatedEvent.TARGET_DESTROYED);
            books.gone(id, asked);
        } else {
            books.met(SimulatedEvent.DESTRUCTION_REFUSED);
            explainRefusal();
            books.explain(Misuse.CALLBACK_BLOCKED);
            check(!mustSucceed || !isAnswered || !books.engine.acceptsTasks() || books.asked[id] != asks,
                    "destruction of target " + id + " on role=" + here + " was refused");
        }
    }

    private void dispatchAndWait() {
        Role role = Role.values()[books.random.nextInt(3)];
        Role here = books.engine.currentRole();
        if (books.plan.isCorrect() && (here == role || books.depth != 0 || books.locksHeld != 0)) {
            return;
        }
        if (here != null && books.engine.core().guard().callbackOf(here) == Callback.PROCESS) {
            // Its end must wait for the process call, which is about to wait.
            destroyAsync();
        }
        boolean mustRun = books.depth == 0 && books.locksHeld == 0 && here != role;
        long late = books.engine.misuses().count(Misuse.CALLBACK_BLOCKED);
        boolean[] ran = {false};
        books.depth++;
        boolean done = framework.dispatchSync(role, () -> {
            ran[0] = true;
            check(books.engine.currentRole() == role, "block on the wrong role");
            whim(2);
        });
        books.depth--;
        check(!done || ran[0], "a block has not run");
        check(here != role || !done && !ran[0], "a role waited for itself");
        books.met(done ? SimulatedEvent.DISPATCHED_SYNC : SimulatedEvent.DISPATCH_REFUSED);
        if (!done) {
            explainRefusal();
            books.explain(Misuse.CALLBACK_BLOCKED);
            check(!mustRun || books.engine.misuses().count(Misuse.CALLBACK_BLOCKED) > late,
                    "dispatchSync to " + role + " from " + here + " was refused");
        }
    }

    private void lock() {
        GuardedLock lock = locks[books.random.nextInt(locks.length)];
        boolean mustGet = !lock.isHeld();
        books.depth++;
        boolean isTaken = lock.acquire();
        books.depth--;
        if (!isTaken) {
            check(!mustGet, "a free lock was refused");
            books.met(SimulatedEvent.LOCK_REFUSED);
            books.explain(Misuse.LOCK_HELD_ACROSS_CALL);
            books.explain(Misuse.CALLBACK_BLOCKED);
            return;
        }
        books.met(SimulatedEvent.LOCKED);
        books.locksHeld++;
        try {
            if (!books.plan.isCorrect()) {
                whim(2);
            }
        } finally {
            books.locksHeld--;
            lock.release();
        }
    }
}
