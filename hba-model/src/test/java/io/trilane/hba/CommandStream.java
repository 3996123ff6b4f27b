package io.trilane.hba;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskAttribute;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.command.CommandRow;
import io.trilane.hba.command.CommandTable;
import io.trilane.hba.command.Outcome;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// Makes commands with data from any bytes, has a logical unit execute them, and checks what must hold whatever they are:
/// each ends once, with a legal status; sense data is well-formed; no command alters a block that its CDB does not name.
///
/// ```
/// 0     bits 0-1 nexus   bits 2-3 direction   bit 4 the CDB is of a known command, and addresses are small
///       bits 5-6 attribute   bit 7 LUN 1, which is not there
/// 1     length of the CDB, modulo 33, or of a known command its row   2  blocks of data, modulo 17
/// 3-    CDB, then data: as much as there is, the rest zeros
/// ```
final class CommandStream {
    private static final int MAX_COMMANDS = 64;
    private static final int BLOCK = 512;
    private static final int NEXUSES = 4;
    private static final int ALL = Integer.MAX_VALUE;
    private static final List<CommandRow> ROWS = CommandTable.ofDisk().rows();
    private static final List<TaskStatus> LEGAL =
            List.of(TaskStatus.GOOD, TaskStatus.CHECK_CONDITION, TaskStatus.RESERVATION_CONFLICT);

    private CommandStream() {}

    /// @throws AssertionError a command did what none may do
    static void run(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (!in.hasRemaining()) {
            return;
        }
        int kind = in.get();
        try (Bench bench = (kind & 1) == 0 ? Bench.thin() : (kind & 2) == 0 ? Bench.removable() : Bench.standard()) {
            bench.image.remembers = false;
            bench.greeted(NEXUSES);
            for (int i = 0; i < MAX_COMMANDS && in.remaining() >= 3; i++) {
                execute(bench, in);
            }
            boolean isClean = bench.unit.counters().of(Outcome.INTERNAL_TARGET_FAILURE) == 0
                    && bench.target.missingUnitCounters().of(Outcome.INTERNAL_TARGET_FAILURE) == 0
                    && bench.unit.unfinishedCommands() == 0;
            require(isClean, "a command failed inside or was not finished");
        }
    }

    private static void execute(Bench bench, ByteBuffer in) {
        int flags = in.get();
        int choice = in.get() & 0xFF;
        int length = (in.get() & 0xFF) % 17 * BLOCK;
        boolean isKnown = (flags & 16) != 0;
        byte[] cdb = new byte[isKnown ? ROWS.get(choice % ROWS.size()).cdbLength() : choice % 33];
        in.get(cdb, 0, Math.min(cdb.length, in.remaining()));
        if (isKnown) {
            makeKnown(cdb, ROWS.get(choice % ROWS.size()));
        }
        byte[] data = new byte[length];
        in.get(data, 0, Math.min(length, in.remaining()));
        Task task = bench.pool.claim(bench, flags & 3, length);
        require(task != null, "no task is free");
        task.setTargetId(7);
        task.setLun((flags & 128) != 0 ? 1L << 48 : 0);
        task.setCdb(cdb);
        task.setTransfer(TransferDirection.of(flags >> 2 & 3), length);
        task.setAttribute(TaskAttribute.of(flags >> 5 & 3));
        Bench.put(task, data);
        BareFramework.handOver(task);
        byte[] before = bench.image.bytes.clone();
        bench.finished.clear();
        bench.target.execute(task);
        require(bench.finished.equals(List.of(task)), "finished=" + bench.finished.size());
        checkReply(Reply.of(task), task);
        checkAltered(before, bench.image.bytes, cdb, data);
        bench.release(task);
    }

    /// Reserved bits are 0 and addresses small, so that the command is likely to be executed.
    private static void makeKnown(byte[] cdb, CommandRow row) {
        for (int i = 1; i < cdb.length; i++) {
            cdb[i] &= (byte) row.usage().reported(i);
            if (i >= row.blockField().addressByte() && cdb[i] < 0) {
                cdb[i] = 0;
            }
        }
        cdb[0] = (byte) row.usage().operationCode();
        if (row.usage().serviceAction() >= 0) {
            cdb[1] = (byte) (cdb[1] & 0xE0 | row.usage().serviceAction());
        }
    }

    private static void checkReply(Reply reply, Task task) {
        require(LEGAL.contains(reply.status()), "status=" + reply.status());
        boolean isChecked = reply.status() == TaskStatus.CHECK_CONDITION;
        require(isChecked == reply.sense().length > 0, "sense=" + reply.senseHex() + " with " + reply.status());
        require(reply.transferred() >= 0 && reply.transferred() <= task.transferCount(),
                "transferred=" + reply.transferred());
        if (isChecked) {
            checkSense(reply);
        }
    }

    /// SPC-5 4.4.2, 4.4.3: additional length says what there is, and the key is no hardware error.
    private static void checkSense(Reply reply) {
        byte[] sense = reply.sense();
        int code = sense[0] & 0x7F;
        boolean isFixed = code == 0x70;
        int key = sense[isFixed ? 2 : 1] & 0xF;
        require((isFixed || code == 0x72) && sense.length == 8 + (sense[7] & 0xFF) && key != 0 && key != 4,
                "sense=" + reply.senseHex());
    }

    /// Only blocks that the CDB names have changed.
    private static void checkAltered(byte[] before, byte[] after, byte[] cdb, byte[] data) {
        for (int at = 0; (at = next(before, after, at)) >= 0; at = (at / BLOCK + 1) * BLOCK) {
            require(mayAlter(cdb, data, at / BLOCK), "cdb=" + Arrays.toString(cdb) + " altered block=" + at / BLOCK);
        }
    }

    private static int next(byte[] before, byte[] after, int from) {
        int at = Arrays.mismatch(before, from, before.length, after, from, after.length);
        return at < 0 ? -1 : from + at;
    }

    /// Worked out from SBC-4 alone, not from the command table.
    private static boolean mayAlter(byte[] cdb, byte[] data, int block) {
        ByteBuffer fields = ByteBuffer.allocate(64).put(0, cdb);
        return switch (cdb.length == 0 ? 0 : cdb[0] & 0xFF) {
            case 0x0A -> isIn(block, fields.getInt(0) & 0x1F_FFFF, (cdb[4] & 0xFF) == 0 ? 256 : cdb[4] & 0xFF);
            case 0x2A, 0x2E -> isIn(block, fields.getInt(2), fields.getShort(7) & 0xFFFF);
            case 0x41 -> isIn(block, fields.getInt(2), orAll(fields.getShort(7) & 0xFFFF));
            case 0xAA, 0xAE -> isIn(block, fields.getInt(2), fields.getInt(6));
            case 0x8A, 0x8E -> isIn(block, fields.getLong(2), fields.getInt(10));
            case 0x93 -> isIn(block, fields.getLong(2), orAll(fields.getInt(10)));
            case 0x89 -> isIn(block, fields.getLong(2), cdb[13] & 0xFF);
            case 0x42 -> isListed(data, block);
            default -> false;
        };
    }

    private static int orAll(int blocks) {
        return blocks == 0 ? ALL : blocks;
    }

    private static boolean isListed(byte[] list, int block) {
        ByteBuffer fields = ByteBuffer.wrap(list);
        for (int at = 8; at + 16 <= list.length; at += 16) {
            if (isIn(block, fields.getLong(at), fields.getInt(at + 8))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIn(int block, long first, int blocks) {
        return block >= first && block - first < (blocks & 0xFFFF_FFFFL);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
