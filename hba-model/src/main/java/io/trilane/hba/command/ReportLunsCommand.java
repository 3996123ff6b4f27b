package io.trilane.hba.command;

import io.trilane.hba.page.PageWriter;

/// REPORT LUNS (SPC-5 6.33). There are no well-known logical units, so that SELECT REPORT 02h lists what 00h lists.
final class ReportLunsCommand implements CommandFamily {
    private static final int SELECT_REPORT = 2;
    private static final int ALLOCATION_LENGTH = 6;
    private static final int WELL_KNOWN_ONLY = 0x01;
    private static final int ALL = 0x02;

    @Override
    public Outcome execute(Command command) {
        Cdb cdb = command.cdb();
        int select = cdb.u8(SELECT_REPORT);
        if (select > ALL) {
            return command.invalidField(SELECT_REPORT);
        }
        PageWriter writer = command.device().writer().begin().u32(0).u32(0);
        int list = writer.position();
        if (select != WELL_KNOWN_ONLY) {
            for (long lun : command.device().luns()) {
                writer.u64(lun);
            }
        }
        writer.fillLength32(0, list);
        command.device().onLunsReported(command.task().nexusId());
        return command.deliver(writer, cdb.u32(ALLOCATION_LENGTH));
    }
}
