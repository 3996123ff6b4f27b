package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One thread that plays everybody, in an order that a seed decides: the three roles, the hardware, and several clients
/// that open, claim, submit, poll, release, misuse tokens and close. It keeps its own books about each slot and
/// compares them at every step (`driverkit.md` 5.7: I1 in flight at most the slots, I2 exactly once, I3 one owner, I5 no
/// effect on a newer generation, I8 no more bytes than asked for).
///
/// The fault model is [SimulatedController]'s; time passes only here.
final class Simulation {
    private static final int MAX_CLIENTS = 5;
    private static final int MAX_IDLE_STEPS = 500_000;

    private final Random random;
    private final ManualClock clock = new ManualClock();
    private final SimulatedController controller;
    private final Engine engine;
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final SimulatedClient[] ownerOfSlot;
    private final int tasks;
    private long nextNumber = 1;
    private long accepted;
    private long delivered;
    private long abandoned;
    private boolean finishing;

    /// @param tasks how many tasks are accepted before the end
    Simulation(long seed, int tasks, SimulatedController.Fault fault) {
        this.random = new Random(seed);
        this.tasks = tasks;
        int maxTasks = 1 + random.nextInt(64);
        EngineConfig config = EngineConfig.defaults().withMaxTasks(maxTasks)
                .withClientMaxTasks(1 + random.nextInt(maxTasks)).withDataBudgetBytes(1 << 20)
                .withContract(QueueContract.values()[random.nextInt(2)]).withSimulatedTime(clock)
                .withCloseTimeoutNs(60_000)
                .withFramework(FrameworkConfig.defaults().withProbesTargets(false));
        this.controller = new SimulatedController(random, fault, random.nextBoolean(), 1 + random.nextInt(64));
        this.engine = Engine.launch(config, controller);
        this.ownerOfSlot = new SimulatedClient[maxTasks];
    }

    /// Runs to the end and compares the books; fails with what is wrong.
    void run() {
        long before = 0;
        for (int idleSteps = 0; accepted < tasks; idleSteps++) {
            step();
            idleSteps = accepted == before ? idleSteps : 0;
            before = accepted;
            assertThat(idleSteps).as("steps without a task, %d accepted", accepted).isLessThan(MAX_IDLE_STEPS);
        }
        finish();
    }

    long delivered() {
        return delivered;
    }

    /// Tasks that a closing client got back because the hardware kept them too long.
    long abandoned() {
        return abandoned;
    }

    int overtakings() {
        return controller.overtakings;
    }

    long count(EngineCounter counter) {
        return engine.counters().get(counter);
    }

    private void step() {
        int choice = random.nextInt(100);
        if (choice < 40) {
            int _ = engine.doWork(random.nextInt(Drive.AGENTS));
        } else if (choice < 90) {
            if (!clients.isEmpty()) {
                clients.get(random.nextInt(clients.size())).act();
            }
        } else if (choice < 96) {
            clock.advanceMillis(random.nextInt(20));
        } else if (clients.size() < MAX_CLIENTS) {
            clients.add(new SimulatedClient(engine.openClient("initiator", "target")));
        }
        assertThat(controller.mostOutstanding).as("I1").isLessThanOrEqualTo(engine.pool().size());
    }

    private void finish() {
        finishing = true;
        controller.draining = true;
        for (int i = 0; i < 200; i++) {
            for (int agent = 0; agent < Drive.AGENTS; agent++) {
                int _ = engine.doWork(agent);
            }
            clients.forEach(SimulatedClient::poll);
        }
        clients.forEach(SimulatedClient::releaseAll);
        assertThat(engine.pool().countInState(TaskState.FREE)).as("free slots").isEqualTo(engine.pool().size());
        clients.forEach(client -> assertThat(client.client.inFlight()).as("in flight").isZero());
        assertThat(count(EngineCounter.SUBMITTED)).as("submitted").isEqualTo(accepted);
        assertThat(delivered).as("delivered").isEqualTo(accepted);
        assertThat(count(EngineCounter.COMPLETED) + count(EngineCounter.TIMEOUTS) + abandoned)
                .as("completed or timed out")
                .isEqualTo(delivered);
        assertThat(count(EngineCounter.COMPLETED) + count(EngineCounter.LATE_COMPLETIONS)).as("tokens returned once")
                .isEqualTo(controller.processed);
        assertThat(count(EngineCounter.STALE_COMPLETIONS)).as("refused").isEqualTo(controller.extraCompletions);
        assertThat(count(EngineCounter.CONTROLLER_ERRORS)).as("errors").isZero();
        assertThat(engine.memory().committedDataBytes()).as("budget").isLessThanOrEqualTo(1 << 20);
        List.copyOf(clients).forEach(client -> client.client.close());
        engine.close();
        assertThat(count(EngineCounter.QUARANTINED)).as("quarantined").isZero();
    }

    /// A client and its own books.
    private final class SimulatedClient {
        private final Client client;
        private final List<Task> claimed = new ArrayList<>();
        private final List<Task> polled = new ArrayList<>();
        private final List<Long> inFlight = new ArrayList<>();
        private final List<Long> released = new ArrayList<>();
        private boolean closing;

        SimulatedClient(Client client) {
            this.client = client;
        }

        void act() {
            switch (random.nextInt(16)) {
                case 0, 1, 2 -> claim();
                case 3 -> claimMany();
                case 4, 5, 6 -> submit();
                case 7, 8 -> submitBundle();
                case 9, 10, 11 -> poll();
                case 12 -> releaseOne();
                case 13 -> releaseAll();
                case 14 -> misuseTokens();
                default -> {
                    if (random.nextInt(20) == 0) {
                        close();
                    }
                }
            }
        }

        private long randomLength() {
            return random.nextInt(3) == 0 ? 0 : 8 + random.nextInt(1 << 10 + random.nextInt(9));
        }

        private void claim() {
            long lengthBytes = randomLength();
            Task task = client.claim(lengthBytes);
            if (task != null) {
                fill(task, lengthBytes);
            }
        }

        private void claimMany() {
            TaskBatch batch = new TaskBatch();
            long lengthBytes = randomLength();
            int count = client.claim(batch, 1 + random.nextInt(32), lengthBytes);
            assertThat(batch.count()).isEqualTo(count);
            for (int i = 0; i < count; i++) {
                fill(batch.task(i), lengthBytes);
            }
        }

        private void fill(Task task, long lengthBytes) {
            assertThat(ownerOfSlot[task.slot()]).as("I3: owner of slot %d", task.slot()).isNull();
            assertThat(task.state()).isEqualTo(TaskState.CLAIMED);
            ownerOfSlot[task.slot()] = this;
            task.setUserData(nextNumber++);
            task.setTransfer(TransferDirection.FROM_TARGET, lengthBytes);
            task.setTimeoutMillis(random.nextInt(4) == 0 ? 1 + random.nextInt(30) : 0);
            if (lengthBytes != 0) {
                task.extents().segment(0).set(ValueLayout.JAVA_LONG_UNALIGNED, task.extents().offset(0),
                        task.userData());
            }
            claimed.add(task);
        }

        private void submit() {
            if (claimed.isEmpty()) {
                return;
            }
            Task task = claimed.remove(random.nextInt(claimed.size()));
            long token = task.token();
            if (client.submit(task)) {
                accept(token);
            } else {
                claimed.add(task);
            }
        }

        private void submitBundle() {
            TaskBatch batch = new TaskBatch();
            while (!claimed.isEmpty() && batch.count() < 1 + random.nextInt(32)) {
                batch.add(claimed.removeLast());
            }
            int sent = client.submit(batch);
            for (int i = 0; i < batch.count(); i++) {
                if (i < sent) {
                    accept(batch.token(i));
                } else {
                    claimed.add(batch.task(i));
                }
            }
        }

        private void accept(long token) {
            accepted++;
            inFlight.add(token);
        }

        private void poll() {
            int _ = client.poll(this::receive, 1 + random.nextInt(40));
            assertThat(client.inFlight()).as("in flight").isEqualTo(inFlight.size());
        }

        private void receive(Task task) {
            check(task);
            polled.add(task);
            if (finishing || random.nextInt(3) == 0) {
                releaseOne();
            } else if (random.nextInt(10) == 0) {
                int _ = engine.doWork(random.nextInt(Drive.AGENTS));
            }
        }

        private void check(Task task) {
            delivered++;
            assertThat(inFlight.remove((Object) task.token())).as("I2: task %d delivered once, to its submitter",
                    task.userData()).isTrue();
            assertThat(ownerOfSlot[task.slot()]).as("I3: owner of slot %d", task.slot()).isSameAs(this);
            assertThat(task.nexusId()).isEqualTo(client.nexus().id());
            assertThat(task.bytesTransferred()).as("I8").isBetween(0L, task.transferCount());
            if (task.isGood()) {
                assertThat(task.extensionLong(TaskExtension.RESIDUAL)).as("I5: answer to task %d", task.userData())
                        .isEqualTo(~task.userData());
                if (task.extents().count() != 0) {
                    assertThat(task.extents().segment(0).get(ValueLayout.JAVA_LONG_UNALIGNED, task.extents().offset(0)))
                            .as("data of task %d", task.userData()).isEqualTo(~task.userData());
                }
            } else {
                assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
                assertThat(task.status()).isIn(TaskStatus.TASK_TIMEOUT_OCCURRED, TaskStatus.DELIVERY_FAILURE,
                        TaskStatus.DEVICE_NOT_RESPONDING);
                assertThat(task.status() == TaskStatus.DEVICE_NOT_RESPONDING).isEqualTo(closing && task.isZombie()
                        && task.status() != TaskStatus.TASK_TIMEOUT_OCCURRED);
                abandoned += task.status() == TaskStatus.DEVICE_NOT_RESPONDING ? 1 : 0;
            }
        }

        private void releaseOne() {
            if (!polled.isEmpty()) {
                release(polled.remove(random.nextInt(polled.size())));
            }
        }

        private void release(Task task) {
            long token = task.token();
            ownerOfSlot[task.slot()] = null;
            assertThat(client.release(token)).as("release of task %d", task.userData()).isTrue();
            released.add(token);
        }

        void releaseAll() {
            polled.forEach(this::release);
            polled.clear();
            if (finishing || random.nextInt(4) == 0) {
                claimed.forEach(this::release);
                claimed.clear();
            }
        }

        /// In flight, released, invented, another client's: none may be released.
        private void misuseTokens() {
            if (!inFlight.isEmpty()) {
                assertThat(client.release(inFlight.get(random.nextInt(inFlight.size())))).as("in flight").isFalse();
            }
            if (!released.isEmpty()) {
                assertThat(client.release(released.remove(random.nextInt(released.size())))).as("stale").isFalse();
            }
            assertThat(client.release(random.nextLong())).as("invented").isFalse();
            SimulatedClient other = clients.get(random.nextInt(clients.size()));
            if (other != this && !other.claimed.isEmpty()) {
                assertThat(client.release(other.claimed.getFirst().token())).as("foreign").isFalse();
            }
        }

        private void close() {
            closing = true;
            releaseAll();
            claimed.forEach(this::release);
            claimed.clear();
            client.close(task -> {
                check(task);
                ownerOfSlot[task.slot()] = null;
            });
            assertThat(inFlight).as("I2: delivered by close").isEmpty();
            assertThat(client.claim(0)).isNull();
            clients.remove(this);
        }
    }
}
