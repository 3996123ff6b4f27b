package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseReport;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// What a [Simulation] knows by itself, to be compared with what the engine says: tokens that were handed out, how each
/// task was answered, which targets there are, which misuses are explained. Single-threaded.
final class SimulationBooks {
    /// How a task was answered last.
    enum Answer {
        GOOD, FULL, CHECK, ABORTED, DELIVERY, BAD_VERSION, SYNCHRONOUS
    }

    static final int INITIATOR = 3;
    static final int HIGHEST_TARGET = 6;
    /// Numbers of clients' tasks begin here; those of probes are below.
    static final long FIRST_NUMBER = 1 << 20;

    final SimulationPlan plan;
    final Random random;
    final Map<SimulatedEvent, Long> events = new EnumMap<>(SimulatedEvent.class);
    final Map<Long, Answer> answers = new HashMap<>();
    /// Tasks whose REQUEST SENSE brought sense data.
    final Set<Long> senseFetched = new HashSet<>();
    /// Tasks that a task-management function has named while they were in flight.
    final Set<Long> named = new HashSet<>();
    /// Those of them for which it was complete: no controller may see them any more.
    final Set<Long> aborted = new HashSet<>();
    final boolean[] isAlive = new boolean[HIGHEST_TARGET + 2];
    final int[] incarnation = new int[HIGHEST_TARGET + 2];
    /// Destructions that were asked for, and those of them that are still to be answered, by target.
    final int[] asked = new int[HIGHEST_TARGET + 2];
    private final int[] unanswered = new int[HIGHEST_TARGET + 2];
    private final boolean[] isUnwanted = new boolean[HIGHEST_TARGET + 2];
    private final int[] goneIncarnation = new int[HIGHEST_TARGET + 2];
    /// Process calls that run now, by target.
    final int[] processing = new int[HIGHEST_TARGET + 2];
    private final Set<Long> held = new HashSet<>();
    /// Tokens that the hardware means to complete once more.
    private final List<Long> again = new ArrayList<>();
    private final Set<Misuse> explained = EnumSet.noneOf(Misuse.class);
    /// Set once, after the launch.
    Engine engine;
    long nextNumber = FIRST_NUMBER;
    /// Suspended or without power, and told so: no task may come.
    boolean isQuiet;
    /// It was suspended once: creations may have been abandoned.
    boolean wasSuspended;
    boolean isStopped;
    /// The operator waits for the control role.
    boolean isOperating;
    boolean isFinishing;
    /// The clock has jumped, or a call was late: deadlines of probes and calls may have passed.
    int exceptions;
    int mostHeld;
    int late;
    int abandoned;
    int extra;
    int badVersions;
    int synchronousAnswers;
    int accepted;
    /// Synchronous calls of the driver under way.
    int depth;
    int locksHeld;

    SimulationBooks(SimulationPlan plan, Random random) {
        this.plan = plan;
        this.random = random;
    }

    void met(SimulatedEvent event) {
        events.merge(event, 1L, Long::sum);
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    boolean oneInUnlessCorrect(int n) {
        return !plan.isCorrect() && oneIn(n);
    }

    /// From here on this misuse may be reported.
    void explain(Misuse misuse) {
        explained.add(misuse);
    }

    /// Throws, in a plan that throws.
    void maybeThrow(int oneIn) {
        if (plan.throwing() && !isFinishing && engine != null && oneIn(oneIn)) {
            exceptions++;
            met(SimulatedEvent.EXCEPTION);
            throw new IllegalStateException("thrown by the simulated controller");
        }
    }

    /// A process call hands a task over.
    void handOut(Task task, long token) {
        check(!aborted.contains(task.userData()), "task " + task.userData() + " comes after its abort");
        check(!isStopped, "I6: task after stop");
        check(!isQuiet, "a task reached a suspended controller");
        check(task.isCurrent(token) && task.state() == TaskState.ACTIVE, "I4: listed before it is executed");
        check(task.extensionInt(io.trilane.engine.task.TaskExtension.NEXUS_ID) == task.nexusId(),
                "nexus of another I/O");
        long target = task.targetId();
        check(target >= 0 && target <= HIGHEST_TARGET && isAlive[(int) target]
                && (engine == null || engine.core().targetTable().state(target) != null),
                "a task of absent target " + target);
        check(held.add(token), "I3: token " + token + " was handed out twice");
        mostHeld = Math.max(mostHeld, held.size());
        check(held.size() <= Math.min(plan.maxTasks(), plan.maxTaskCount()),
                "I1: more tasks than the controller holds");
    }

    /// The controller is about to complete this token: what must become of it?
    void giveBack(Task task, long token) {
        if (!held.remove(token)) {
            if (again.remove(token)) {
                extra++;
                met(SimulatedEvent.DUPLICATE);
                explain(Misuse.DOUBLE_COMPLETION);
            }
            return;
        }
        check(task.isCurrent(token), "I5: a held token went stale");
        if (task.isZombie()) {
            late++;
            met(SimulatedEvent.LATE);
            explain(Misuse.LATE_COMPLETION);
        } else {
            check(task.state() == TaskState.ACTIVE || task.state() == TaskState.PENDING,
                    "I3: held token in state " + task.state());
        }
    }

    /// This token will be completed although the controller does not hold it.
    void planDuplicate(long token) {
        again.add(token);
    }

    int heldTokens() {
        return held.size();
    }

    /// The process call itself gave the token back.
    void forget(long token) {
        check(held.remove(token), "I3: token " + token + " is not the controller's");
    }

    /// Initialisation begins; answers which incarnation it is of.
    int conceive(long target) {
        boolean mayBeGone = plan.probes() || isUnwanted[(int) target] || unanswered[(int) target] != 0;
        check(!isAlive[(int) target] || mayBeGone, "target " + target + " is created twice");
        isUnwanted[(int) target] = false;
        isAlive[(int) target] = false;
        return ++incarnation[(int) target];
    }

    /// The target exists in the driver from here on, unless it was destroyed meanwhile.
    void born(long target, int which) {
        isAlive[(int) target] = incarnation[(int) target] == which && goneIncarnation[(int) target] != which;
    }

    /// Somebody asks for the destruction; answers which incarnation that is of.
    int askToDestroy(int target) {
        asked[target]++;
        unanswered[target]++;
        return incarnation[target];
    }

    /// A destruction has been answered.
    void answered(int target) {
        unanswered[target]--;
    }

    /// A destruction that was asked for when `which` was the incarnation has succeeded.
    void gone(long target, int which) {
        isUnwanted[(int) target] = true;
        if (incarnation[(int) target] == which) {
            check(processing[(int) target] == 0, "I6: target " + target + " was destroyed during its process call");
            isAlive[(int) target] = false;
            goneIncarnation[(int) target] = which;
        }
    }

    void checkMisuses() {
        for (MisuseReport report : engine.misuses().reports()) {
            assertThat(explained).as("misuse without a reason: %s", report.describe()).contains(report.misuse());
        }
        assertThat(engine.misuses().count(Misuse.DOUBLE_COMPLETION)).as("double completions").isEqualTo(extra);
        assertThat(engine.misuses().count(Misuse.LATE_COMPLETION)).as("late completions, but not of abandoned tasks")
                .isBetween(Math.max(0L, late - abandoned), (long) late);
        assertThat(engine.misuses().count(Misuse.SYNC_COMPLETION_UNSUPPORTED)).as("synchronous answers")
                .isEqualTo(synchronousAnswers);
        assertThat(engine.misuses().count(Misuse.RESPONSE_VERSION_BAD)).as("versions")
                .isLessThanOrEqualTo(badVersions);
    }

    static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
