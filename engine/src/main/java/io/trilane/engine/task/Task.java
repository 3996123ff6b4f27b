package io.trilane.engine.task;

import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The view of one slot. There is one `Task` object per slot for ever; a [TaskToken] names one I/O of it.
///
/// Fields of the command slot are the client's while CLAIMED and read-only afterwards; the response slot is the
/// controller's from submission to completion, then the client's to read. Nobody touches a task after posting it.
///
/// A fresh claim has no tag, no timeout, the SIMPLE attribute, no sense data and its data bound; target, LUN, CDB and
/// transfer are what the slot's last user left, for the client to set. An access to a slot is checked, a
/// dozen instructions, so what rarely changes is written only when it has changed.
@HotPath
public final class Task extends TaskResponse {
    private static final long NOT_BOUND = -1;

    private final MemorySegment commands;
    private final MemorySegment extensions;
    private final long commandBase;
    private final long extensionBase;
    private final Extents extents;

    /// The buffer in region 0 that this slot keeps, also while it is free; 0 bytes: none. The pool's.
    private long bufferOffset;
    private long bufferBytes;
    /// Length that extents and address are set to.
    private long boundLength = NOT_BOUND;
    private int nexusId = -1;
    /// What the slot says, at hand: every task is asked several times for both, mostly with the same answer.
    private long targetId;
    private long lun;
    /// Attribute, tag, timeout or stamping are not the default.
    private boolean isSpecial;
    private boolean isTimed;
    private boolean hasSenseDetails;
    private boolean hasResidual;
    /// Null: stages are not stamped.
    private @Nullable LongSupplier stageClock;

    Task(TaskMemory memory, int slot, int shard, TaskRules rules) {
        super(memory, slot, shard, rules);
        this.commands = memory.commands();
        this.extensions = memory.extensions();
        this.commandBase = (long) slot * CommandLayout.LENGTH;
        this.extensionBase = (long) slot * TaskExtension.LENGTH;
        this.extents = new Extents(extensions, extensionBase, memory.dmaSpace());
        CommandLayout.setLong(commands, commandBase, CommandLayout.VERSION, CommandLayout.VERSION_1);
    }

    // The command: written by the client.

    public long targetId() {
        return targetId;
    }

    public void setTargetId(long newTargetId) {
        if (newTargetId != targetId) {
            targetId = newTargetId;
            CommandLayout.setLong(commands, commandBase, CommandLayout.TARGET_ID, newTargetId);
        }
    }

    /// The eight LUN bytes, first byte most significant (SAM-5 4.7).
    public long lun() {
        return lun;
    }

    public void setLun(long newLun) {
        if (newLun != lun) {
            lun = newLun;
            CommandLayout.setWire(commands, commandBase, CommandLayout.LUN, newLun);
        }
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

    /// Copies a whole CDB, zeros behind it, and its length; at most [TaskExtension#MAX_CDB_BYTES].
    public void setCdb(byte[] cdb) {
        if (cdb.length > TaskExtension.MAX_CDB_BYTES) {
            throw new IllegalArgumentException("cdbLength=" + cdb.length + " > maxCdbBytes="
                    + TaskExtension.MAX_CDB_BYTES + ", shorten the command");
        }
        setCdbWord(0, 0);
        setCdbWord(1, 0);
        for (int i = 0; i < cdb.length; i++) {
            setCdbByte(i, cdb[i]);
        }
        setCdbLength(cdb.length);
    }

    /// CDB length in bits 8..15 and the code of the direction in bits 0..7: neighbours in the slot, read together.
    public int control() {
        return CommandLayout.getShort(commands, commandBase, CommandLayout.CDB_LENGTH);
    }

    /// Sets CDB length, direction and length of the data together.
    public void setControl(int cdbLength, TransferDirection direction, long lengthBytes) {
        CommandLayout.setShort(commands, commandBase, CommandLayout.CDB_LENGTH, cdbLength << 8 | direction.code());
        CommandLayout.setLong(commands, commandBase, CommandLayout.TRANSFER_COUNT, lengthBytes);
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
        isSpecial = true;
        CommandLayout.setInt(commands, commandBase, CommandLayout.TASK_ATTRIBUTE, attribute.code());
    }

    /// Q of the I_T_L_Q nexus; 0 means untagged (`driverkit.md` 4.4). Uniqueness is the client's duty.
    public long tag() {
        return CommandLayout.getLong(commands, commandBase, CommandLayout.TASK_TAG);
    }

    public void setTag(long tag) {
        isSpecial = true;
        CommandLayout.setLong(commands, commandBase, CommandLayout.TASK_TAG, tag);
    }

    /// Deadline after submission to the controller, in milliseconds; 0 is infinite.
    public int timeoutMillis() {
        return CommandLayout.getInt(commands, commandBase, CommandLayout.TIMEOUT_MILLIS);
    }

    public void setTimeoutMillis(int timeoutMillis) {
        isSpecial = true;
        isTimed = timeoutMillis != 0;
        CommandLayout.setInt(commands, commandBase, CommandLayout.TIMEOUT_MILLIS, timeoutMillis);
    }

    /// True when [#timeoutMillis] is not 0.
    public boolean isTimed() {
        return isTimed;
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
        return nexusId;
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

    @Override
    public int extensionInt(int field) {
        return CommandLayout.getInt(extensions, extensionBase, field);
    }

    public void setExtensionInt(int field, int value) {
        CommandLayout.setInt(extensions, extensionBase, field, value);
    }

    /// The device: adds a detail to the sense data to come, one of `TaskExtension.SENSE_*_VALID`.
    public void addSenseDetail(int flag) {
        setExtensionInt(TaskExtension.SENSE_FLAGS, senseDetails() | flag);
        hasSenseDetails = true;
    }

    public void clearSenseDetails() {
        if (hasSenseDetails) {
            setExtensionInt(TaskExtension.SENSE_FLAGS, 0);
            hasSenseDetails = false;
        }
    }

    public int senseDetails() {
        return hasSenseDetails ? extensionInt(TaskExtension.SENSE_FLAGS) : 0;
    }

    /// What [#setResidual] wrote; 0 when nothing did.
    public long residual() {
        return hasResidual ? extensionLong(TaskExtension.RESIDUAL) : 0;
    }

    /// The device: bytes that the client offered minus bytes that the command asked for.
    public void setResidual(long residual) {
        if (hasResidual || residual != 0) {
            setExtensionLong(TaskExtension.RESIDUAL, residual);
            hasResidual = residual != 0;
        }
    }

    /// The client, before it submits: from here on whoever has the task stamps its stages ([TaskStage]), until it is claimed
    /// again. All start with this moment, so that a stage that is left out takes no time.
    ///
    /// @param clock nanoseconds from any origin; read by every role
    public void startStages(LongSupplier clock) {
        isSpecial = true;
        stageClock = clock;
        long nowNs = clock.getAsLong();
        for (int i = 0; i < TaskExtension.STAGES; i++) {
            setExtensionLong(TaskExtension.STAGE_NS + i * Long.BYTES, nowNs);
        }
    }

    /// Whoever has the task at that stage; costs a compare when nobody wants to know.
    @Override
    public void stamp(TaskStage stage) {
        LongSupplier clock = stageClock;
        if (clock != null) {
            setExtensionLong(TaskExtension.STAGE_NS + stage.ordinal() * Long.BYTES, clock.getAsLong());
        }
    }

    /// When the task was at `stage`, by the clock of [#startStages].
    public long stageNs(TaskStage stage) {
        return extensionLong(TaskExtension.STAGE_NS + stage.ordinal() * Long.BYTES);
    }

    @Override
    void setVerdict(ServiceResponse response, TaskStatus status) {
        setExtensionInt(TaskExtension.VERDICT_SERVICE, response.code());
        setExtensionInt(TaskExtension.VERDICT_STATUS, status.code());
    }

    // The pool's.

    /// Makes a free slot a fresh task of `newOwner`, with `lengthBytes` of the kept buffer as its data (0: none).
    void claim(Object newOwner, int newNexusId, long lengthBytes) {
        if (lengthBytes != boundLength || extents.takeChanged()) {
            bindData(lengthBytes);
        }
        if (isSpecial) {
            resetSpecial();
        }
        clearSenseDetails();
        resetResponse();
        if (newNexusId != nexusId) {
            nexusId = newNexusId;
            CommandLayout.setInt(extensions, extensionBase, TaskExtension.NEXUS_ID, newNexusId);
        }
        moveToClaimed(newOwner);
    }

    /// True when the buffer this slot kept is of the size class that is wanted, in bytes.
    boolean keepsBuffer(long classBytes) {
        return bufferBytes == classBytes;
    }

    void keepBuffer(long offset, long classBytes) {
        bufferOffset = offset;
        bufferBytes = classBytes;
        boundLength = NOT_BOUND;
    }

    long bufferOffset() {
        return bufferOffset;
    }

    long bufferBytes() {
        return bufferBytes;
    }

    /// Client only, while CLAIMED: the data is foreign memory, registered with [DmaSpace#register]. Fails for more bytes
    /// than the controller takes at once.
    public void bindForeign(long address, long lengthBytes) {
        rules().requireLegalForeign(lengthBytes);
        extents.setSingle(address, lengthBytes);
        CommandLayout.setLong(commands, commandBase, CommandLayout.BUFFER_IOVM_ADDRESS, address);
    }

    void setBufferIovmAddress(long address) {
        CommandLayout.setLong(commands, commandBase, CommandLayout.BUFFER_IOVM_ADDRESS, address);
    }

    private void bindData(long lengthBytes) {
        long address = lengthBytes == 0 ? 0 : DmaSpace.address(0, bufferOffset);
        if (lengthBytes == 0) {
            extents.clear();
        } else {
            extents.setSingle(address, lengthBytes);
        }
        CommandLayout.setLong(commands, commandBase, CommandLayout.BUFFER_IOVM_ADDRESS, address);
        boundLength = lengthBytes;
        boolean _ = extents.takeChanged();
    }

    private void resetSpecial() {
        setAttribute(TaskAttribute.SIMPLE);
        setTag(0);
        setTimeoutMillis(0);
        stageClock = null;
        isSpecial = false;
    }
}
