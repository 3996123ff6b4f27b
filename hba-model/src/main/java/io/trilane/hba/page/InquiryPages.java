package io.trilane.hba.page;

import java.util.ArrayList;
import java.util.List;

/// Standard INQUIRY data and VPD pages, byte by byte.
final class InquiryPages {
    /// Connected, direct access block device.
    static final int DISK = 0x00;
    /// Qualifier 011b, type 1Fh: the target cannot have a logical unit here.
    static final int NOT_SUPPORTED = 0x7F;

    private static final int STANDARD_BYTES = 96;

    /// SPC-5 table 148: SAM-5, SPC-5, SPC-4, SBC-4, SBC-3, no revision claimed. The older ones are listed because
    /// initiators that know nothing newer look for them.
    private static final int[] VERSION_DESCRIPTORS = {0x00A0, 0x05C0, 0x0460, 0x0600, 0x04C0};
    private static final int VERSION_DESCRIPTOR_SLOTS = 8;

    private InquiryPages() {}

    /// SPC-5 6.6.2.
    static byte[] standard(int peripheral, UnitIdentity identity) {
        PageWriter writer = new PageWriter(STANDARD_BYTES);
        writer.u8(peripheral);
        writer.u8(0);               // RMB, LU_CONG
        writer.u8(0x07);            // VERSION: SPC-5
        writer.u8(0x10 | 0x02);     // HISUP, RESPONSE DATA FORMAT 2; NORMACA 0
        writer.u8(0);               // ADDITIONAL LENGTH
        writer.u8(0);               // SCCS, TPGS, 3PC, PROTECT
        writer.u8(0);               // ENCSERV, MULTIP
        writer.u8(0x02);            // CMDQUE
        writer.ascii(identity.vendor(), UnitIdentity.VENDOR_BYTES);
        writer.ascii(identity.product(), UnitIdentity.PRODUCT_BYTES);
        writer.ascii(identity.revision(), UnitIdentity.REVISION_BYTES);
        writer.zeros(22);           // vendor specific, reserved
        for (int descriptor : VERSION_DESCRIPTORS) {
            writer.u16(descriptor);
        }
        writer.zeros(2 * (VERSION_DESCRIPTOR_SLOTS - VERSION_DESCRIPTORS.length));
        writer.zeros(22);
        writer.fillLength8(4);
        return writer.toBytes();
    }

    static List<VpdPage> disk(UnitIdentity identity, BlockLimits limits) {
        return withSupportedPages(DISK, List.of(serialNumber(identity), identification(identity), blockLimits(limits),
                blockCharacteristics(), provisioning()));
    }

    static List<VpdPage> missing() {
        return withSupportedPages(NOT_SUPPORTED, List.of());
    }

    /// SPC-5 7.7.17: page 00h lists all pages, itself included, in ascending order.
    private static List<VpdPage> withSupportedPages(int peripheral, List<VpdPage> pages) {
        List<VpdPage> all = new ArrayList<>(pages);
        all.addFirst(VpdPage.of(0x00, peripheral, writer -> {
            writer.u8(0x00);
            pages.forEach(page -> writer.u8(page.code()));
        }));
        return all;
    }

    /// SPC-5 7.7.18.
    private static VpdPage serialNumber(UnitIdentity identity) {
        return VpdPage.of(0x80, DISK, writer -> writer.ascii(identity.serial(), identity.serial().length()));
    }

    /// SPC-5 7.7.6.
    private static VpdPage identification(UnitIdentity identity) {
        return VpdPage.of(0x83, DISK, writer -> {
            int length = designator(writer, 0x02, 0x01);    // ASCII, logical unit, T10 vendor ID
            writer.ascii(identity.vendor(), UnitIdentity.VENDOR_BYTES);
            writer.ascii(identity.product(), UnitIdentity.PRODUCT_BYTES);
            writer.ascii(identity.serial(), identity.serial().length());
            writer.fillLength8(length);

            length = designator(writer, 0x01, 0x03);        // binary, logical unit, NAA
            writer.u64(identity.locallyAssignedName());
            writer.fillLength8(length);

            length = designator(writer, 0x01, 0x14);        // binary, target port, relative target port identifier
            writer.u16(0).u16(1);
            writer.fillLength8(length);
        });
    }

    private static int designator(PageWriter writer, int codeSet, int associationAndType) {
        writer.u8(codeSet).u8(associationAndType).u8(0);
        int length = writer.position();
        writer.u8(0);
        return length;
    }

    /// SBC-4 6.6.4; everything about commands that do not exist yet is 0.
    private static VpdPage blockLimits(BlockLimits limits) {
        return VpdPage.of(0xB0, DISK, writer -> {
            writer.u8(0);                                       // WSNZ
            writer.u8(0);                                       // MAXIMUM COMPARE AND WRITE LENGTH
            writer.u16(limits.transferGranularityBlocks());
            writer.u32(limits.maximumTransferBlocks());
            writer.u32(limits.optimalTransferBlocks());
            writer.u32(limits.maximumPrefetchBlocks());
            writer.u32(0).u32(0).u32(0).u32(0);                 // UNMAP count, descriptors, granularity, alignment
            writer.u64(0);                                      // MAXIMUM WRITE SAME LENGTH
            writer.u32(0).u32(0).u32(0).u32(0).u32(0);          // atomic length, alignment, granularity, boundary
        });
    }

    /// SBC-4 6.6.2: medium rotation rate 1 is non-rotating; nominal form factor 0 is not reported.
    private static VpdPage blockCharacteristics() {
        return VpdPage.of(0xB1, DISK, writer -> writer.u16(1).u8(0).u8(0).zeros(56));
    }

    /// SBC-4 6.6.6: no provisioning type while LBPME is 0.
    private static VpdPage provisioning() {
        return VpdPage.of(0xB2, DISK, writer -> writer.u8(0).u8(0).u8(0).u8(0));
    }
}
