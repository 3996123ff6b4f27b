package io.trilane.tools.iscsi;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The header of a Login Request (RFC 7143 11.12).
///
/// @param isid 48 bits
public record LoginRequest(int opcode, int flags, int minVersion, int ahsLength, long isid, int tsih, int taskTag,
        int connectionId) {
    public static final int SECURITY = 0;
    public static final int OPERATIONAL = 1;
    public static final int FULL_FEATURE = 3;

    public static final int TRANSIT = 0x80;
    public static final int CONTINUE = 0x40;
    public static final int STAGE_MASK = 3;
    public static final int CURRENT_STAGE_SHIFT = 2;

    public static final int MAX_VERSION = 2;
    public static final int MIN_VERSION = 3;
    public static final int ISID = 8;
    public static final int TSIH = 14;
    public static final int CONNECTION_ID = 20;

    /// Reads the 48 bytes at position 0, whatever the buffer's position and order are.
    static LoginRequest of(ByteBuffer buffer) {
        ByteBuffer header = buffer.duplicate().clear();
        return new LoginRequest(header.get(Pdu.OPCODE) & Pdu.OPCODE_MASK, header.get(Pdu.FLAGS) & 0xFF,
                header.get(MIN_VERSION) & 0xFF, header.get(Pdu.TOTAL_AHS_LENGTH) & 0xFF, header.getLong(ISID) >>> 16,
                header.getShort(TSIH) & 0xFFFF, header.getInt(Pdu.INITIATOR_TASK_TAG),
                header.getShort(CONNECTION_ID) & 0xFFFF);
    }

    boolean isTransit() {
        return (flags & TRANSIT) != 0;
    }

    boolean isContinued() {
        return (flags & CONTINUE) != 0;
    }

    int currentStage() {
        return flags >> CURRENT_STAGE_SHIFT & STAGE_MASK;
    }

    int nextStage() {
        return flags & STAGE_MASK;
    }

    /// What is wrong with stages and bits of this request where `stage` is current, or null (RFC 7143 11.12.1 to 11.12.4).
    @Nullable
    String faultAt(int stage) {
        if (currentStage() != stage) {
            return "CSG=" + currentStage() + " != current stage=" + stage;
        }
        if (isTransit() && isContinued()) {
            return "T and C bits together";
        }
        boolean isForward = nextStage() > stage && (nextStage() == OPERATIONAL || nextStage() == FULL_FEATURE);
        return isTransit() && !isForward ? "NSG=" + nextStage() + " does not follow stage=" + stage : null;
    }

    /// Whether `other` belongs to the same login (11.12.5 to 11.12.7).
    boolean isSameLogin(LoginRequest other) {
        return isid == other.isid && tsih == other.tsih && connectionId == other.connectionId;
    }
}
