package io.trilane.hba.device;

/// The time of a device that stalls: it stands still where the device does. Pure arithmetic.
///
/// ```text
/// clock    0 ─────────────── P-S ░░░ P ─────────────── 2P-S ░░░ 2P
/// working  0 ─────────────── P-S ─── P-S ───────────── 2(P-S)
/// ```
final class WorkingTime {
    private final long everyNs;
    private final long worksNs;

    WorkingTime(DeviceModel.Stall stall) {
        this.everyNs = stall.forNs() == 0 ? 0 : stall.everyNs();
        this.worksNs = stall.everyNs() - stall.forNs();
    }

    /// How long the device has worked until then.
    long of(long clockNs) {
        return everyNs == 0 ? clockNs : clockNs / everyNs * worksNs + Math.min(clockNs % everyNs, worksNs);
    }

    /// When the device has worked so long; the earliest such time.
    long clock(long workedNs) {
        if (everyNs == 0 || workedNs == 0) {
            return workedNs;
        }
        long periods = (workedNs - 1) / worksNs;
        return periods * everyNs + workedNs - periods * worksNs;
    }
}
