package io.trilane.hba.command;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.page.Provisioning;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All commands of a kind of logical unit, by operation code and service action. Immutable; shared by all units.
///
/// Whatever is not in the table finds a row whose family refuses it, so that the lookup never fails.
@HotPath
public final class CommandTable {
    private static final int SERVICE_ACTIONS = 32;

    private static final CommandTable DISK = disk(DiskCommands.rows());
    private static final CommandTable FULLY_PROVISIONED_DISK = disk(DiskCommands.fullyProvisionedRows());
    private static final CommandTable MISSING_UNIT = new CommandTable(DiskCommands.missingUnitRows(),
            _ -> Outcome.LOGICAL_UNIT_NOT_SUPPORTED, _ -> Outcome.LOGICAL_UNIT_NOT_SUPPORTED);

    private final List<CommandRow> rows;
    private final CommandRow[] byOperationCode = new CommandRow[256];
    private final CommandRow[] @Nullable [] byServiceAction = new CommandRow[256] @Nullable [];

    private CommandTable(List<CommandRow> rows, CommandFamily unknownOperationCode,
            CommandFamily unknownServiceAction) {
        this.rows = rows;
        Arrays.fill(byOperationCode, CommandRow.unknown(unknownOperationCode));
        for (CommandRow row : rows) {
            int code = row.usage().operationCode();
            if (row.usage().serviceAction() < 0) {
                byOperationCode[code] = row;
            } else {
                actions(code, unknownServiceAction)[row.usage().serviceAction()] = row;
            }
        }
    }

    private static CommandTable disk(List<CommandRow> rows) {
        return new CommandTable(rows, _ -> Outcome.INVALID_COMMAND_OPERATION_CODE,
                // SPC-5 4.2.5.2: the operation code exists with other service actions, so the field is wrong.
                command -> command.invalidField(1, 4));
    }

    /// Commands of a direct access block device: all that there are.
    public static CommandTable ofDisk() {
        return DISK;
    }

    /// Commands of a direct access block device that is provisioned like this: a fully provisioned one cannot unmap.
    public static CommandTable ofDisk(Provisioning provisioning) {
        return provisioning == Provisioning.THIN ? DISK : FULLY_PROVISIONED_DISK;
    }

    /// Commands that a target answers for a logical unit that it does not have (SPC-5 6.33, SAM-5 5.13).
    public static CommandTable ofMissingUnit() {
        return MISSING_UNIT;
    }

    /// The row of a CDB; never null.
    CommandRow find(long word0) {
        int code = (int) (word0 >>> 56);
        CommandRow[] actions = byServiceAction[code];
        return actions == null ? byOperationCode[code] : actions[(int) (word0 >>> 48) & SERVICE_ACTIONS - 1];
    }

    /// The LOGICAL BLOCK ADDRESS of a task's command, unchecked; -1 when it has none.
    public long addressOf(Task task) {
        long word0 = task.cdbWord(0);
        return switch (find(word0).blockField()) {
            case TEN, TWELVE -> word0 >>> 16 & 0xFFFF_FFFFL;
            case SIXTEEN, COMPARE, START -> word0 << 16 | task.cdbWord(1) >>> 48;
            case SIX -> word0 >>> 32 & 0x1F_FFFF;
            case NONE, LIST -> -1;
        };
    }

    /// All rows, by operation code, then service action.
    public List<CommandRow> rows() {
        return rows;
    }

    /// True when the operation code has service actions.
    public boolean hasServiceActions(int operationCode) {
        return byServiceAction[operationCode] != null;
    }

    /// The row of an operation code and service action, or null when there is none. The service action is ignored for
    /// an operation code that has none.
    public @Nullable CommandRow find(int operationCode, int serviceAction) {
        if (serviceAction >= SERVICE_ACTIONS) {
            return null;
        }
        CommandRow row = find((long) operationCode << 56 | (long) serviceAction << 48);
        return row.cdbLength() == 0 ? null : row;
    }

    private CommandRow[] actions(int code, CommandFamily unknownServiceAction) {
        CommandRow[] actions = byServiceAction[code];
        if (actions == null) {
            actions = new CommandRow[SERVICE_ACTIONS];
            Arrays.fill(actions, new CommandRow("unknown", CdbUsage.unknown(), BlockField.NONE,
                    TransferDirection.NONE, unknownServiceAction, 0));
            byServiceAction[code] = actions;
        }
        return actions;
    }
}
