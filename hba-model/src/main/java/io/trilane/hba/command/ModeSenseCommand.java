package io.trilane.hba.command;

import io.trilane.hba.page.ModePage;
import io.trilane.hba.page.PageWriter;

/// MODE SENSE(6) and (10) (SPC-5 6.13, 6.14; header and block descriptors: SBC-4 6.5.2).
final class ModeSenseCommand implements CommandFamily {
    static final ModeSenseCommand SIX = new ModeSenseCommand(false);
    static final ModeSenseCommand TEN = new ModeSenseCommand(true);

    private static final int DBD = 0x08;
    private static final int LLBAA = 0x10;
    private static final int PAGE_BYTE = 2;
    private static final int SUBPAGE_BYTE = 3;
    private static final int SAVED = 3;
    private static final int ALL_PAGES = 0x3F;
    private static final int ALL_SUBPAGES = 0xFF;
    private static final int WRITE_PROTECTED = 0x80;
    private static final int DPOFUA = 0x10;
    private static final int MAX_SHORT_BLOCKS = 0xFFFF_FFFF;

    private final boolean ten;

    private ModeSenseCommand(boolean ten) {
        this.ten = ten;
    }

    @Override
    public Outcome execute(Command command) {
        Cdb cdb = command.cdb();
        int pageControl = cdb.u8(PAGE_BYTE) >>> 6;
        int pageCode = cdb.u8(PAGE_BYTE) & 0x3F;
        int subpageCode = cdb.u8(SUBPAGE_BYTE);
        if (pageControl == SAVED) {
            return Outcome.SAVING_PARAMETERS_NOT_SUPPORTED;
        }
        if (subpageCode != 0 && subpageCode != ALL_SUBPAGES) {
            return command.invalidField(SUBPAGE_BYTE);
        }
        PageWriter writer = command.device().writer().begin();
        writeHeader(command, writer);
        int pages = 0;
        for (ModePage page : command.device().pages().modePages()) {
            if (pageCode == ALL_PAGES || pageCode == page.code()) {
                page.write(writer, pageControl);
                pages++;
            }
        }
        if (pages == 0) {
            return command.invalidField(PAGE_BYTE, 5);
        }
        if (ten) {
            writer.fillLength16(0);
        } else {
            writer.fillLength8(0);
        }
        return command.deliver(writer, ten ? cdb.u16(7) : cdb.u8(4));
    }

    private void writeHeader(Command command, PageWriter writer) {
        boolean longBlocks = ten && command.cdb().isSet(1, LLBAA);
        int descriptorBytes = command.cdb().isSet(1, DBD) ? 0 : longBlocks ? 16 : 8;
        int parameter = DPOFUA | (command.device().isWriteProtected() ? WRITE_PROTECTED : 0);
        if (ten) {
            writer.u16(0).u8(0).u8(parameter).u8(longBlocks && descriptorBytes != 0 ? 1 : 0).u8(0)
                    .u16(descriptorBytes);
        } else {
            writer.u8(0).u8(0).u8(parameter).u8(descriptorBytes);
        }
        if (descriptorBytes != 0) {
            writeBlockDescriptor(command.device(), writer, longBlocks);
        }
    }

    private static void writeBlockDescriptor(DeviceServer device, PageWriter writer, boolean longBlocks) {
        long blocks = device.medium().isPresent() ? device.capacityBlocks() : 0;
        int blockBytes = 1 << device.blockShift();
        if (longBlocks) {
            writer.u64(blocks).u32(0).u32(blockBytes);
        } else {
            writer.u32(blocks >>> 32 == 0 ? blocks : MAX_SHORT_BLOCKS).u8(0).u24(blockBytes);
        }
    }
}
