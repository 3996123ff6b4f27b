package io.trilane.tools.iscsi;

import java.util.Locale;

/// What the two ends agreed upon during login (RFC 7143 13). Lengths in bytes.
///
/// @param initiatorName                      the initiator's iSCSI name
/// @param targetName                         empty for a discovery session
/// @param isDiscovery                        SessionType=Discovery
/// @param isid                               the 48 bits of the ISID
/// @param tsih                               given by the target, 1..65535
/// @param connectionId                       CID
/// @param headerDigest                       CRC32C behind each header
/// @param dataDigest                         CRC32C behind each data segment
/// @param initiatorMaxRecvDataSegmentLength  longest data segment that we may send
/// @param targetMaxRecvDataSegmentLength     longest data segment that we take
/// @param maxBurstLength                     longest Data-In or solicited Data-Out sequence
/// @param firstBurstLength                   most unsolicited data of a command
/// @param initialR2t                         no unsolicited Data-Out PDUs
/// @param immediateData                      data in the command PDU is allowed
/// @param maxOutstandingR2t                  R2Ts of one command at once
/// @param defaultTime2Wait                   seconds
/// @param defaultTime2Retain                 seconds
record SessionParameters(String initiatorName, String targetName, boolean isDiscovery, long isid, int tsih,
        int connectionId, boolean headerDigest, boolean dataDigest, int initiatorMaxRecvDataSegmentLength,
        int targetMaxRecvDataSegmentLength, int maxBurstLength, int firstBurstLength, boolean initialR2t,
        boolean immediateData, int maxOutstandingR2t, int defaultTime2Wait, int defaultTime2Retain) {

    /// The same with another [#initiatorMaxRecvDataSegmentLength]: the one key that may be declared again later.
    SessionParameters withInitiatorMaxRecvDataSegmentLength(int bytes) {
        return new SessionParameters(initiatorName, targetName, isDiscovery, isid, tsih, connectionId, headerDigest,
                dataDigest, bytes, targetMaxRecvDataSegmentLength, maxBurstLength, firstBurstLength, initialR2t,
                immediateData, maxOutstandingR2t, defaultTime2Wait, defaultTime2Retain);
    }

    /// The initiator port's name (RFC 7143 4.2.7.3).
    String initiatorPort() {
        return String.format(Locale.ROOT, "%s,i,0x%012x", initiatorName, isid);
    }
}
