package io.trilane.engine.task;

/// An I_T nexus (SAM-5 4.7): one initiator port talking to one target port. Tags, unit attentions, reservations and
/// task management are kept per nexus.
///
/// @param id            0..[#MAX_NEXUSES]-1, given by the engine, unique among open nexuses
/// @param initiatorPort the initiator port's name, for example an iSCSI name with its ISID
/// @param targetPort    the target port's name
public record Nexus(int id, String initiatorPort, String targetPort) {
    /// How many nexuses one engine can have open; devices size their per-nexus state by it.
    public static final int MAX_NEXUSES = 256;

    public Nexus {
        if (id < 0 || id >= MAX_NEXUSES) {
            throw new IllegalArgumentException(
                    "nexusId=" + id + " not in 0.." + (MAX_NEXUSES - 1) + ", close a client before opening another");
        }
    }
}
