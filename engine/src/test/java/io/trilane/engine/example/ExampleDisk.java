package io.trilane.engine.example;

import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The hardware: 1 MiB of memory that takes tasks from a ring, executes them, and interrupts. Knows just enough commands to
/// survive the probe of a block device.
final class ExampleDisk implements HardwareAgent {
    static final int BLOCK_BYTES = 512;
    static final int BLOCKS = 2048;

    private static final byte[] INQUIRY_DATA = ByteBuffer.allocate(36).put(new byte[]{0, 0, 6, 2, 31, 0, 0, 2})
            .put("TRILANE EXAMPLE DISK    0001".getBytes(StandardCharsets.US_ASCII)).array();
    private static final byte[] CAPACITY_DATA =
            ByteBuffer.allocate(8).putInt(BLOCKS - 1).putInt(BLOCK_BYTES).array();
    private static final byte[] LUN_LIST = ByteBuffer.allocate(16).putInt(8).array();
    private static final byte[] MODE_HEADER = {3, 0, 0, 0};
    private static final int ALL_PAGES = 0x3F;
    private static final int INVALID_OPERATION_CODE = 0x20;
    private static final int BLOCK_OUT_OF_RANGE = 0x21;
    private static final int INVALID_FIELD_IN_CDB = 0x24;
    private static final int UNIT_NOT_SUPPORTED = 0x25;

    private final SerialQueue<Task> posted;
    private final SerialQueue<Reply<Boolean>> flushes;
    private final SerialQueue<Task> finished;
    private final InterruptLine interruptLine;
    private final MemorySegment memory = Arena.ofAuto().allocate((long) BLOCKS * BLOCK_BYTES);

    ExampleDisk(SerialQueue<Task> posted, SerialQueue<Reply<Boolean>> flushes, SerialQueue<Task> finished,
            InterruptLine interruptLine) {
        this.posted = posted;
        this.flushes = flushes;
        this.finished = finished;
        this.interruptLine = interruptLine;
    }

    @Override
    public int doWork(long nowNs) {
        int done = 0;
        Task task;
        while (done < TaskBatch.MAX_TASKS && (task = posted.poll()) != null) {
            execute(task);
            if (!finished.offer(task)) {
                throw new IllegalStateException("finished=" + finished.size() + " is full, size it for every task");
            }
            done++;
        }
        if (done > 0) {
            interruptLine.raise();
        }
        return done < TaskBatch.MAX_TASKS ? done + flushes.drain(reply -> reply.complete(true), 1) : done;
    }

    @Override
    public String name() {
        return "example-disk";
    }

    private void execute(Task task) {
        int operation = task.cdbByte(0);
        if (task.lun() != 0) {
            illegal(task, UNIT_NOT_SUPPORTED);
            return;
        }
        switch (operation) {
            case 0x00 -> good(task, 0); // TEST UNIT READY
            case 0x12 -> inquiry(task);
            case 0x1A -> modeSense(task);
            case 0x25 -> answer(task, CAPACITY_DATA, CAPACITY_DATA.length);
            case 0x28 -> transfer(task, TransferDirection.FROM_TARGET); // READ(10)
            case 0x2A -> transfer(task, TransferDirection.TO_TARGET); // WRITE(10)
            case 0xA0 -> answer(task, LUN_LIST, number(task, 6, 4));
            default -> illegal(task, INVALID_OPERATION_CODE);
        }
    }

    private void inquiry(Task task) {
        if ((task.cdbByte(1) & 1) != 0) {
            illegal(task, INVALID_FIELD_IN_CDB); // no vital product data
        } else {
            answer(task, INQUIRY_DATA, number(task, 3, 2));
        }
    }

    private void modeSense(Task task) {
        if ((task.cdbByte(2) & ALL_PAGES) == ALL_PAGES) {
            answer(task, MODE_HEADER, task.cdbByte(4));
        } else {
            illegal(task, INVALID_FIELD_IN_CDB);
        }
    }

    private void transfer(Task task, TransferDirection direction) {
        long block = number(task, 2, 4);
        long blocks = number(task, 7, 2);
        if (block + blocks > BLOCKS) {
            illegal(task, BLOCK_OUT_OF_RANGE);
            return;
        }
        if (task.direction() != direction && blocks != 0) {
            task.setResponse(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.DELIVERY_FAILURE, 0);
            return;
        }
        long bytes = Math.min(blocks * BLOCK_BYTES, task.transferCount());
        good(task, direction == TransferDirection.FROM_TARGET
                ? task.extents().scatter(memory, block * BLOCK_BYTES, 0, bytes)
                : task.extents().gather(0, memory, block * BLOCK_BYTES, bytes));
    }

    private static void answer(Task task, byte[] data, long allocationLength) {
        long bytes = Math.min(Math.min(data.length, allocationLength), task.transferCount());
        good(task, task.extents().scatter(MemorySegment.ofArray(data), 0, 0, bytes));
    }

    private static void good(Task task, long bytesTransferred) {
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, bytesTransferred);
    }

    /// CHECK CONDITION with its sense data: fixed format, ILLEGAL REQUEST.
    private static void illegal(Task task, int additionalSenseCode) {
        byte[] sense = {0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, (byte) additionalSenseCode, 0, 0, 0, 0, 0};
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
