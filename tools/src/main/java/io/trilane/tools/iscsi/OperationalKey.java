package io.trilane.tools.iscsi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// THE list of operational keys: a row per key of RFC 7143 13 (and iSCSIProtocolLevel of RFC 7144) that is negotiated or declared in the
/// operational stage of a login. A boolean is 0 or 1, an element of a list its place in [#supported].
public enum OperationalKey {
    // @formatter:off
    //                             key                         rule              range          default  of normal sessions
    HEADER_DIGEST                 ("HeaderDigest",             Rule.LIST,        0, 0,          0,       false, TextPair.NONE, "CRC32C"),
    DATA_DIGEST                   ("DataDigest",               Rule.LIST,        0, 0,          0,       false, TextPair.NONE, "CRC32C"),
    MAX_CONNECTIONS               ("MaxConnections",           Rule.MINIMUM,     1, 0xFFFF,     1,       true),
    INITIAL_R2T                   ("InitialR2T",               Rule.OR,          0, 1,          1,       true),
    IMMEDIATE_DATA                ("ImmediateData",            Rule.AND,         0, 1,          1,       true),
    MAX_RECV_DATA_SEGMENT_LENGTH  ("MaxRecvDataSegmentLength", Rule.DECLARATION, 512, 0xFF_FFFF, 8192,   false),
    MAX_BURST_LENGTH              ("MaxBurstLength",           Rule.MINIMUM,     512, 0xFF_FFFF, 262144, true),
    FIRST_BURST_LENGTH            ("FirstBurstLength",         Rule.MINIMUM,     512, 0xFF_FFFF, 65536,  true),
    DEFAULT_TIME_2_WAIT           ("DefaultTime2Wait",         Rule.MAXIMUM,     0, 3600,       2,       false),
    DEFAULT_TIME_2_RETAIN         ("DefaultTime2Retain",       Rule.MINIMUM,     0, 3600,       20,      false),
    MAX_OUTSTANDING_R2T           ("MaxOutstandingR2T",        Rule.MINIMUM,     1, 0xFFFF,     1,       true),
    DATA_PDU_IN_ORDER             ("DataPDUInOrder",           Rule.OR,          0, 1,          1,       true),
    DATA_SEQUENCE_IN_ORDER        ("DataSequenceInOrder",      Rule.OR,          0, 1,          1,       true),
    ERROR_RECOVERY_LEVEL          ("ErrorRecoveryLevel",       Rule.MINIMUM,     0, 2,          0,       false),
    TASK_REPORTING                ("TaskReporting",            Rule.LIST,        0, 0,          0,       true, "RFC3720"),
    ISCSI_PROTOCOL_LEVEL          ("iSCSIProtocolLevel",       Rule.MINIMUM,     0, 31,         1,       true),
    IF_MARKER                     ("IFMarker",                 Rule.MARKER,      0, 1,          0,       false),
    OF_MARKER                     ("OFMarker",                 Rule.MARKER,      0, 1,          0,       false),
    IF_MARK_INT                   ("IFMarkInt",                Rule.OBSOLETE,    0, 0,          0,       false),
    OF_MARK_INT                   ("OFMarkInt",                Rule.OBSOLETE,    0, 0,          0,       false);
    // @formatter:on

    /// How the answer follows from what the two ends offer (RFC 7143 6.2).
    enum Rule {
        LIST, MINIMUM, MAXIMUM, AND, OR,
        /// Each end says its own, nobody answers.
        DECLARATION,
        /// "No" to a boolean that is no more; "Reject" would be legal but old initiators take it for a failure (13.25).
        MARKER,
        /// "Reject", and the login goes on (13.25).
        OBSOLETE
    }

    private final String key;
    private final Rule rule;
    private final int low;
    private final int high;
    private final int defaultValue;
    private final boolean ofNormalSession;
    private final List<String> supported;

    OperationalKey(String key, Rule rule, int low, int high, int defaultValue, boolean ofNormalSession,
            String... supported) {
        this.key = key;
        this.rule = rule;
        this.low = low;
        this.high = high;
        this.defaultValue = defaultValue;
        this.ofNormalSession = ofNormalSession;
        this.supported = List.of(supported);
    }

    /// The key as it is on the wire.
    public String key() {
        return key;
    }

    Rule rule() {
        return rule;
    }

    /// What holds when nobody says anything.
    public int defaultValue() {
        return defaultValue;
    }

    /// Irrelevant when SessionType=Discovery.
    boolean isOfNormalSession() {
        return ofNormalSession;
    }

    /// The elements of a list that we support; the first is the default.
    List<String> supported() {
        return supported;
    }

    /// The number or boolean that `text` stands for, or [TextValue#NOT_A_NUMBER] if it is out of range.
    public int parse(String text) {
        boolean isBoolean = rule == Rule.AND || rule == Rule.OR || rule == Rule.MARKER;
        if (isBoolean) {
            return TextValue.isBoolean(text) ? Boolean.compare(text.equals(TextValue.YES), false)
                    : TextValue.NOT_A_NUMBER;
        }
        int number = TextValue.number(text);
        return number >= low && number <= high ? number : TextValue.NOT_A_NUMBER;
    }

    public static @Nullable OperationalKey of(String key) {
        for (OperationalKey candidate : values()) {
            if (candidate.key.equals(key)) {
                return candidate;
            }
        }
        return null;
    }
}
