package io.trilane.hba.command;

import io.trilane.hba.page.PageWriter;
import org.jspecify.annotations.Nullable;

/// REPORT SUPPORTED OPERATION CODES (SPC-5 6.34): the command table in the words of the standard.
final class ReportOperationCodesCommand implements CommandFamily {
    private static final int OPTIONS_BYTE = 2;
    private static final int OPERATION_CODE_BYTE = 3;
    private static final int SERVICE_ACTION_BYTE = 4;
    private static final int ALLOCATION_LENGTH = 6;
    private static final int RETURN_TIMEOUTS = 0x80;

    private static final int ALL = 0;
    private static final int WITHOUT_SERVICE_ACTION = 1;
    private static final int WITH_SERVICE_ACTION = 2;
    private static final int EITHER = 3;

    private static final int SERVICE_ACTION_VALID = 0x01;
    private static final int TIMEOUTS_FOLLOW = 0x02;
    private static final int ONE_TIMEOUTS_FOLLOW = 0x80;
    private static final int NOT_SUPPORTED = 1;
    private static final int SUPPORTED = 3;

    @Override
    public Outcome execute(Command command) {
        Cdb cdb = command.cdb();
        CommandTable table = command.device().commands();
        PageWriter writer = command.device().writer().begin();
        boolean timeouts = cdb.isSet(OPTIONS_BYTE, RETURN_TIMEOUTS);
        int options = cdb.u8(OPTIONS_BYTE) & 0x07;
        int code = cdb.u8(OPERATION_CODE_BYTE);
        boolean actions = table.hasServiceActions(code);
        switch (options) {
            case ALL -> writeAll(table, writer, timeouts);
            case WITHOUT_SERVICE_ACTION -> {
                if (actions) {
                    return command.invalidField(OPTIONS_BYTE, 2);
                }
                writeOne(table.find(code, 0), writer, timeouts);
            }
            case WITH_SERVICE_ACTION -> {
                if (!actions && table.find(code, 0) != null) {
                    return command.invalidField(OPTIONS_BYTE, 2);
                }
                writeOne(table.find(code, cdb.u16(SERVICE_ACTION_BYTE)), writer, timeouts);
            }
            case EITHER -> {
                int action = cdb.u16(SERVICE_ACTION_BYTE);
                writeOne(actions || action == 0 ? table.find(code, action) : null, writer, timeouts);
            }
            default -> {
                return command.invalidField(OPTIONS_BYTE, 2);
            }
        }
        return command.deliver(writer, cdb.u32(ALLOCATION_LENGTH));
    }

    /// SPC-5 6.34.2.
    private static void writeAll(CommandTable table, PageWriter writer, boolean timeouts) {
        writer.u32(0);
        int list = writer.position();
        for (CommandRow row : table.rows()) {
            int action = row.usage().serviceAction();
            writer.u8(row.usage().operationCode()).u8(0).u16(Math.max(action, 0)).u8(0);
            writer.u8((timeouts ? TIMEOUTS_FOLLOW : 0) | (action >= 0 ? SERVICE_ACTION_VALID : 0));
            writer.u16(row.cdbLength());
            if (timeouts) {
                writeTimeouts(row, writer);
            }
        }
        writer.fillLength32(0, list);
    }

    /// SPC-5 6.34.3.
    private static void writeOne(@Nullable CommandRow row, PageWriter writer, boolean timeouts) {
        if (row == null) {
            writer.u8(0).u8(NOT_SUPPORTED).u16(0);
            return;
        }
        writer.u8(0).u8((timeouts ? ONE_TIMEOUTS_FOLLOW : 0) | SUPPORTED).u16(row.cdbLength());
        for (int i = 0; i < row.cdbLength(); i++) {
            writer.u8(row.usage().reported(i));
        }
        if (timeouts) {
            writeTimeouts(row, writer);
        }
    }

    /// SPC-5 6.34.4; a nominal time of 0 is not reported.
    private static void writeTimeouts(CommandRow row, PageWriter writer) {
        int length = writer.position();
        writer.u16(0).u8(0).u8(0).u32(0).u32(row.recommendedSeconds());
        writer.fillLength16(length);
    }
}
