package io.trilane.hba.page;

/// The mode pages of a disk, byte by byte. The changeable masks are zero until MODE SELECT exists: what cannot be
/// changed must not be reported as changeable (SPC-5 6.13.3).
final class ModePages {
    static final int CACHING = 0x08;
    static final int CONTROL = 0x0A;

    private static final int MAX_BYTES = 64;

    private ModePages() {}

    /// SBC-4 6.5.6: WCE = 1, data is durable after FUA or SYNCHRONIZE CACHE.
    static ModePage caching() {
        PageWriter writer = begin(CACHING);
        writer.u8(0x04);    // WCE
        writer.zeros(17);   // retention priorities, prefetch limits, FSW .. NV_DIS, segments
        return finish(writer);
    }

    /// SPC-5 7.5.10.
    static ModePage control(boolean descriptorSense) {
        PageWriter writer = begin(CONTROL);
        writer.u8(0x02 | (descriptorSense ? 0x04 : 0));     // GLTSD: no log parameter is saved by itself; D_SENSE
        writer.u8(0);       // QUEUE ALGORITHM MODIFIER 0: restricted reordering; NUAR, QERR 0
        writer.u8(0);       // RAC, UA_INTLCK_CTRL, SWP
        writer.u8(0);       // ATO, TAS, AUTOLOAD MODE
        writer.zeros(2);
        writer.u16(0);      // BUSY TIMEOUT PERIOD: undefined
        writer.u16(0);      // EXTENDED SELF-TEST COMPLETION TIME
        return finish(writer);
    }

    private static PageWriter begin(int code) {
        return new PageWriter(MAX_BYTES).u8(code).u8(0);
    }

    private static ModePage finish(PageWriter writer) {
        writer.fillLength8(1);
        byte[] defaults = writer.toBytes();
        return new ModePage(defaults, new byte[defaults.length]);
    }
}
