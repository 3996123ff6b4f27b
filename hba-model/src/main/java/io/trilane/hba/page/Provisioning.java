package io.trilane.hba.page;

/// What stands behind the blocks of a logical unit (SBC-4, logical block provisioning).
public enum Provisioning {
    /// Every block has its storage for ever: nothing can be unmapped.
    FULL,
    /// A block may be without storage until it is written, and after it was unmapped; it then reads as zeros.
    THIN
}
