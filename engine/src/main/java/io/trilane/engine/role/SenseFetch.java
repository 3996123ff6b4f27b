package io.trilane.engine.role;

import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.DmaSpace;
import io.trilane.engine.task.SavedCommand;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TaskToken;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Fetches sense data for a controller without autosense: a task that ended with CHECK CONDITION and no sense data is sent
/// again, as REQUEST SENSE, one task of the engine at a time (`driverkit.md` 5.1). Then it goes to its client with its own
/// command and CHECK CONDITION; without sense data when the fetch failed. A task that times out meanwhile goes to its
/// client as such, with REQUEST SENSE in its command slot.
///
/// Runs on the control role; completers ask and finish on theirs.
public final class SenseFetch implements RoleWork {
    /// How long a fetch may take; the default of SAM layers for control commands.
    public static final int TIMEOUT_MILLIS = 10_000;

    private static final int WAITING_PER_CYCLE = 32;

    private final TaskMemory memory;
    private final TaskPool pool;
    private final SerialQueue<Task> submissions;
    private final CountersFile counters;
    private final Consumer<Task> deliver;
    private final SerialQueue<Task> asked;
    private final Doorbell doorbell;
    private final Consumer<Task> start = this::start;
    private final Consumer<Task> giveUp = this::giveUp;
    /// Written while no fetch is under way by the control role, read by whoever completes the fetch.
    private final SavedCommand saved = new SavedCommand();
    /// The token of the task that is REQUEST SENSE now; its controller may write to the buffer.
    private final AtomicLong current = new AtomicLong(TaskToken.NONE);
    private volatile boolean isNeeded;
    private BooleanSupplier paused = () -> false;
    private long bufferAddress = TaskPool.NO_MEMORY;

    /// @param deliver  takes a task to the client that owns it
    /// @param doorbell of the control role
    public SenseFetch(TaskMemory memory, TaskPool pool, SerialQueue<Task> submissions, Consumer<Task> deliver,
            ControlParts control) {
        this.memory = memory;
        this.pool = pool;
        this.submissions = submissions;
        this.deliver = deliver;
        this.counters = control.counters();
        this.doorbell = control.doorbell();
        this.asked = new SerialQueue<>("sense-fetches", memory.maxTasks(), doorbell);
    }

    /// What work on the control role needs of its engine.
    ///
    /// @param counters where it is told
    /// @param doorbell of the control role
    public record ControlParts(CountersFile counters, Doorbell doorbell) {}

    /// What the controller says of autosense. Control role.
    public void setAutoSense(boolean hasAutoSense) {
        if (!hasAutoSense) {
            reserveBuffer();
        }
        isNeeded = !hasAutoSense;
    }

    @Override
    public int doWork(long nowNs) {
        if (asked.isEmpty() || paused.getAsBoolean()) {
            return 0;
        }
        long token = current.get();
        if (token == TaskToken.NONE) {
            return asked.drain(start, 1);
        }
        // The controller keeps the buffer for as long as it likes: nobody waits for that.
        Task task = pool.find(token);
        return task != null && task.isZombie() ? asked.drain(giveUp, WAITING_PER_CYCLE) : 0;
    }

    /// Bring-up: nothing is fetched while this is true.
    public void setPaused(BooleanSupplier newPaused) {
        paused = newPaused;
    }

    /// The driver thread changes: its queue forgets it.
    public void releaseConsumer() {
        asked.releaseConsumer();
    }

    // Completers.

    /// True when a task without sense data that ended with CHECK CONDITION is to be kept.
    boolean wants(Task task) {
        return isNeeded && task.isAnsweredWith(TaskStatus.CHECK_CONDITION) && task.senseLength() == 0;
    }

    /// Takes a task that was moved to RESEND; false when it does not fit, then it is still the caller's.
    boolean offer(Task task) {
        return asked.offer(task);
    }

    /// The REQUEST SENSE in this task, which is DONE, has ended: puts its own command and CHECK CONDITION back.
    void finish(Task task) {
        boolean isGood = task.isGood();
        int senseBytes = Math.clamp(task.bytesTransferred(), 0, SavedCommand.ALLOCATION_BYTES);
        saved.restore(task);
        if (isGood && senseBytes > 0) {
            task.fillSense(memory.dmaSpace().region(bufferAddress), DmaSpace.offset(bufferAddress), senseBytes);
        }
        current.set(TaskToken.NONE);
        doorbell.ring();
    }

    /// A token came back late: perhaps the one that kept the buffer.
    void onLate(long token) {
        if (current.compareAndSet(token, TaskToken.NONE)) {
            doorbell.ring();
        }
    }

    private void start(Task task) {
        long token = task.token();
        // An old entry: its client has gone, and the slot waits here for another reason, or not at all.
        if (!wants(task)) {
            return;
        }
        if (!reserveBuffer()) {
            giveUp(task);
            return;
        }
        if (!task.moveFromResendToQueued(token)) {
            return;
        }
        saved.replace(task, bufferAddress, TIMEOUT_MILLIS);
        current.set(token);
        counters.increment(EngineCounter.SENSE_FETCHES);
        if (!submissions.offer(task)) {
            throw new IllegalStateException("queue=" + submissions.name() + " refused a sense fetch, our bug");
        }
    }

    /// To the client as it is, without sense data.
    private void giveUp(Task task) {
        long token = task.token();
        if (wants(task) && task.moveFromResendToDone(token)) {
            counters.increment(EngineCounter.COMPLETED);
            deliver.accept(task);
        }
    }

    private boolean reserveBuffer() {
        if (bufferAddress == TaskPool.NO_MEMORY) {
            bufferAddress = pool.reserveData(SavedCommand.ALLOCATION_BYTES);
        }
        return bufferAddress != TaskPool.NO_MEMORY;
    }
}
