package io.trilane.hba.device;

/// A closed loop on a device: always `depth` requests under way, each answered by the next.
///
/// @param writes       writes, otherwise reads
/// @param random       anywhere, otherwise one after another
/// @param requestBytes length of every request
/// @param depth        requests under way
/// @param bundle       most tasks that cross to the device together
public record DeviceLoad(boolean writes, boolean random, long requestBytes, int depth, int bundle) {
    public DeviceLoad {
        if (requestBytes < 1 || depth < 1 || bundle < 1) {
            throw new IllegalArgumentException("bs=" + requestBytes + " iodepth=" + depth + " bundle=" + bundle
                    + " < 1, choose at least 1");
        }
    }

    /// What is under way at any time, in bytes.
    public long bytesInFlight() {
        return requestBytes * depth;
    }
}
