package io.trilane.engine.task;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// The response slot of a task: written by the controller from the hand-over to the completion, read by the client
/// afterwards. A write at any other time is dropped and told ([TouchListener]); a write into the raw memory cannot be
/// seen here.
///
/// What a completer has to look at more closely is noted in one field, so that a good completion costs one read of it.
@HotPath
abstract sealed class TaskResponse extends TaskOwnership permits Task {
    /// COMPLETION_STATUS and SERVICE_RESPONSE of a good task.
    private static final long GOOD = statusAndResponse(TaskStatus.GOOD, ServiceResponse.TASK_COMPLETE);

    private static final int NOT_GOOD = 1;
    private static final int VERSION_BAD = 2;
    private static final int SENSE_FETCH = 4;

    private final MemorySegment responses;
    private final long responseBase;
    private final TaskRules rules;
    private boolean hasSense;
    /// Why a completer must look closer; 0: it need not. Belongs to whoever owns the response.
    private int attention;
    /// How often this I/O was sent again. The framework's.
    private volatile long abortedToken = TaskToken.NONE;
    private int resends;

    TaskResponse(TaskMemory memory, int slot, int shard, TaskRules rules) {
        super(slot, shard);
        this.responses = memory.responses();
        this.responseBase = (long) slot * ResponseLayout.LENGTH;
        this.rules = rules;
        CommandLayout.setLong(responses, responseBase, ResponseLayout.VERSION, ResponseLayout.VERSION_1);
    }

    // Written by the controller.

    /// Writes status and bytes; sense data comes after it. Dropped unless the controller has the task.
    public void setResponse(ServiceResponse response, TaskStatus status, long bytesTransferred) {
        if (isWithController()) {
            overrule(response, status, bytesTransferred);
            stamp(TaskStage.EXECUTED);
        } else {
            rules.touched(this, "setResponse");
        }
    }

    /// The sense data at [#senseOffset] has this length. Dropped unless the controller has the task.
    public void setSenseLength(int lengthBytes) {
        if (isWithController()) {
            writeSenseLength(lengthBytes);
        } else {
            rules.touched(this, "setSenseLength");
        }
    }

    /// Any other version than 1 makes the framework fail the task (`driverkit.md` 3.4, row 12). A version that is written
    /// into the raw memory is not noticed.
    public void setResponseVersion(long version) {
        if (isWithController()) {
            writeVersion(version);
        } else {
            rules.touched(this, "setResponseVersion");
        }
    }

    // Read by the client.

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

    public long responseVersion() {
        return CommandLayout.getLong(responses, responseBase, ResponseLayout.VERSION);
    }

    // The framework's.

    /// True when the completer has to look closer: the response is not GOOD or of another version, or it answers a
    /// command of the framework's own.
    public boolean needsAttention() {
        return attention != 0;
    }

    public boolean isVersionBad() {
        return (attention & VERSION_BAD) != 0;
    }

    /// True while the command in the slot is the framework's REQUEST SENSE.
    public boolean isFetchingSense() {
        return (attention & SENSE_FETCH) != 0;
    }

    /// True when TASK COMPLETE came with this status, whatever the deadline says.
    public boolean isAnsweredWith(TaskStatus status) {
        return CommandLayout.getLong(responses, responseBase,
                ResponseLayout.COMPLETION_STATUS) == statusAndResponse(status, ServiceResponse.TASK_COMPLETE);
    }

    /// The framework's own answer, for a task that it owns: in transit, or just completed and not delivered yet.
    public void overrule(ServiceResponse response, TaskStatus status, long bytesTransferred) {
        long both = statusAndResponse(status, response);
        CommandLayout.setLong(responses, responseBase, ResponseLayout.COMPLETION_STATUS, both);
        CommandLayout.setLong(responses, responseBase, ResponseLayout.BYTES_TRANSFERRED, bytesTransferred);
        attention = attention & ~NOT_GOOD | (both == GOOD ? 0 : NOT_GOOD);
        if (hasSense) {
            writeSenseLength(0);
        }
    }

    /// Makes the version right again, for a task whose controller wrote another one.
    public void repairVersion() {
        writeVersion(ResponseLayout.VERSION_1);
    }

    /// Sense data that the framework fetched, at most [ResponseLayout#MAX_SENSE_LENGTH] bytes.
    public void fillSense(MemorySegment source, long offset, int lengthBytes) {
        MemorySegment.copy(source, offset, responses, senseOffset(), lengthBytes);
        writeSenseLength(lengthBytes);
    }

    /// The control role: an abort has named this I/O, or (NONE) it was refused. Read by completers.
    public void markAborted(long token) {
        abortedToken = token;
    }

    /// True when an abort has named this I/O: it is not sent again.
    public boolean isAborted(long token) {
        return abortedToken == token;
    }

    /// How often this I/O was sent again after TASK SET FULL.
    public int resends() {
        return resends;
    }

    /// The control role sends it again.
    public void countResend() {
        resends++;
    }

    void setFetchingSense(boolean fetching) {
        attention = fetching ? attention | SENSE_FETCH : attention & ~SENSE_FETCH;
    }

    TaskRules rules() {
        return rules;
    }

    /// At claim: nothing of the slot's last user is left.
    void resetResponse() {
        resends = 0;
        if (attention != 0) {
            repairVersion();
            attention = 0;
        }
    }

    abstract int extensionInt(int field);

    abstract void stamp(TaskStage stage);

    private void writeVersion(long version) {
        CommandLayout.setLong(responses, responseBase, ResponseLayout.VERSION, version);
        attention = version == ResponseLayout.VERSION_1 ? attention & ~VERSION_BAD : attention | VERSION_BAD;
    }

    private void writeSenseLength(int lengthBytes) {
        hasSense = lengthBytes != 0;
        CommandLayout.setByte(responses, responseBase, ResponseLayout.SENSE_LENGTH, lengthBytes);
    }

    /// COMPLETION_STATUS and SERVICE_RESPONSE, which are neighbours, as one number of the host.
    private static long statusAndResponse(TaskStatus status, ServiceResponse response) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? (long) response.code() << 32 | status.code()
                : (long) status.code() << 32 | response.code();
    }
}
