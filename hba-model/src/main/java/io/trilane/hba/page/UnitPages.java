package io.trilane.hba.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The pages of one logical unit: constant ones as bytes, mode pages with their state. Touched by the hardware agent
/// only.
public final class UnitPages {
    private final byte[] standardInquiry;
    private final @Nullable VpdPage[] vpdPages = new @Nullable VpdPage[256];
    private final List<ModePage> modePages;
    private final @Nullable ModePage caching;
    private final @Nullable ModePage control;

    private UnitPages(byte[] standardInquiry, List<VpdPage> vpdPages, List<ModePage> modePages) {
        this.standardInquiry = standardInquiry;
        this.modePages = modePages;
        for (VpdPage page : vpdPages) {
            this.vpdPages[page.code()] = page;
        }
        this.caching = find(modePages, ModePages.CACHING);
        this.control = find(modePages, ModePages.CONTROL);
    }

    /// Pages of a disk.
    ///
    /// @param removable RMB: its medium can be ejected
    public static UnitPages ofDisk(UnitIdentity identity, BlockLimits limits, boolean descriptorSense,
            Provisioning provisioning, int blockBytes, boolean removable) {
        return new UnitPages(InquiryPages.standard(InquiryPages.DISK, identity, removable),
                InquiryPages.disk(identity, limits, provisioning, blockBytes),
                List.of(ModePages.caching(), ModePages.control(descriptorSense)));
    }

    /// What a target answers for a logical unit that it does not have (SPC-5 6.6.2).
    public static UnitPages ofMissingUnit() {
        return new UnitPages(
                InquiryPages.standard(InquiryPages.NOT_SUPPORTED, UnitIdentity.ofSerial("0"), false),
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
        return control != null && control.isSet(ModePages.DESCRIPTOR_SENSE_BYTE, ModePages.DESCRIPTOR_SENSE);
    }

    /// True when writes are refused for the time being (SPC-5 7.5.10, SWP).
    public boolean isSoftwareWriteProtected() {
        return control != null
                && control.isSet(ModePages.SOFTWARE_WRITE_PROTECT_BYTE, ModePages.SOFTWARE_WRITE_PROTECT);
    }

    /// True when writes may be answered before they are durable (SBC-4 6.5.6, WCE).
    public boolean isWriteCacheEnabled() {
        return caching == null || caching.isSet(ModePages.WRITE_CACHE_BYTE, ModePages.WRITE_CACHE_ENABLE);
    }

    /// A reset: all mode pages are as after power on, because nothing is saved.
    public void resetModePages() {
        modePages.forEach(ModePage::reset);
    }

    private static @Nullable ModePage find(List<ModePage> pages, int code) {
        return pages.stream().filter(page -> page.code() == code).findFirst().orElse(null);
    }
}
