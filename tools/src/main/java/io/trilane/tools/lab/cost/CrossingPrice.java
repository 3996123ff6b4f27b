package io.trilane.tools.lab.cost;

/// What a crossing between framework and controller costs in the model. Immutable.
///
/// @param callNs   of one call in either direction, whatever it carries
/// @param wakeUpNs of waking the next queue when the work moves from one queue to another
/// @param copies   whether bytes are copied: 128 per command and 384 per response by value, 2 per task of a bundle
///                 (`driverkit.md` 4.3)
record CrossingPrice(long callNs, long wakeUpNs, boolean copies) {
    static final CrossingPrice FREE = new CrossingPrice(0, 0, false);

    CrossingPrice {
        if (callNs < 0 || wakeUpNs < 0) {
            throw new IllegalArgumentException("callNs=" + callNs + " or wakeUpNs=" + wakeUpNs
                    + " < 0, choose 0 or more");
        }
    }

    boolean isFree() {
        return callNs == 0 && wakeUpNs == 0 && !copies;
    }

    /// What a lone task costs: submitted and completed, with a hand-over before each.
    double loneTaskNs() {
        return 2.0 * (callNs + wakeUpNs);
    }
}
