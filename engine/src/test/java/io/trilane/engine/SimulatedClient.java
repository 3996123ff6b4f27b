package io.trilane.engine;

import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.role.WaitingAbort;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TransferDirection;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A client of a [Simulation] and its own books: claims, submits, polls, releases, aborts, resets, misuses tokens, closes.
final class SimulatedClient {
    static final byte[] READ_10 = {0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0};
    private static final TaskManagementFunction[] FUNCTIONS = TaskManagementFunction.values();

    final Client client;
    private final Simulation simulation;
    private final SimulationBooks books;
    private final SimulatedDelivery delivery;
    private final List<Task> claimed = new ArrayList<>();
    private final List<Task> polled = new ArrayList<>();
    private final Set<Long> inFlight = new HashSet<>();
    private final List<Long> released = new ArrayList<>();
    private long lastTag;
    private long lastTarget;
    private boolean isClosing;

    SimulatedClient(Client client, Simulation simulation, SimulationBooks books) {
        this.client = client;
        this.simulation = simulation;
        this.books = books;
        this.delivery = new SimulatedDelivery(simulation, books);
    }

    void act() {
        switch (books.random.nextInt(32)) {
            case 0, 1, 2, 3, 4, 5 -> claim();
            case 6, 7 -> claimMany();
            case 8, 9, 10, 11, 12, 13 -> submit();
            case 14, 15, 16, 17 -> submitBundle();
            case 18, 19, 20, 21, 22, 23 -> poll();
            case 24, 25 -> releaseOne();
            case 26 -> releaseAll();
            case 27 -> misuseTokens();
            case 28 -> {
                if (books.oneIn(10)) {
                    manage();
                }
            }
            case 29 -> {
                if (books.oneIn(20)) {
                    close();
                }
            }
            default -> {
            }
        }
    }

    int inFlight() {
        return inFlight.size();
    }

    private long randomLength() {
        return books.oneIn(3) ? 0 : 8 + books.random.nextInt(1 << 10 + books.random.nextInt(9));
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
        int count = client.claim(batch, 1 + books.random.nextInt(32), lengthBytes);
        check(batch.count() == count, "claimed " + count + " into a batch of " + batch.count());
        for (int i = 0; i < count; i++) {
            fill(batch.task(i), lengthBytes);
        }
    }

    private void fill(Task task, long lengthBytes) {
        check(simulation.ownerOfSlot[task.slot()] == null, "I3: slot " + task.slot() + " has an owner");
        check(task.state() == TaskState.CLAIMED, "claimed task in state " + task.state());
        simulation.ownerOfSlot[task.slot()] = this;
        task.setUserData(books.nextNumber++);
        task.setTargetId(randomTarget());
        task.setCdb(READ_10);
        task.setTag(task.userData());
        task.setTransfer(TransferDirection.FROM_TARGET, lengthBytes);
        task.setTimeoutMillis(books.oneInUnlessCorrect(4) ? 1 + books.random.nextInt(30) : 0);
        if (lengthBytes != 0) {
            task.extents().segment(0).set(ValueLayout.JAVA_LONG_UNALIGNED, task.extents().offset(0), task.userData());
        }
        claimed.add(task);
    }

    private long randomTarget() {
        List<Long> present = books.engine.targets();
        return present.isEmpty() || books.oneIn(20) ? books.random.nextInt(SimulationBooks.HIGHEST_TARGET + 1)
                : present.get(books.random.nextInt(present.size()));
    }

    private void submit() {
        if (claimed.isEmpty()) {
            return;
        }
        Task task = claimed.remove(books.random.nextInt(claimed.size()));
        long token = task.token();
        lastTag = task.tag();
        lastTarget = task.targetId();
        if (client.submit(task)) {
            accept(token);
        } else {
            claimed.add(task);
        }
    }

    private void submitBundle() {
        TaskBatch batch = new TaskBatch();
        while (!claimed.isEmpty() && batch.count() < 1 + books.random.nextInt(32)) {
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
        books.accepted++;
        inFlight.add(token);
    }

    void poll() {
        int _ = client.poll(this::receive, 1 + books.random.nextInt(40));
        check(client.inFlight() == inFlight.size(),
                "in flight " + client.inFlight() + ", books say " + inFlight.size());
    }

    private void receive(Task task) {
        check(task);
        polled.add(task);
        if (books.isFinishing || books.oneIn(3)) {
            releaseOne();
        } else if (books.oneIn(10)) {
            int _ = books.engine.doWork(books.random.nextInt(Drive.AGENTS));
        }
    }

    private void check(Task task) {
        simulation.delivered++;
        long number = task.userData();
        check(inFlight.remove(task.token()), "I2: task " + number + " not delivered once, to its submitter");
        check(simulation.ownerOfSlot[task.slot()] == this, "I3: owner of slot " + task.slot());
        check(task.nexusId() == client.nexus().id(), "nexus of task " + number);
        check(task.bytesTransferred() >= 0 && task.bytesTransferred() <= task.transferCount(),
                "I8: bytes of " + number);
        delivery.check(task, isClosing);
    }

    private void releaseOne() {
        if (!polled.isEmpty()) {
            release(polled.remove(books.random.nextInt(polled.size())));
        }
    }

    private void release(Task task) {
        long token = task.token();
        simulation.ownerOfSlot[task.slot()] = null;
        check(client.release(token), "release of task " + task.userData());
        released.add(token);
    }

    void releaseAll() {
        polled.forEach(this::release);
        polled.clear();
        if (books.isFinishing || books.oneIn(4)) {
            claimed.forEach(this::release);
            claimed.clear();
        }
    }

    private void manage() {
        TaskManagementFunction function = books.oneIn(2) ? TaskManagementFunction.ABORT_TASK
                : FUNCTIONS[books.random.nextInt(FUNCTIONS.length)];
        List<Long> named = new ArrayList<>();
        for (int slot = 0; slot < books.engine.pool().size(); slot++) {
            Task task = books.engine.pool().task(slot);
            boolean isOut = task.state() != TaskState.FREE && task.state() != TaskState.CLAIMED;
            if (isOut && task.userData() >= SimulationBooks.FIRST_NUMBER
                    && WaitingAbort.isMeant(task, function, client.nexus().id(), lastTarget, 0, lastTag)) {
                named.add(task.userData());
            }
        }
        books.named.addAll(named);
        ServiceResponse verdict = client.manageTask(function, lastTarget, 0, lastTag);
        if (verdict == ServiceResponse.FUNCTION_COMPLETE) {
            books.aborted.addAll(named);
        }
        check(verdict == ServiceResponse.FUNCTION_COMPLETE || !books.plan.isCorrect(), "verdict " + verdict);
    }

    /// In flight, released, invented, another client's: none may be released.
    private void misuseTokens() {
        if (!inFlight.isEmpty()) {
            check(!client.release(inFlight.iterator().next()), "released in flight");
        }
        if (!released.isEmpty()) {
            check(!client.release(released.remove(books.random.nextInt(released.size()))), "released twice");
        }
        check(!client.release(books.random.nextLong()), "released an invented token");
        Task foreign = simulation.claimedByOther(this);
        check(foreign == null || !client.release(foreign.token()), "released a foreign task");
    }

    Task firstClaimed() {
        return claimed.isEmpty() ? null : claimed.getFirst();
    }

    private void close() {
        isClosing = true;
        polled.forEach(this::release);
        polled.clear();
        claimed.forEach(this::release);
        claimed.clear();
        client.close(task -> {
            check(task);
            simulation.ownerOfSlot[task.slot()] = null;
        });
        check(inFlight.isEmpty(), "I2: not delivered by close");
        check(client.claim(0) == null, "claimed after close");
        simulation.forget(this);
    }

    private static void check(boolean holds, String what) {
        SimulationBooks.check(holds, what);
    }
}
