package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskStatus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The hardware of [LabController]: under every target id the same small disk, whose blocks say where they are. It can hold
/// tasks back, and one target can be not ready. Runs on the hardware agent; scripted from any thread.
final class LabDisk implements HardwareAgent {
    static final int BLOCK_BYTES = 512;
    static final int BLOCKS = 1024;
    static final int INQUIRY = 0x12;
    static final int READ_10 = 0x28;

    private static final int TEST_UNIT_READY = 0x00;
    private static final int MODE_SENSE_6 = 0x1A;
    private static final int READ_CAPACITY_10 = 0x25;
    private static final int REPORT_LUNS = 0xA0;
    private static final int NOT_READY = 2;
    private static final int ILLEGAL_REQUEST = 5;
    private static final int BECOMING_READY = 0x04;
    private static final int INVALID_OPERATION_CODE = 0x20;
    private static final int BLOCK_OUT_OF_RANGE = 0x21;
    private static final long NO_TARGET = -1;
    private static final long STAMP = 0x9E37_79B9_7F4A_7C15L;

    private final SerialQueue<Task> posted;
    private final SerialQueue<Task> finished;
    private final InterruptLine interruptLine;
    private final Queue<Task> held = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Predicate<Task> holds;
    private volatile long notReadyTarget = NO_TARGET;

    /// @param posted   by the controller
    /// @param finished for its interrupt handler
    LabDisk(SerialQueue<Task> posted, SerialQueue<Task> finished, InterruptLine interruptLine) {
        this.posted = posted;
        this.finished = finished;
        this.interruptLine = interruptLine;
    }

    /// From now on tasks of this kind are not executed.
    void hold(Predicate<Task> kind) {
        holds = kind;
    }

    /// Tasks that READ are not executed from now on.
    void holdReads() {
        hold(task -> task.cdbByte(0) == READ_10);
    }

    /// Executes what it held back, in order.
    void letGo() {
        holds = null;
    }

    /// Gives up a task that is held back, without executing it; null when there is none.
    @Nullable
    Task takeBack() {
        return held.poll();
    }

    int heldCount() {
        return held.size();
    }

    /// True when everything that was posted is executed.
    boolean isIdle() {
        return posted.isEmpty() && held.isEmpty();
    }

    /// This target is becoming ready, and does not get there.
    void setNotReady(long targetId) {
        notReadyTarget = targetId;
    }

    void setAllReady() {
        notReadyTarget = NO_TARGET;
    }

    /// True when `data` is what the disk has at `block`.
    static boolean isStamped(MemorySegment data, long block) {
        for (long at = 0; at < data.byteSize(); at += Long.BYTES) {
            if (data.get(ValueLayout.JAVA_LONG_UNALIGNED, at) != stamp(block * BLOCK_BYTES + at)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int doWork(long nowNs) {
        int done = 0;
        Task task;
        while (done < TaskBatch.MAX_TASKS && (task = next()) != null) {
            Predicate<Task> kind = holds;
            if (kind != null && kind.test(task)) {
                held.add(task);
            } else {
                execute(task);
                finish(task);
            }
            done++;
        }
        return done;
    }

    @Override
    public String name() {
        return "lab-disk";
    }

    private @Nullable Task next() {
        Task first = holds == null ? held.poll() : null;
        return first == null ? posted.poll() : first;
    }

    private void finish(Task task) {
        if (!finished.offer(task)) {
            throw new IllegalStateException("finished=" + finished.size() + " is full, size it for every task");
        }
        interruptLine.raise();
    }

    private void execute(Task task) {
        switch (task.cdbByte(0)) {
            case TEST_UNIT_READY -> testUnitReady(task);
            case INQUIRY -> answer(task, ByteBuffer.allocate(36).put(new byte[]{0, 0, 6, 2, 31, 0, 0, 2})
                    .put("TRILANE LAB DISK        0001".getBytes(StandardCharsets.US_ASCII)));
            case MODE_SENSE_6 -> answer(task, ByteBuffer.allocate(4).put((byte) 3));
            case READ_CAPACITY_10 -> answer(task, ByteBuffer.allocate(8).putInt(BLOCKS - 1).putInt(BLOCK_BYTES));
            case REPORT_LUNS -> answer(task, ByteBuffer.allocate(16).putInt(8));
            case READ_10 -> read(task);
            default -> check(task, ILLEGAL_REQUEST, INVALID_OPERATION_CODE, 0);
        }
    }

    private void testUnitReady(Task task) {
        if (task.targetId() == notReadyTarget) {
            check(task, NOT_READY, BECOMING_READY, 1);
        } else {
            good(task, 0);
        }
    }

    private static void read(Task task) {
        long block = number(task, 2, 4);
        long blocks = number(task, 7, 2);
        if (block + blocks > BLOCKS) {
            check(task, ILLEGAL_REQUEST, BLOCK_OUT_OF_RANGE, 0);
            return;
        }
        MemorySegment data = MemorySegment.ofArray(new byte[(int) blocks * BLOCK_BYTES]);
        for (long at = 0; at < data.byteSize(); at += Long.BYTES) {
            data.set(ValueLayout.JAVA_LONG_UNALIGNED, at, stamp(block * BLOCK_BYTES + at));
        }
        good(task, task.extents().scatter(data, 0, 0, Math.min(data.byteSize(), task.transferCount())));
    }

    private static long stamp(long position) {
        return position * STAMP + 1;
    }

    private static void answer(Task task, ByteBuffer data) {
        MemorySegment source = MemorySegment.ofArray(data.array());
        good(task, task.extents().scatter(source, 0, 0, Math.min(source.byteSize(), task.transferCount())));
    }

    private static void good(Task task, long bytesTransferred) {
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, bytesTransferred);
    }

    /// CHECK CONDITION with its sense data, in fixed format.
    private static void check(Task task, int senseKey, int code, int qualifier) {
        byte[] sense = {0x70, 0, (byte) senseKey, 0, 0, 0, 0, 10, 0, 0, 0, 0, (byte) code, (byte) qualifier, 0, 0, 0,
                0};
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.CHECK_CONDITION, 0);
        MemorySegment.copy(MemorySegment.ofArray(sense), 0, task.responses(), task.senseOffset(), sense.length);
        task.setSenseLength(sense.length);
    }

    /// `length` CDB bytes from `first` on, first byte most significant.
    private static long number(Task task, int first, int length) {
        long value = 0;
        for (int i = first; i < first + length; i++) {
            value = value << 8 | task.cdbByte(i);
        }
        return value;
    }
}
