package io.trilane.engine;

/// Where a [BlockTransfer] is, or how it ended.
public enum TransferOutcome {
    /// Never started.
    IDLE,
    /// Sub-requests are still to come back, or still to be submitted.
    IN_PROGRESS,
    /// Every block was transferred.
    GOOD,
    /// A sub-request did not end with GOOD: its response, status and sense data are kept.
    SUBREQUEST_FAILED,
    /// A sub-request ended with GOOD and fewer bytes than were asked for.
    SHORT_TRANSFER,
    /// Not one block fits within the limits at this place of the data: kIOReturnDMAError on macOS (`driverkit.md` 3.4
    /// row 23).
    BREAK_SIZE_ZERO,
    /// A piece of the data does not start where the hardware can address it.
    MISALIGNED,
    /// Given up by [BlockTransfer#cancel].
    CANCELLED;

    /// True while there is nothing to wait for.
    public boolean isFinal() {
        return this != IN_PROGRESS && this != IDLE;
    }
}
