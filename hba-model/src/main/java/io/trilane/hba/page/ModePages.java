package io.trilane.hba.page;

/// The mode pages of a disk, byte by byte, and what MODE SELECT may change in them: what cannot be changed must not be
/// reported as changeable (SPC-5 6.13.3).
final class ModePages {
    static final int CACHING = 0x08;
    static final int CONTROL = 0x0A;

    /// Caching, byte 2: WCE.
    static final int WRITE_CACHE_BYTE = 2;
    static final int WRITE_CACHE_ENABLE = 0x04;
    /// Control, byte 2: D_SENSE.
    static final int DESCRIPTOR_SENSE_BYTE = 2;
    static final int DESCRIPTOR_SENSE = 0x04;
    /// Control, byte 4: SWP.
    static final int SOFTWARE_WRITE_PROTECT_BYTE = 4;
    static final int SOFTWARE_WRITE_PROTECT = 0x08;

    private static final int MAX_BYTES = 64;

    private ModePages() {}

    /// SBC-4 6.5.6: with WCE = 1 data is durable after FUA or SYNCHRONIZE CACHE, with 0 before a write is answered.
    static ModePage caching() {
        PageWriter writer = begin(CACHING);
        writer.u8(WRITE_CACHE_ENABLE);
        writer.zeros(17);   // retention priorities, prefetch limits, FSW .. NV_DIS, segments
        byte[] changeable = new byte[writer.position()];
        changeable[WRITE_CACHE_BYTE] = WRITE_CACHE_ENABLE;
        return finish(writer, changeable);
    }

    /// SPC-5 7.5.10.
    static ModePage control(boolean descriptorSense) {
        PageWriter writer = begin(CONTROL);
        writer.u8(0x02 | (descriptorSense ? DESCRIPTOR_SENSE : 0));     // GLTSD: no log parameter is saved by itself; D_SENSE
        writer.u8(0);       // QUEUE ALGORITHM MODIFIER 0: restricted reordering; NUAR, QERR 0
        writer.u8(0);       // RAC, UA_INTLCK_CTRL, SWP
        writer.u8(0);       // ATO, TAS, AUTOLOAD MODE
        writer.zeros(2);
        writer.u16(0);      // BUSY TIMEOUT PERIOD: undefined
        writer.u16(0);      // EXTENDED SELF-TEST COMPLETION TIME
        byte[] changeable = new byte[writer.position()];
        changeable[DESCRIPTOR_SENSE_BYTE] = DESCRIPTOR_SENSE;
        changeable[SOFTWARE_WRITE_PROTECT_BYTE] = SOFTWARE_WRITE_PROTECT;
        return finish(writer, changeable);
    }

    private static PageWriter begin(int code) {
        return new PageWriter(MAX_BYTES).u8(code).u8(0);
    }

    private static ModePage finish(PageWriter writer, byte[] changeable) {
        writer.fillLength8(1);
        return new ModePage(writer.toBytes(), changeable);
    }
}
