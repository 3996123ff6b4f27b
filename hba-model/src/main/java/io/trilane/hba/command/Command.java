package io.trilane.hba.command;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskExtension;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.page.PageWriter;
import io.trilane.hba.page.SenseData;

/// The command that is being executed: task, CDB, row and device. One per logical unit, loaded anew for every command
/// and before every resume. Touched by the hardware agent only.
@HotPath
public final class Command {
    private final Cdb cdb = new Cdb();
    private final DeviceServer device;
    private final CommandTable table;
    private final SenseData sense = new SenseData();
    private final ParameterData parameters = new ParameterData();

    @SuppressWarnings("NullAway.Init")
    private Task task;
    @SuppressWarnings("NullAway.Init")
    private CommandRow row;
    private int cdbLength;
    private int directionCode;
    private long offeredBytes;
    private long wantedBytes;
    private long transferredBytes;

    public Command(DeviceServer device) {
        this.device = device;
        this.table = device.commands();
    }

    /// Loads and decodes; nothing is checked.
    public void load(Task newTask) {
        task = newTask;
        cdb.load(newTask);
        row = table.find(cdb.word0());
        cdb.loadBlocks(row.blockField());
        offeredBytes = newTask.transferCount();
        int control = newTask.control();
        cdbLength = control >>> 8;
        directionCode = control & 0xFF;
        wantedBytes = 0;
        transferredBytes = 0;
    }

    public Task task() {
        return task;
    }

    public Cdb cdb() {
        return cdb;
    }

    public CommandRow row() {
        return row;
    }

    public DeviceServer device() {
        return device;
    }

    /// Bytes of the CDB that the transport brought.
    int cdbLength() {
        return cdbLength;
    }

    /// Code of the direction that the transport was told.
    int directionCode() {
        return directionCode;
    }

    /// Bytes that the client offers or expects.
    public long offeredBytes() {
        return offeredBytes;
    }

    /// The client's buffer is for the other direction: it takes nothing.
    void offerNothing() {
        offeredBytes = 0;
    }

    /// Bytes that the command asked to transfer, after allocation length or transfer length.
    public long wantedBytes() {
        return wantedBytes;
    }

    /// Bytes that it did transfer.
    public long transferredBytes() {
        return transferredBytes;
    }

    /// Our bug: forgets what the command has said of itself so far.
    public Outcome abandon() {
        task.clearSenseDetails();
        setTransferred(0, 0);
        return Outcome.INTERNAL_TARGET_FAILURE;
    }

    /// States both; residual is what the client offered minus `wanted`.
    void setTransferred(long wanted, long transferred) {
        wantedBytes = wanted;
        transferredBytes = transferred;
    }

    /// Start of the addressed range, in bytes.
    long offset() {
        return cdb.address() << device.blockShift();
    }

    /// First block of what the command touches, unchecked: an address that no medium has is the last one of all.
    public long firstBlock() {
        if (row.blockField() == BlockField.LIST) {
            return UnmapList.firstBlock(this);
        }
        return cdb.address() < 0 ? Long.MAX_VALUE : cdb.address();
    }

    /// Block after the last one that the command touches, unchecked.
    public long endBlock() {
        if (row.blockField() == BlockField.LIST) {
            return UnmapList.endBlock(this);
        }
        boolean toTheEnd = row.blockField() == BlockField.START
                || cdb.blocks() == 0 && row.has(CommandTrait.ZERO_IS_ALL);
        return toTheEnd || firstBlock() > Long.MAX_VALUE - cdb.blocks() ? Long.MAX_VALUE : firstBlock() + cdb.blocks();
    }

    /// The data that the client sent, field by field.
    ParameterData parameters() {
        return parameters.of(task.extents());
    }

    /// Delivers what the device's writer holds, up to the allocation length and what the client expects.
    Outcome deliver(PageWriter writer, long allocationLength) {
        long wanted = writer.allocated(allocationLength);
        long transferred = Math.min(wanted, offeredBytes);
        writer.deliver(task.extents(), transferred);
        setTransferred(wanted, transferred);
        return Outcome.GOOD;
    }

    /// INVALID FIELD IN CDB that points at the most significant bit of the field.
    Outcome invalidField(int byteIndex, int bit) {
        return invalid(Outcome.INVALID_FIELD_IN_CDB, byteIndex | bit << SenseData.BIT_SHIFT | SenseData.BIT_VALID);
    }

    /// INVALID FIELD IN CDB that points at a field of whole bytes.
    Outcome invalidField(int byteIndex) {
        return invalid(Outcome.INVALID_FIELD_IN_CDB, byteIndex);
    }

    /// INVALID FIELD IN PARAMETER LIST that points at a field of whole bytes.
    Outcome invalidParameter(int byteIndex) {
        return invalid(Outcome.INVALID_FIELD_IN_PARAMETER_LIST, byteIndex | SenseData.IN_PARAMETER_LIST);
    }

    /// INVALID FIELD IN PARAMETER LIST that points at the most significant bit of the field.
    Outcome invalidParameter(int byteIndex, int bit) {
        return invalidParameter(byteIndex | bit << SenseData.BIT_SHIFT | SenseData.BIT_VALID);
    }

    /// An outcome with INFORMATION.
    Outcome withInformation(Outcome outcome, long information) {
        task.setExtensionLong(TaskExtension.INFORMATION, information);
        task.addSenseDetail(TaskExtension.SENSE_INFORMATION_VALID);
        return outcome;
    }

    /// Sense data of an outcome, without details.
    SenseData sense(Outcome outcome) {
        sense.begin(outcome.senseKey(), outcome.additionalSenseCode(), outcome.qualifier());
        return outcome.isDeferred() ? sense.deferred() : sense;
    }

    /// Translates a result of the image that is an error.
    Outcome failure(long result, boolean writing) {
        if (result == ImageResult.NO_SPACE) {
            return Outcome.SPACE_ALLOCATION_FAILED;
        }
        if (result == ImageResult.READ_ONLY) {
            return Outcome.WRITE_PROTECTED;
        }
        return writing ? Outcome.MEDIUM_WRITE_ERROR : Outcome.MEDIUM_READ_ERROR;
    }

    /// A number that survives until the command is resumed; 0..7.
    long scratch(int index) {
        return task.extensionLong(TaskExtension.SCRATCH + 8 * index);
    }

    void setScratch(int index, long value) {
        task.setExtensionLong(TaskExtension.SCRATCH + 8 * index, value);
    }

    private Outcome invalid(Outcome outcome, int fieldPointer) {
        task.setExtensionInt(TaskExtension.FIELD_POINTER, fieldPointer);
        task.addSenseDetail(TaskExtension.SENSE_FIELD_POINTER_VALID);
        return outcome;
    }
}
