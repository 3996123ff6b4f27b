package io.trilane.engine.task;

/// A task's own command, put aside while the framework uses the slot for a REQUEST SENSE, and its answer, which was CHECK
/// CONDITION. Holds one at a time; belongs to whoever owns the task.
public final class SavedCommand {
    /// REQUEST SENSE(6), fixed format, 252 bytes at most (SPC-4 6.39).
    private static final long REQUEST_SENSE = 0x0300_0000_FC00_0000L;
    private static final int REQUEST_SENSE_BYTES = 6;
    /// Most sense bytes that are asked for.
    public static final int ALLOCATION_BYTES = 252;

    private final long[] addresses = new long[TaskExtension.MAX_EXTENTS];
    private final long[] lengths = new long[TaskExtension.MAX_EXTENTS];
    private int extentCount;
    private long bufferAddress;
    private long cdbWord;
    private int control;
    private long transferCount;
    private int timeoutMillis;
    private long bytesTransferred;
    private long residual;

    /// Puts the command aside and writes REQUEST SENSE in its place, with its data at `senseAddress`.
    public void replace(Task task, long senseAddress, int senseTimeoutMillis) {
        save(task);
        task.setCdbWord(0, REQUEST_SENSE);
        task.setControl(REQUEST_SENSE_BYTES, TransferDirection.FROM_TARGET, ALLOCATION_BYTES);
        task.setTimeoutMillis(senseTimeoutMillis);
        task.extents().setSingle(senseAddress, ALLOCATION_BYTES);
        task.setBufferIovmAddress(senseAddress);
        task.setFetchingSense(true);
    }

    /// Puts the command and its answer back.
    public void restore(Task task) {
        task.setCdbWord(0, cdbWord);
        task.setControl(control >> 8, TransferDirection.of(control & 0xFF), transferCount);
        task.setTimeoutMillis(timeoutMillis);
        task.extents().clear();
        for (int i = 0; i < extentCount; i++) {
            boolean _ = task.extents().add(addresses[i], lengths[i]);
        }
        task.setBufferIovmAddress(bufferAddress);
        task.setFetchingSense(false);
        task.overrule(ServiceResponse.TASK_COMPLETE, TaskStatus.CHECK_CONDITION, bytesTransferred);
        task.setResidual(residual);
    }

    private void save(Task task) {
        Extents extents = task.extents();
        extentCount = extents.count();
        for (int i = 0; i < extentCount; i++) {
            addresses[i] = extents.address(i);
            lengths[i] = extents.length(i);
        }
        bufferAddress = task.bufferIovmAddress();
        cdbWord = task.cdbWord(0);
        control = task.control();
        transferCount = task.transferCount();
        timeoutMillis = task.timeoutMillis();
        bytesTransferred = task.bytesTransferred();
        residual = task.residual();
    }
}
