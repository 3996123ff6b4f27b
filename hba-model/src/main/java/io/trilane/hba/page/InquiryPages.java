package io.trilane.hba.page;

import java.util.ArrayList;
import java.util.List;

/// Standard INQUIRY data and VPD pages, byte by byte.
final class InquiryPages {
    /// Connected, direct access block device.
    static final int DISK = 0x00;
    /// Qualifier 011b, type 1Fh: the target cannot have a logical unit here.
    static final int NOT_SUPPORTED = 0x7F;

    private static final int RMB = 0x80;
    private static final int STANDARD_BYTES = 96;

    /// SPC-5 table 148: SAM-5, SPC-5, SPC-4, SBC-4, SBC-3, no revision claimed. The older ones are listed because
    /// initiators that know nothing newer look for them.
    private static final int[] VERSION_DESCRIPTORS = {0x00A0, 0x05C0, 0x0460, 0x0600, 0x04C0};
    private static final int VERSION_DESCRIPTOR_SLOTS = 8;

    private InquiryPages() {}

    /// SPC-5 6.6.2.
    static byte[] standard(int peripheral, UnitIdentity identity, boolean removable) {
        PageWriter writer = new PageWriter(STANDARD_BYTES);
        writer.u8(peripheral);
        writer.u8(removable ? RMB : 0);
        writer.u8(0x06);            // VERSION: SPC-4, the newest that initiators' test suites accept
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

    static List<VpdPage> disk(UnitIdentity identity, BlockLimits limits, Provisioning provisioning, int blockBytes) {
        return withSupportedPages(DISK, List.of(serialNumber(identity), identification(identity), extended(),
                ProvisioningPages.blockLimits(limits, provisioning, blockBytes),
                blockCharacteristics(),
                ProvisioningPages.provisioning(provisioning),
                ProvisioningPages.blockLimitsExtension()));
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

    /// SPC-5 7.7.7. No protection information, no priorities, no grouping, no unit attention key specific data.
    private static VpdPage extended() {
        return VpdPage.of(0x86, DISK, writer -> {
            writer.u8(0);               // ACTIVATE_MICROCODE, SPT, GRD_CHK, APP_CHK, REF_CHK
            writer.u8(0x07);            // HEADSUP, ORDSUP, SIMPSUP
            writer.u8(0x01);            // V_SUP: the cache is volatile
            writer.zeros(57);           // LUICLR, extended self-test, POA_SUP .. VSA_SUP, sense data length unreported
        });
    }

    private static int designator(PageWriter writer, int codeSet, int associationAndType) {
        writer.u8(codeSet).u8(associationAndType).u8(0);
        int length = writer.position();
        writer.u8(0);
        return length;
    }

    /// SBC-4 6.6.2: medium rotation rate 1 is non-rotating; nominal form factor 0 is not reported.
    private static VpdPage blockCharacteristics() {
        return VpdPage.of(0xB1, DISK, writer -> writer.u16(1).u8(0).u8(0).zeros(56));
    }
}
