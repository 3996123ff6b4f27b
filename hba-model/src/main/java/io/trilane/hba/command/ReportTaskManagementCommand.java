package io.trilane.hba.command;

import io.trilane.hba.page.PageWriter;

/// REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS (SPC-5 6.40): what the engine's task-management functions are. CLEAR ACA and
/// the queries are not among them.
final class ReportTaskManagementCommand implements CommandFamily {
    private static final int REPORT_EXTENDED = 0x80;
    private static final int ALLOCATION_LENGTH = 6;

    /// ATS, ATSS, CTSS, LURS, TRS.
    private static final int FUNCTIONS = 0x80 | 0x40 | 0x10 | 0x08 | 0x02;
    /// ITNRS.
    private static final int MORE_FUNCTIONS = 0x01;

    @Override
    public Outcome execute(Command command) {
        PageWriter writer = command.device().writer().begin();
        writer.u8(FUNCTIONS).u8(MORE_FUNCTIONS).u8(0);
        int length = writer.position();
        writer.u8(0);
        if (command.cdb().isSet(2, REPORT_EXTENDED)) {
            // TMFTMOV 0: no timeouts are reported.
            writer.zeros(12);
        }
        writer.fillLength8(length);
        return command.deliver(writer, command.cdb().u32(ALLOCATION_LENGTH));
    }
}
