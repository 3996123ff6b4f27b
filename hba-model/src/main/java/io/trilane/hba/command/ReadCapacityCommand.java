package io.trilane.hba.command;

import io.trilane.hba.page.PageWriter;
import io.trilane.hba.page.Provisioning;

/// READ CAPACITY(10) and (16) (SBC-4 5.20, 5.21).
final class ReadCapacityCommand implements CommandFamily {
    static final ReadCapacityCommand TEN = new ReadCapacityCommand(false);
    static final ReadCapacityCommand SIXTEEN = new ReadCapacityCommand(true);

    private static final long MAX_TEN = 0xFFFF_FFFFL;
    private static final int TEN_BYTES = 8;
    private static final int ALLOCATION_LENGTH = 10;
    private static final int LBPME = 0x8000;
    private static final int LBPRZ = 0x4000;

    private final boolean sixteen;

    private ReadCapacityCommand(boolean sixteen) {
        this.sixteen = sixteen;
    }

    @Override
    public Outcome execute(Command command) {
        DeviceServer device = command.device();
        PageWriter writer = device.writer().begin();
        long lastAddress = device.capacityBlocks() - 1;
        if (!sixteen) {
            // FFFFFFFFh sends the client to READ CAPACITY(16).
            writer.u32(Math.min(lastAddress, MAX_TEN)).u32(1L << device.blockShift());
            return command.deliver(writer, TEN_BYTES);
        }
        writer.u64(lastAddress);
        writer.u32(1L << device.blockShift());
        writer.u8(0);                                   // RC BASIS, P_TYPE, PROT_EN
        writer.u8(device.physicalBlockExponent());      // P_I_EXPONENT, LOGICAL BLOCKS PER PHYSICAL BLOCK EXPONENT
        // LBPME, LBPRZ, LOWEST ALIGNED LOGICAL BLOCK ADDRESS 0
        writer.u16(device.provisioning() == Provisioning.THIN ? LBPME | LBPRZ : 0);
        writer.zeros(16);
        return command.deliver(writer, command.cdb().u32(ALLOCATION_LENGTH));
    }
}
