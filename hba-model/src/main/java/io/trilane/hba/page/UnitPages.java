package io.trilane.hba.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The pages of one logical unit: constant ones as bytes, mode pages with their state. Touched by the hardware agent
/// only.
public final class UnitPages {
    /// Control mode page, byte 2: D_SENSE.
    private static final int D_SENSE = 0x04;

    private final byte[] standardInquiry;
    private final @Nullable VpdPage[] vpdPages = new @Nullable VpdPage[256];
    private final List<ModePage> modePages;
    private final @Nullable ModePage control;

    private UnitPages(byte[] standardInquiry, List<VpdPage> vpdPages, List<ModePage> modePages) {
        this.standardInquiry = standardInquiry;
        this.modePages = modePages;
        for (VpdPage page : vpdPages) {
            this.vpdPages[page.code()] = page;
        }
        this.control = modePages.stream().filter(page -> page.code() == ModePages.CONTROL).findFirst().orElse(null);
    }

    /// Pages of a disk.
    public static UnitPages ofDisk(UnitIdentity identity, BlockLimits limits, boolean descriptorSense) {
        return new UnitPages(InquiryPages.standard(InquiryPages.DISK, identity), InquiryPages.disk(identity, limits),
                List.of(ModePages.caching(), ModePages.control(descriptorSense)));
    }

    /// What a target answers for a logical unit that it does not have (SPC-5 6.6.2).
    public static UnitPages ofMissingUnit() {
        return new UnitPages(
                InquiryPages.standard(InquiryPages.NOT_SUPPORTED, UnitIdentity.ofSerial("0")),
                InquiryPages.missing(), List.of());
    }

    /// Standard INQUIRY data.
    public byte[] standardInquiry() {
        return standardInquiry;
    }

    /// A VPD page, or null when there is none with this code.
    public byte @Nullable [] vpdPage(int code) {
        VpdPage page = vpdPages[code];
        return page == null ? null : page.bytes();
    }

    /// All mode pages in ascending order of their codes.
    public List<ModePage> modePages() {
        return modePages;
    }

    /// True when sense data goes out in descriptor format (SPC-5 7.5.10, D_SENSE).
    public boolean isDescriptorSense() {
        return control != null && control.isSet(2, D_SENSE);
    }
}
