package io.trilane.hba.command;

import io.trilane.hba.page.PageWriter;

/// REQUEST SENSE (SPC-5 6.39): a pending unit attention condition or deferred error becomes parameter data and is
/// cleared; the status is GOOD.
final class RequestSenseCommand implements CommandFamily {
    private static final int DESC = 0x01;
    private static final int ALLOCATION_LENGTH = 4;

    @Override
    public Outcome execute(Command command) {
        DeviceServer device = command.device();
        int nexusId = command.task().nexusId();
        Outcome outcome = device.hasUnitAttention(nexusId) ? device.takeUnitAttention(nexusId)
                : device.restingSense();
        PageWriter writer = device.writer().begin().sense(command.sense(outcome), command.cdb().isSet(1, DESC));
        return command.deliver(writer, command.cdb().u8(ALLOCATION_LENGTH));
    }
}
