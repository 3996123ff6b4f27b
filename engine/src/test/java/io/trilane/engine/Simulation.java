package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// One thread that plays everybody, in an order that a seed decides, also while somebody waits: the three roles, the
/// hardware, the driver's own thread, the operator, and several clients. It keeps its own books ([SimulationBooks]) and
/// compares them at every step (`driverkit.md` 5.7): I1 in flight at most the slots, I2 exactly once, I3 one owner, I4
/// listed before it is executed, I5 no effect on a newer generation, I6 destroyed only after the process calls, I7 status
/// with its service response, I8 no more bytes than asked for, and sense data.
///
/// The fault model is [SimulatedHardware]'s and [SimulatedController]'s; time passes only here.
final class Simulation {
    private static final int MAX_CLIENTS = 5;
    private static final int MAX_IDLE_STEPS = 50_000;
    /// A controller that holds few tasks makes a seed slow.
    private static final int STEPS_PER_TASK = 40;
    private static final int LAST_ROUNDS = 400;
    private static final long RESEND_FALLBACK_MILLIS = 11_000;

    final SimulatedClient[] ownerOfSlot;
    long delivered;
    boolean hasFailedFast;
    private final ManualClock clock = new ManualClock();
    private final SimulationPlan plan;
    private final SimulationBooks books;
    private final Random random;
    private final SimulatedHardware hardware;
    private final SimulatedDriver driver;
    private final Engine engine;
    private final List<SimulatedClient> clients = new ArrayList<>();
    private boolean isSuspended;
    private boolean isPoweredDown;

    Simulation(long seed, int tasks, SimulatedFault fault) {
        // Neighbouring seeds begin alike, unless they are mixed.
        this.random = new Random(seed * 0x9E37_79B9_7F4A_7C15L);
        this.plan = SimulationPlan.of(seed, tasks, fault, random);
        this.books = new SimulationBooks(plan, random);
        this.hardware = new SimulatedHardware(books);
        this.driver = new SimulatedDriver(books);
        this.engine = Engine.launch(plan.config(clock, random), new SimulatedController(books, hardware, driver));
        books.engine = engine;
        engine.core().drive().setOrder(() -> random.nextInt(Drive.AGENTS));
        this.ownerOfSlot = new SimulatedClient[plan.maxTasks()];
        if (plan.isCorrect()) {
            books.met(SimulatedEvent.CORRECT_CONTROLLER);
        }
    }

    /// Runs to the end and compares the books; fails with what is wrong.
    void run() {
        int before = 0;
        int idleSteps = 0;
        for (int steps = 0; books.accepted < plan.tasks() && steps < STEPS_PER_TASK * plan.tasks(); steps++) {
            step();
            idleSteps = books.accepted == before ? idleSteps + 1 : 0;
            before = books.accepted;
            assertThat(idleSteps).as("steps without a task, %d accepted", before).isLessThan(MAX_IDLE_STEPS);
        }
        finish();
    }

    Map<SimulatedEvent, Long> events() {
        return books.events;
    }

    long count(EngineCounter counter) {
        return engine.counters().get(counter);
    }

    /// A closing client got this one back.
    void abandoned() {
        books.abandoned++;
        books.met(SimulatedEvent.ABANDONED);
    }

    void forget(SimulatedClient client) {
        clients.remove(client);
    }

    /// A task that another client has claimed, or null.
    Task claimedByOther(SimulatedClient client) {
        SimulatedClient other = clients.get(random.nextInt(clients.size()));
        return other == client ? null : other.firstClaimed();
    }

    private void step() {
        int choice = random.nextInt(1_000);
        if (choice < 400) {
            int _ = engine.doWork(random.nextInt(Drive.AGENTS));
        } else if (choice < 910) {
            if (!clients.isEmpty()) {
                clients.get(random.nextInt(clients.size())).act();
            }
        } else if (choice < 960) {
            clock.advanceMillis(random.nextInt(10));
        } else if (choice < 990) {
            if (clients.size() < MAX_CLIENTS) {
                clients.add(new SimulatedClient(engine.openClient("initiator", "target"), this, books));
            }
        } else if (choice < 998) {
            driver.actSomewhere();
        } else {
            operate();
        }
        if (isSuspended && random.nextInt(30) == 0) {
            resume();
        }
        if (isPoweredDown && random.nextInt(30) == 0) {
            powerUp();
        }
        SimulationBooks.check(books.mostHeld <= engine.pool().size(), "I1");
    }

    private void operate() {
        books.isOperating = true;
        switch (random.nextInt(4)) {
            case 0 -> suspend();
            case 1 -> powerDown();
            case 2 -> waitLong();
            default -> {
            }
        }
        books.isOperating = false;
    }

    /// Longer than a full target lets its tasks wait; and than a probe waits for an answer.
    private void waitLong() {
        if (!plan.isCorrect()) {
            books.explain(Misuse.PROBE_HELD);
            books.explain(Misuse.POOL_STARVED);
            clock.advanceMillis(RESEND_FALLBACK_MILLIS);
        }
    }

    private void suspend() {
        if (isSuspended || isPoweredDown) {
            return;
        }
        hasFailedFast |= !plan.holds();
        books.wasSuspended = true;
        isSuspended = engine.suspend() || engine.state().isSuspended();
        books.isQuiet = isSuspended;
        if (isSuspended) {
            books.met(plan.holds() ? SimulatedEvent.SUSPENDED_HOLDING : SimulatedEvent.SUSPENDED_FAILING);
        }
    }

    private void resume() {
        books.isQuiet = false;
        isSuspended = !engine.resume() && engine.state().isSuspended();
    }

    private void powerDown() {
        if (isSuspended || isPoweredDown) {
            return;
        }
        hasFailedFast |= !plan.holds();
        books.wasSuspended = true;
        boolean isAcknowledged = engine.setPowerState(random.nextBoolean() ? PowerState.OFF : PowerState.PAUSED);
        isPoweredDown = engine.state().isSuspended();
        books.isQuiet = isPoweredDown;
        notePower(isAcknowledged);
    }

    private void powerUp() {
        books.isQuiet = false;
        boolean isAcknowledged = engine.setPowerState(PowerState.ON);
        isPoweredDown = engine.state().isSuspended();
        notePower(isAcknowledged);
    }

    private void notePower(boolean isAcknowledged) {
        books.met(isAcknowledged ? SimulatedEvent.POWER_CYCLE : SimulatedEvent.POWER_LATE);
        if (!isAcknowledged) {
            SimulationBooks.check(!plan.isCorrect(), "an acknowledged power transition failed");
            books.explain(Misuse.POWER_ACK_TIMEOUT);
        }
    }

    private void finish() {
        if (plan.removes()) {
            books.met(SimulatedEvent.REMOVED);
            if (clients.stream().anyMatch(client -> client.inFlight() != 0)) {
                books.met(SimulatedEvent.REMOVED_WITH_TASKS);
            }
            for (int i = random.nextInt(6); i > 0; i--) {
                driver.actSomewhere();
            }
            engine.remove();
            SimulationBooks.check(books.isStopped, "removed, and not stopped");
        }
        books.isFinishing = true;
        while (!plan.removes() && (isSuspended || isPoweredDown)) {
            if (isSuspended) {
                resume();
            } else {
                powerUp();
            }
        }
        settle();
        clients.forEach(SimulatedClient::releaseAll);
        checkSlots();
        checkCounters();
        books.checkMisuses();
        List.copyOf(clients).forEach(client -> client.client.close());
        engine.close();
        assertThat(count(EngineCounter.QUARANTINED)).as("quarantined").isZero();
    }

    private void settle() {
        for (int i = 0; i < LAST_ROUNDS; i++) {
            for (int agent = 0; agent < Drive.AGENTS; agent++) {
                int _ = engine.doWork(agent);
            }
            clients.forEach(SimulatedClient::poll);
            if (i % 20 == 19 && books.heldTokens() == 0) {
                clock.advanceMillis(RESEND_FALLBACK_MILLIS);
            }
        }
    }

    private void checkSlots() {
        assertThat(hardware.inHardware()).as("tokens in the hardware").isZero();
        assertThat(books.heldTokens()).as("tokens that the controller holds").isZero();
        for (int slot = 0; slot < engine.pool().size(); slot++) {
            TaskState state = engine.pool().task(slot).state();
            assertThat(state).as("slot %d at the end", slot).isEqualTo(TaskState.FREE);
        }
        clients.forEach(client -> assertThat(client.client.inFlight()).as("in flight").isZero());
        assertThat(engine.memory().committedDataBytes()).as("budget").isLessThanOrEqualTo(1 << 20);
        assertThat(engine.core().targets().isSettled()).as("targets are settled").isTrue();
    }

    private void checkCounters() {
        assertThat(delivered).as("delivered").isEqualTo(books.accepted);
        assertThat(count(EngineCounter.SUBMITTED)).as("submitted").satisfies(
                submitted -> assertThat(submitted).isGreaterThanOrEqualTo(books.accepted));
        assertThat(count(EngineCounter.COMPLETED)).as("completed").isEqualTo(count(EngineCounter.SUBMITTED));
        assertThat(count(EngineCounter.DRAINED)).as("drained").isLessThanOrEqualTo(count(EngineCounter.COMPLETED));
        assertThat(count(EngineCounter.STALE_COMPLETIONS)).as("stale").isEqualTo(books.extra);
        assertThat(count(EngineCounter.LATE_COMPLETIONS)).as("late").isEqualTo(books.late);
        assertThat(count(EngineCounter.SYNCHRONOUS_RESPONSES)).as("synchronous").isEqualTo(books.synchronousAnswers);
        assertThat(count(EngineCounter.CONTROLLER_ERRORS)).as("exceptions").isEqualTo(books.exceptions);
        if (!plan.probes()) {
            assertThat(count(EngineCounter.SUBMITTED)).as("submitted").isEqualTo(books.accepted);
            long timeouts = books.events.getOrDefault(SimulatedEvent.TIMEOUT, 0L);
            assertThat(count(EngineCounter.TIMEOUTS)).as("timeouts").isEqualTo(timeouts);
            assertThat(count(EngineCounter.DRAINED)).as("drained").isGreaterThanOrEqualTo(
                    books.events.getOrDefault(SimulatedEvent.DRAINED, 0L));
        } else if (!engine.targets().isEmpty() || count(EngineCounter.SUBMITTED) > books.accepted) {
            books.met(SimulatedEvent.PROBED);
        }
    }

}
