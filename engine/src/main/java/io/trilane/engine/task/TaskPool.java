package io.trilane.engine.task;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// All tasks of an engine, free ones in LIFO order so that the bytes used last are used next. Lock-free; any thread.
/// An empty pool refuses: it never grows and never waits.
@HotPath
public final class TaskPool {
    /// No memory within the budget.
    public static final long NO_MEMORY = -1;

    private final TaskMemory memory;
    private final int shard;
    private final Task[] tasks;
    /// Free tasks that keep a buffer, or never had one.
    private final IndexStack free;
    /// Free tasks whose buffer was taken back.
    private final IndexStack bare;
    private final AtomicLong staleTokens = new AtomicLong();
    private final TaskRules rules = new TaskRules();
    private int size;

    /// Makes the tasks; the pool is empty until [#open].
    public TaskPool(TaskMemory memory, int shard) {
        this.memory = memory;
        this.shard = shard;
        this.tasks = new Task[memory.maxTasks()];
        this.free = new IndexStack(tasks.length);
        this.bare = new IndexStack(tasks.length);
        for (int i = 0; i < tasks.length; i++) {
            tasks[i] = new Task(memory, i, shard, rules);
        }
    }

    /// Puts the first `count` tasks into the pool. Once, before the first claim.
    public void open(int count) {
        size = count;
        for (int slot = count - 1; slot >= 0; slot--) {
            free.push(slot);
        }
    }

    /// How many tasks take part.
    public int size() {
        return size;
    }

    /// Task of a slot, whatever its state.
    public Task task(int slot) {
        return tasks[slot];
    }

    /// The task that a token names, or null when the token is not of this pool. It may still be stale.
    public @Nullable Task find(long token) {
        int slot = TaskToken.slot(token);
        return token >= 0 && TaskToken.shard(token) == shard && slot < tasks.length ? tasks[slot] : null;
    }

    /// The memory of a task's first segment, or null when it has none or the token is not of this pool.
    public @Nullable MemorySegment firstSegment(long token) {
        Task task = find(token);
        if (task == null || task.extents().count() == 0) {
            return null;
        }
        return task.extents().segment(0).asSlice(task.extents().offset(0), task.extents().length(0));
    }

    /// Takes a task with a buffer of at least `lengthBytes` (0: none) for `owner`; null when no slot or no memory within
    /// the budget is left.
    ///
    /// A free task keeps its last buffer, so that the next claim of the same size costs nothing; when memory runs short
    /// such buffers are taken back first. A length that no buffer can have is the caller's bug, not back-pressure.
    public @Nullable Task claim(Object owner, int nexusId, long lengthBytes) {
        requireLegal(lengthBytes);
        int slot = free.pop();
        if (slot == IndexStack.EMPTY) {
            slot = bare.pop();
        }
        return slot == IndexStack.EMPTY ? null : claim(slot, owner, nexusId, lengthBytes);
    }

    /// The same for a slot that came from [#take]; when it answers null the slot has gone back.
    public @Nullable Task claim(int slot, Object owner, int nexusId, long lengthBytes) {
        Task task = tasks[slot];
        if (lengthBytes != 0 && !bindBuffer(task, lengthBytes)) {
            bare.push(slot);
            return null;
        }
        task.claim(owner, nexusId, lengthBytes);
        return task;
    }

    /// Fails for a length that no claim can have. Before [#take], so that no slot is lost.
    public void requireLegal(long lengthBytes) {
        rules.requireLegalBuffer(lengthBytes);
    }

    /// Bring-up, before the first claim: the longest transfer that the controller takes, in bytes.
    public void setMaxTransferBytes(long maxTransferBytes) {
        rules.setMaxTransferBytes(maxTransferBytes);
    }

    /// Bring-up, before the first claim: who is told of writes into slots that the writer does not own.
    public void setTouchListener(TouchListener listener) {
        rules.setTouchListener(listener);
    }

    /// Takes at most `limit` free slots at once; returns how many.
    public int take(int[] slots, int limit) {
        int taken = free.pop(slots, limit);
        return taken == 0 ? bare.pop(slots, limit) : taken;
    }

    /// Puts `slots[0..count)` back that came from [#take] or [Leave#FREED]; the last one is taken next.
    public void giveBack(int[] slots, int count) {
        if (count != 0) {
            free.push(slots, count);
        }
    }

    /// The client gives a finished (or never submitted) task back. False, and counted, for a token that is stale,
    /// foreign, or still on its way.
    public boolean release(long token) {
        return settle(token, leave(token));
    }

    /// The same, except that a [Leave#FREED] slot is the caller's to [#giveBack], with others at once.
    public Leave leave(long token) {
        Task task = find(token);
        return task == null ? refuse() : leave(task, token);
    }

    /// The same for the task that [#find] answered.
    public Leave leave(Task task, long token) {
        Leave leave = task.leaveAsClient(token);
        return leave == Leave.REFUSED ? refuse() : leave;
    }

    private Leave refuse() {
        staleTokens.incrementAndGet();
        return Leave.REFUSED;
    }

    /// The controller returns the token of a task whose deadline was first. False, and counted, for any other.
    public boolean returnLate(long token) {
        Task task = find(token);
        Leave leave = task == null ? Leave.REFUSED : task.leaveAsController(token);
        if (leave == Leave.REFUSED) {
            staleTokens.incrementAndGet();
        }
        return settle(token, leave);
    }

    /// What a claim of `lengthBytes` takes from the data budget, in bytes.
    public long bufferBytes(long lengthBytes) {
        requireLegal(lengthBytes);
        return lengthBytes == 0 ? 0 : memory.dataBuffers().sizeOf(lengthBytes);
    }

    /// Releases and late returns that were refused.
    public long staleTokens() {
        return staleTokens.get();
    }

    /// True when no slot is free, as far as one can tell while others claim and release.
    public boolean isEmpty() {
        return free.isEmpty() && bare.isEmpty();
    }

    /// Takes memory for the framework's own use out of the data budget, for good: its address in the DMA space, or
    /// [#NO_MEMORY].
    public long reserveData(long lengthBytes) {
        long offset = memory.dataBuffers().claim(lengthBytes);
        return offset == DataBuffers.REFUSED ? NO_MEMORY : DmaSpace.address(0, offset);
    }

    /// Tasks in a state, by looking at each: for close and for tests.
    public int countInState(TaskState state) {
        int count = 0;
        for (int slot = 0; slot < size; slot++) {
            count += tasks[slot].state() == state ? 1 : 0;
        }
        return count;
    }

    private boolean settle(long token, Leave leave) {
        if (leave == Leave.FREED) {
            free.push(TaskToken.slot(token));
        }
        return leave != Leave.REFUSED;
    }

    private boolean bindBuffer(Task task, long lengthBytes) {
        DataBuffers buffers = memory.dataBuffers();
        if (task.keepsBuffer(buffers.sizeOf(lengthBytes))) {
            return true;
        }
        strip(task);
        long offset = buffers.claim(lengthBytes);
        while (offset == DataBuffers.REFUSED && stripOne()) {
            offset = buffers.claim(lengthBytes);
        }
        if (offset == DataBuffers.REFUSED) {
            return false;
        }
        task.keepBuffer(offset, buffers.sizeOf(lengthBytes));
        return true;
    }

    private boolean stripOne() {
        int slot = free.pop();
        if (slot == IndexStack.EMPTY) {
            return false;
        }
        strip(tasks[slot]);
        bare.push(slot);
        return true;
    }

    private void strip(Task task) {
        if (task.bufferBytes() != 0) {
            memory.dataBuffers().release(task.bufferOffset(), task.bufferBytes());
            task.keepBuffer(0, 0);
        }
    }
}
