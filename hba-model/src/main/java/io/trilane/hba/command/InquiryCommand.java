package io.trilane.hba.command;

/// INQUIRY (SPC-5 6.6).
final class InquiryCommand implements CommandFamily {
    private static final int EVPD = 0x01;
    private static final int PAGE_CODE = 2;
    private static final int ALLOCATION_LENGTH = 3;

    @Override
    public Outcome execute(Command command) {
        Cdb cdb = command.cdb();
        DeviceServer device = command.device();
        int pageCode = cdb.u8(PAGE_CODE);
        byte[] page;
        if (cdb.isSet(1, EVPD)) {
            page = device.pages().vpdPage(pageCode);
        } else {
            page = pageCode == 0 ? device.pages().standardInquiry() : null;
        }
        if (page == null) {
            return command.invalidField(PAGE_CODE);
        }
        return command.deliver(device.writer().begin().bytes(page), cdb.u16(ALLOCATION_LENGTH));
    }
}
