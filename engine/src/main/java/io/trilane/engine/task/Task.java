package io.trilane.engine.task;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The view of one slot. There is one `Task` object per slot for ever; a [TaskToken] names one I/O of it.
///
/// Fields of the command slot are the client's while CLAIMED and read-only afterwards; the response slot is the
/// controller's from submission to completion, then the client's to read. Nobody touches a task after posting it.
@HotPath
public final class Task {
    private static final VarHandle WORD;
    private static final long STATE_MASK = 0xF;
    private static final long CLIENT_LEFT = 0x10;
    private static final long CONTROLLER_LEFT = 0x20;
    private static final int GENERATION_SHIFT = 8;
    /// COMPLETION_STATUS and SERVICE_RESPONSE of a good task.
    private static final long GOOD = statusAndResponse(TaskStatus.GOOD, ServiceResponse.TASK_COMPLETE);

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Task.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int slot;
    private final int shard;
    private final MemorySegment commands;
    private final MemorySegment responses;
    private final MemorySegment extensions;
    private final long commandBase;
    private final long responseBase;
    private final long extensionBase;
    private final Extents extents;

    /// Generation, the two leave flags of a zombie, state.
    @SuppressWarnings("unused")
    private volatile long word;

    /// The claiming client, for the completer. Written at claim, before the task is published.
    private @Nullable Object owner;
    /// False from submission until its client has polled it. The owner's alone.
    private boolean withClient;
    /// The buffer in region 0 that this slot keeps, also while it is free; 0 bytes: none. The pool's.
    private long bufferOffset;
    private long bufferBytes;

    Task(TaskMemory memory, int slot, int shard) {
        this.slot = slot;
        this.shard = shard;
        this.commands = memory.commands();
        this.responses = memory.responses();
        this.extensions = memory.extensions();
        this.commandBase = (long) slot * CommandLayout.LENGTH;
        this.responseBase = (long) slot * ResponseLayout.LENGTH;
        this.extensionBase = (long) slot * TaskExtension.LENGTH;
        this.extents = new Extents(extensions, extensionBase, memory.dmaSpace());
        CommandLayout.setLong(commands, commandBase, CommandLayout.VERSION, CommandLayout.VERSION_1);
    }

    // Identity and state.

    public int slot() {
        return slot;
    }

    /// The token of the current I/O.
    public long token() {
        return TaskToken.of((long) WORD.getOpaque(this) >>> GENERATION_SHIFT, shard, slot);
    }

    public TaskState state() {
        return TaskState.of((int) ((long) WORD.getAcquire(this) & STATE_MASK));
    }

    /// The object that claimed this task.
    public @Nullable Object owner() {
        return owner;
    }

    // The command: written by the client.

    public long targetId() {
        return CommandLayout.getLong(commands, commandBase, CommandLayout.TARGET_ID);
    }

    public void setTargetId(long targetId) {
        CommandLayout.setLong(commands, commandBase, CommandLayout.TARGET_ID, targetId);
    }

    /// The eight LUN bytes, first byte most significant (SAM-5 4.7).
    public long lun() {
        return CommandLayout.getWire(commands, commandBase, CommandLayout.LUN);
    }

    public void setLun(long lun) {
        CommandLayout.setWire(commands, commandBase, CommandLayout.LUN, lun);
    }

    public int cdbLength() {
        return CommandLayout.getByte(commands, commandBase, CommandLayout.CDB_LENGTH);
    }

    public void setCdbLength(int lengthBytes) {
        CommandLayout.setByte(commands, commandBase, CommandLayout.CDB_LENGTH, lengthBytes);
    }

    /// Eight CDB bytes starting at `8 * index` (index 0..5), first byte most significant.
    public long cdbWord(int index) {
        return index < 2
                ? CommandLayout.getWire(commands, commandBase, CommandLayout.CDB + 8 * index)
                : CommandLayout.getWire(extensions, extensionBase, TaskExtension.CDB + 8 * (index - 2));
    }

    public void setCdbWord(int index, long wire) {
        if (index < 2) {
            CommandLayout.setWire(commands, commandBase, CommandLayout.CDB + 8 * index, wire);
        } else {
            CommandLayout.setWire(extensions, extensionBase, TaskExtension.CDB + 8 * (index - 2), wire);
        }
    }

    /// CDB byte `index`, 0..[TaskExtension#MAX_CDB_BYTES]-1, wherever it is stored.
    public int cdbByte(int index) {
        return index < CommandLayout.CDB_BYTES
                ? CommandLayout.getByte(commands, commandBase, CommandLayout.CDB + index)
                : CommandLayout.getByte(extensions, extensionBase,
                        TaskExtension.CDB + index - CommandLayout.CDB_BYTES);
    }

    public void setCdbByte(int index, int value) {
        if (index < CommandLayout.CDB_BYTES) {
            CommandLayout.setByte(commands, commandBase, CommandLayout.CDB + index, value);
        } else {
            CommandLayout.setByte(extensions, extensionBase, TaskExtension.CDB + index - CommandLayout.CDB_BYTES,
                    value);
        }
    }

    /// Copies a whole CDB and its length; at most [TaskExtension#MAX_CDB_BYTES].
    public void setCdb(byte[] cdb) {
        if (cdb.length > TaskExtension.MAX_CDB_BYTES) {
            throw new IllegalArgumentException("cdbLength=" + cdb.length + " > maxCdbBytes="
                    + TaskExtension.MAX_CDB_BYTES + ", shorten the command");
        }
        for (int i = 0; i < cdb.length; i++) {
            setCdbByte(i, cdb[i]);
        }
        setCdbLength(cdb.length);
    }

    public TransferDirection direction() {
        return TransferDirection.of(
                CommandLayout.getByte(commands, commandBase, CommandLayout.TRANSFER_DIRECTION));
    }

    /// Bytes that the client offers or expects; the extents hold at least as many.
    public long transferCount() {
        return CommandLayout.getLong(commands, commandBase, CommandLayout.TRANSFER_COUNT);
    }

    public void setTransfer(TransferDirection direction, long lengthBytes) {
        CommandLayout.setByte(commands, commandBase, CommandLayout.TRANSFER_DIRECTION, direction.code());
        CommandLayout.setLong(commands, commandBase, CommandLayout.TRANSFER_COUNT, lengthBytes);
    }

    /// Start of the first extent in the DMA space.
    public long bufferIovmAddress() {
        return CommandLayout.getLong(commands, commandBase, CommandLayout.BUFFER_IOVM_ADDRESS);
    }

    public TaskAttribute attribute() {
        return TaskAttribute.of(CommandLayout.getInt(commands, commandBase, CommandLayout.TASK_ATTRIBUTE));
    }

    public void setAttribute(TaskAttribute attribute) {
        CommandLayout.setInt(commands, commandBase, CommandLayout.TASK_ATTRIBUTE, attribute.code());
    }

    /// Q of the I_T_L_Q nexus; 0 means untagged (`driverkit.md` 4.4). Uniqueness is the client's duty.
    public long tag() {
        return CommandLayout.getLong(commands, commandBase, CommandLayout.TASK_TAG);
    }

    public void setTag(long tag) {
        CommandLayout.setLong(commands, commandBase, CommandLayout.TASK_TAG, tag);
    }

    /// Deadline after submission to the controller, in milliseconds; 0 is infinite.
    public int timeoutMillis() {
        return CommandLayout.getInt(commands, commandBase, CommandLayout.TIMEOUT_MILLIS);
    }

    public void setTimeoutMillis(int timeoutMillis) {
        CommandLayout.setInt(commands, commandBase, CommandLayout.TIMEOUT_MILLIS, timeoutMillis);
    }

    /// The id that the controller gave at map time; the framework's to write.
    public void setControllerTaskId(long id) {
        CommandLayout.setLong(commands, commandBase, CommandLayout.CONTROLLER_TASK_ID, id);
    }

    public long controllerTaskId() {
        return CommandLayout.getLong(commands, commandBase, CommandLayout.CONTROLLER_TASK_ID);
    }

    // The extension.

    public int nexusId() {
        return CommandLayout.getInt(extensions, extensionBase, TaskExtension.NEXUS_ID);
    }

    /// The task's data.
    public Extents extents() {
        return extents;
    }

    /// A number of the client's own.
    public long userData() {
        return CommandLayout.getLong(extensions, extensionBase, TaskExtension.USER_DATA);
    }

    public void setUserData(long userData) {
        CommandLayout.setLong(extensions, extensionBase, TaskExtension.USER_DATA, userData);
    }

    /// A field of the extension; see [TaskExtension] for the owner of each.
    public long extensionLong(int field) {
        return CommandLayout.getLong(extensions, extensionBase, field);
    }

    public void setExtensionLong(int field, long value) {
        CommandLayout.setLong(extensions, extensionBase, field, value);
    }

    public int extensionInt(int field) {
        return CommandLayout.getInt(extensions, extensionBase, field);
    }

    public void setExtensionInt(int field, int value) {
        CommandLayout.setInt(extensions, extensionBase, field, value);
    }

    // The response: written by the controller, read by the client.

    /// Writes everything but the sense data.
    public void setResponse(ServiceResponse response, TaskStatus status, long bytesTransferred) {
        CommandLayout.setLong(responses, responseBase, ResponseLayout.VERSION, ResponseLayout.VERSION_1);
        CommandLayout.setLong(responses, responseBase, ResponseLayout.COMPLETION_STATUS,
                statusAndResponse(status, response));
        CommandLayout.setLong(responses, responseBase, ResponseLayout.BYTES_TRANSFERRED, bytesTransferred);
        CommandLayout.setByte(responses, responseBase, ResponseLayout.SENSE_LENGTH, 0);
    }

    /// The verdict: after a timeout the engine's, otherwise what the controller wrote.
    public ServiceResponse serviceResponse() {
        return isZombie() ? ServiceResponse.of(extensionInt(TaskExtension.VERDICT_SERVICE))
                : ServiceResponse.of(CommandLayout.getInt(responses, responseBase, ResponseLayout.SERVICE_RESPONSE));
    }

    public TaskStatus status() {
        int code = isZombie() ? extensionInt(TaskExtension.VERDICT_STATUS)
                : CommandLayout.getInt(responses, responseBase, ResponseLayout.COMPLETION_STATUS);
        return TaskStatus.of(serviceResponse(), code);
    }

    /// True for TASK COMPLETE with GOOD.
    public boolean isGood() {
        // Status and service response are neighbours: one load tells both.
        return CommandLayout.getLong(responses, responseBase, ResponseLayout.COMPLETION_STATUS) == GOOD && !isZombie();
    }

    public long bytesTransferred() {
        return isZombie() ? 0
                : CommandLayout.getLong(responses, responseBase, ResponseLayout.BYTES_TRANSFERRED);
    }

    public int senseLength() {
        return isZombie() ? 0 : CommandLayout.getByte(responses, responseBase, ResponseLayout.SENSE_LENGTH);
    }

    public int senseByte(int index) {
        return CommandLayout.getByte(responses, responseBase, ResponseLayout.SENSE + index);
    }

    /// The whole array of response slots, for an encoder that writes sense data at [#senseOffset].
    public MemorySegment responses() {
        return responses;
    }

    /// Where this task's sense data starts in [#responses], in bytes.
    public long senseOffset() {
        return responseBase + ResponseLayout.SENSE;
    }

    public void setSenseLength(int lengthBytes) {
        CommandLayout.setByte(responses, responseBase, ResponseLayout.SENSE_LENGTH, lengthBytes);
    }

    public long responseVersion() {
        return CommandLayout.getLong(responses, responseBase, ResponseLayout.VERSION);
    }

    /// True while the controller has not returned the token.
    public boolean isWithController() {
        long seen = (long) WORD.getAcquire(this);
        return TaskState.of((int) (seen & STATE_MASK)).isWithController() && (seen & CONTROLLER_LEFT) == 0;
    }

    /// True after a timeout, until the slot is free again.
    public boolean isZombie() {
        return ((long) WORD.getAcquire(this) & STATE_MASK) == TaskState.ZOMBIE.ordinal();
    }

    // Moves. Each names the side that makes it; a false answer means the caller did not own the task.

    /// Pool only: FREE to CLAIMED. Whoever popped the slot is alone with it.
    void claim(Object newOwner, int nexusId, long lengthBytes) {
        owner = newOwner;
        withClient = true;
        bindData(lengthBytes);
        reset(nexusId);
        if (!moveAsOwner(TaskState.FREE, TaskState.CLAIMED)) {
            throw new IllegalStateException("slot=" + slot + " state=" + state() + " expected FREE, two owners");
        }
    }

    /// The client submits.
    public boolean moveToQueued() {
        boolean moved = moveAsOwner(TaskState.CLAIMED, TaskState.QUEUED);
        withClient &= !moved;
        return moved;
    }

    /// The client takes back a task whose submission was refused.
    public boolean moveBackToClaimed() {
        boolean moved = moveAsOwner(TaskState.QUEUED, TaskState.CLAIMED);
        withClient |= moved;
        return moved;
    }

    /// The client took it from its completion queue and may release it from now on.
    public void setPolled() {
        withClient = true;
    }

    /// Owner only: false while the task is on its way, also when it is completed but not polled yet.
    public boolean isWithClient() {
        return withClient;
    }

    /// The submitting role hands it to the controller.
    public boolean moveToActive() {
        return moveAsOwner(TaskState.QUEUED, TaskState.ACTIVE);
    }

    /// The submitting role after the controller's single call answered; false when the completion overtook it.
    public boolean moveToPending(long token) {
        long seen = (long) WORD.getAcquire(this);
        return isCurrent(seen, token) && (seen & STATE_MASK) == TaskState.ACTIVE.ordinal()
                && WORD.compareAndSet(this, seen, seen & ~STATE_MASK | TaskState.PENDING.ordinal());
    }

    /// The submitting role ends a task that no controller has seen.
    public boolean moveFromQueuedToDone() {
        return moveAsOwner(TaskState.QUEUED, TaskState.DONE);
    }

    /// The controller's completion: ACTIVE or PENDING to DONE. Decides against the deadline by one compare-and-set.
    public boolean moveToDone(long token) {
        while (true) {
            long seen = (long) WORD.getAcquire(this);
            long state = seen & STATE_MASK;
            if (!isCurrent(seen, token)
                    || state != TaskState.ACTIVE.ordinal() && state != TaskState.PENDING.ordinal()) {
                return false;
            }
            if (WORD.compareAndSet(this, seen, seen & ~STATE_MASK | TaskState.DONE.ordinal())) {
                return true;
            }
        }
    }

    /// The deadline: ACTIVE or PENDING to ZOMBIE with a verdict in the extension; false when the completion was first.
    public boolean moveToZombie(long token, ServiceResponse response, TaskStatus status) {
        long seen = (long) WORD.getAcquire(this);
        long state = seen & STATE_MASK;
        if (!isCurrent(seen, token)
                || state != TaskState.ACTIVE.ordinal() && state != TaskState.PENDING.ordinal()) {
            return false;
        }
        setExtensionInt(TaskExtension.VERDICT_SERVICE, response.code());
        setExtensionInt(TaskExtension.VERDICT_STATUS, status.code());
        return WORD.compareAndSet(this, seen, seen & ~STATE_MASK | TaskState.ZOMBIE.ordinal());
    }

    /// The client is done with it: frees a DONE or CLAIMED task, which is the client's alone, so that no compare-and-set
    /// is needed; a ZOMBIE waits for its controller.
    Leave leaveAsClient(long token) {
        long seen = (long) WORD.getAcquire(this);
        long state = seen & STATE_MASK;
        if (!isCurrent(seen, token)) {
            return Leave.REFUSED;
        }
        if (state == TaskState.DONE.ordinal() || state == TaskState.CLAIMED.ordinal()) {
            WORD.setRelease(this, freed(seen));
            return Leave.FREED;
        }
        return state == TaskState.ZOMBIE.ordinal() ? leaveZombie(token, CLIENT_LEFT, CONTROLLER_LEFT) : Leave.REFUSED;
    }

    /// The controller returns the token of a ZOMBIE.
    Leave leaveAsController(long token) {
        return leaveZombie(token, CONTROLLER_LEFT, CLIENT_LEFT);
    }

    private Leave leaveZombie(long token, long mine, long theirs) {
        while (true) {
            long seen = (long) WORD.getAcquire(this);
            if (!isCurrent(seen, token) || (seen & STATE_MASK) != TaskState.ZOMBIE.ordinal() || (seen & mine) != 0) {
                return Leave.REFUSED;
            }
            boolean last = (seen & theirs) != 0;
            if (WORD.compareAndSet(this, seen, last ? freed(seen) : seen | mine)) {
                return last ? Leave.FREED : Leave.QUARANTINED;
            }
        }
    }

    /// True when the buffer this slot kept is of the size class that is wanted, in bytes.
    boolean keepsBuffer(long classBytes) {
        return bufferBytes == classBytes;
    }

    void keepBuffer(long offset, long classBytes) {
        bufferOffset = offset;
        bufferBytes = classBytes;
    }

    private void bindData(long lengthBytes) {
        if (lengthBytes == 0) {
            extents.clear();
            CommandLayout.setLong(commands, commandBase, CommandLayout.BUFFER_IOVM_ADDRESS, 0);
        } else {
            long address = DmaSpace.address(0, bufferOffset);
            extents.setSingle(address, lengthBytes);
            CommandLayout.setLong(commands, commandBase, CommandLayout.BUFFER_IOVM_ADDRESS, address);
        }
    }

    /// Client only, while CLAIMED: the data is foreign memory, registered with [DmaSpace#register].
    public void bindForeign(long address, long lengthBytes) {
        extents.setSingle(address, lengthBytes);
        CommandLayout.setLong(commands, commandBase, CommandLayout.BUFFER_IOVM_ADDRESS, address);
    }

    long bufferOffset() {
        return bufferOffset;
    }

    long bufferBytes() {
        return bufferBytes;
    }

    /// Sets what a fresh claim must not inherit from the slot's last user.
    private void reset(int nexusId) {
        CommandLayout.setInt(commands, commandBase, CommandLayout.TASK_ATTRIBUTE, 0);
        CommandLayout.setLong(commands, commandBase, CommandLayout.TASK_TAG, 0);
        CommandLayout.setInt(commands, commandBase, CommandLayout.TIMEOUT_MILLIS, 0);
        CommandLayout.setWire(commands, commandBase, CommandLayout.CDB, 0);
        CommandLayout.setWire(commands, commandBase, CommandLayout.CDB + 8, 0);
        CommandLayout.setInt(extensions, extensionBase, TaskExtension.NEXUS_ID, nexusId);
        CommandLayout.setInt(extensions, extensionBase, TaskExtension.SENSE_FLAGS, 0);
    }

    /// COMPLETION_STATUS and SERVICE_RESPONSE, which are neighbours, as one number of the host.
    private static long statusAndResponse(TaskStatus status, ServiceResponse response) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? (long) response.code() << 32 | status.code()
                : (long) status.code() << 32 | response.code();
    }

    /// A move by the only owner: nobody else may be moving it, so no compare-and-set is needed.
    private boolean moveAsOwner(TaskState from, TaskState to) {
        assert from.canBecome(to) : from + " to " + to;
        long seen = (long) WORD.getAcquire(this);
        if ((seen & STATE_MASK) != from.ordinal()) {
            return false;
        }
        WORD.setRelease(this, seen & ~STATE_MASK | to.ordinal());
        return true;
    }

    private static boolean isCurrent(long seen, long token) {
        return seen >>> GENERATION_SHIFT == TaskToken.generation(token);
    }

    /// FREE with the next generation: every token given out before is stale from here on.
    private static long freed(long seen) {
        return ((seen >>> GENERATION_SHIFT) + 1 & TaskToken.GENERATION_MASK) << GENERATION_SHIFT
                | TaskState.FREE.ordinal();
    }
}
