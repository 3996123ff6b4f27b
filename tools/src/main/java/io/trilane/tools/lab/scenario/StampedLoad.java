package io.trilane.tools.lab.scenario;

import io.trilane.engine.Client;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// One client that writes stamped places of its own region of a target and reads them again, several at once, never two at
/// one place. LUN 0. One thread.
final class StampedLoad implements AutoCloseable {
    static final int PLACES = 48;
    private static final int DEPTH = 12;
    private static final int BUNDLE = 32;
    private static final int WRITES_OF_FOUR = 3;
    private static final long READ_10 = 0x28L << 56;
    private static final long WRITE_10 = 0x2AL << 56;
    private static final int CDB_10 = 10;

    private final Client client;
    private final long targetId;
    private final RandomGenerator random;
    private final DeliveryLedger<Request> deliveries = new DeliveryLedger<>();
    private final WriteLedger writes;
    private final BitSet busy = new BitSet();
    private final Map<TaskStatus, Long> answers = new EnumMap<>(TaskStatus.class);
    private int timeoutMillis;
    private long lastTag;

    /// @param generation 0 for a read
    record Request(int place, int generation, long tag) {}

    StampedLoad(Client client, long targetId, long firstLba, long seed, RandomGenerator random) {
        this.client = client;
        this.targetId = targetId;
        this.random = random;
        this.writes = new WriteLedger(firstLba, PLACES, seed);
    }

    Client client() {
        return client;
    }

    long targetId() {
        return targetId;
    }

    WriteLedger writes() {
        return writes;
    }

    DeliveryLedger<Request> deliveries() {
        return deliveries;
    }

    /// The tag of the last submitted task.
    long lastTag() {
        return lastTag;
    }

    /// Tasks that are submitted from here on have this deadline.
    void setTimeoutMillis(int millis) {
        timeoutMillis = millis;
    }

    /// How many tasks came back with this status, of whatever service response.
    long answers(TaskStatus status) {
        return answers.getOrDefault(status, 0L);
    }

    /// Fills its depth; returns how many were submitted.
    int submit() {
        int count = 0;
        while (deliveries.outstanding() < DEPTH && submitOne(random.nextInt(4) < WRITES_OF_FOUR, freePlace())) {
            count++;
        }
        return count;
    }

    /// Takes what is finished; returns how many.
    int poll() {
        return client.poll(this::onDone, BUNDLE);
    }

    /// Reads one place when there is room; false when it was refused.
    boolean read(int place) {
        return !busy.get(place) && submitOne(false, place);
    }

    List<String> faults() {
        List<String> all = new ArrayList<>(deliveries.faults());
        all.addAll(writes.faults());
        return all;
    }

    @Override
    public void close() {
        writes.close();
    }

    /// What the client's close gives back.
    void onDone(Task task) {
        Request request = deliveries.delivered(task.token());
        answers.merge(task.status(), 1L, Long::sum);
        if (request != null) {
            busy.clear(request.place());
            settle(task, request);
        }
        boolean _ = client.release(task.token());
    }

    private boolean submitOne(boolean isWrite, int place) {
        Task task = client.claim(WriteLedger.PLACE_BYTES);
        if (task == null) {
            return false;
        }
        int generation = isWrite ? writes.stampNext(place) : 0;
        if (isWrite) {
            long _ = task.extents().scatter(writes.buffer(), 0, 0, WriteLedger.PLACE_BYTES);
        }
        fill(task, isWrite, place);
        long token = task.token();
        deliveries.submitted(token, new Request(place, generation, lastTag));
        busy.set(place);
        if (client.submit(task)) {
            return true;
        }
        deliveries.refused(token);
        busy.clear(place);
        boolean _ = client.release(token);
        return false;
    }

    private void fill(Task task, boolean isWrite, int place) {
        task.setTargetId(targetId);
        task.setLun(0);
        task.setTag(++lastTag);
        task.setTimeoutMillis(timeoutMillis);
        task.setCdbWord(0, (isWrite ? WRITE_10 : READ_10) | writes.lba(place) << 16);
        task.setCdbWord(1, (long) WriteLedger.BLOCKS << 56);
        task.setControl(CDB_10, isWrite ? TransferDirection.TO_TARGET : TransferDirection.FROM_TARGET,
                WriteLedger.PLACE_BYTES);
    }

    private void settle(Task task, Request request) {
        if (task.isGood()) {
            settleGood(task, request);
        } else if (request.generation() != 0 && mayHaveHappened(task)) {
            writes.doubt(request.place(), request.generation());
        }
    }

    /// GOOD is believed only of what is found on the disk later.
    private void settleGood(Task task, Request request) {
        if (task.bytesTransferred() != WriteLedger.PLACE_BYTES) {
            writes.fault("place=" + request.place() + " GOOD with bytesTransferred=" + task.bytesTransferred());
        } else if (request.generation() != 0) {
            writes.acknowledge(request.place(), request.generation());
        } else {
            long _ = task.extents().gather(0, writes.buffer(), 0, WriteLedger.PLACE_BYTES);
            writes.check(request.place(), "its own client");
        }
    }

    /// Check conditions (unit attentions), BUSY and a suspended framework turn a command away before it has any effect.
    private static boolean mayHaveHappened(Task task) {
        boolean isDeliveryFailure = task.serviceResponse() == ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE;
        return isDeliveryFailure ? task.status() != TaskStatus.DELIVERY_FAILURE
                : task.status() == TaskStatus.TASK_ABORTED;
    }

    private int freePlace() {
        int place = random.nextInt(PLACES);
        while (busy.get(place)) {
            place = (place + 1) % PLACES;
        }
        return place;
    }
}
