package io.trilane.tools.initiator.iscsi;

import io.trilane.tools.iscsi.OperationalKey;
import io.trilane.tools.iscsi.TextPair;
import io.trilane.tools.iscsi.TextValue;
import java.io.IOException;
import java.util.Map;

/// What the two ends agreed upon (RFC 7143 13). Lengths in bytes.
///
/// @param headerDigest         CRC32C behind each header
/// @param dataDigest           CRC32C behind each data segment
/// @param initialR2t           no unsolicited Data-Out PDUs
/// @param immediateData        data in the command PDU is allowed
/// @param maxSendBytes         longest data segment that the target takes
/// @param maxBurstBytes        longest solicited sequence
/// @param firstBurstBytes      most unsolicited data of a command
/// @param maxOutstandingR2t    R2Ts of one command at once
record Negotiated(boolean headerDigest, boolean dataDigest, boolean initialR2t, boolean immediateData, int maxSendBytes,
        int maxBurstBytes, int firstBurstBytes, int maxOutstandingR2t) {
    /// Longest data segment that we take.
    static final int MAX_RECEIVE_BYTES = 256 << 10;
    static final int MAX_OUTSTANDING_R2T = 8;

    private static final int MAX_BURST_BYTES = 1 << 20;
    private static final int FIRST_BURST_BYTES = 256 << 10;
    private static final String CRC32C = "CRC32C";

    /// What we offer, in the operational stage. Data come in order, so that an offset is a check and not a place to trust.
    static String offer(boolean headerDigest, boolean dataDigest) {
        return pair(OperationalKey.HEADER_DIGEST, headerDigest ? CRC32C : TextPair.NONE)
                + pair(OperationalKey.DATA_DIGEST, dataDigest ? CRC32C : TextPair.NONE)
                + pair(OperationalKey.MAX_RECV_DATA_SEGMENT_LENGTH, MAX_RECEIVE_BYTES)
                + pair(OperationalKey.INITIAL_R2T, TextValue.NO) + pair(OperationalKey.IMMEDIATE_DATA, TextValue.YES)
                + pair(OperationalKey.MAX_BURST_LENGTH, MAX_BURST_BYTES)
                + pair(OperationalKey.FIRST_BURST_LENGTH, FIRST_BURST_BYTES)
                + pair(OperationalKey.MAX_OUTSTANDING_R2T, MAX_OUTSTANDING_R2T)
                + pair(OperationalKey.MAX_CONNECTIONS, 1) + pair(OperationalKey.ERROR_RECOVERY_LEVEL, 0)
                + pair(OperationalKey.DATA_PDU_IN_ORDER, TextValue.YES)
                + pair(OperationalKey.DATA_SEQUENCE_IN_ORDER, TextValue.YES)
                + pair(OperationalKey.DEFAULT_TIME_2_WAIT, 0) + pair(OperationalKey.DEFAULT_TIME_2_RETAIN, 0);
    }

    /// What follows from the target's answers. A key that was not answered has its default.
    ///
    /// @throws IOException an answer is none to what was offered
    static Negotiated of(Map<String, String> answers, boolean headerDigest, boolean dataDigest) throws IOException {
        int maxBurst = number(answers, OperationalKey.MAX_BURST_LENGTH, MAX_BURST_BYTES);
        int firstBurst = number(answers, OperationalKey.FIRST_BURST_LENGTH, FIRST_BURST_BYTES);
        require(answers, OperationalKey.ERROR_RECOVERY_LEVEL, 0);
        require(answers, OperationalKey.DATA_PDU_IN_ORDER, 1);
        require(answers, OperationalKey.DATA_SEQUENCE_IN_ORDER, 1);
        return new Negotiated(digest(answers, OperationalKey.HEADER_DIGEST, headerDigest),
                digest(answers, OperationalKey.DATA_DIGEST, dataDigest),
                number(answers, OperationalKey.INITIAL_R2T, 1) == 1,
                number(answers, OperationalKey.IMMEDIATE_DATA, 1) == 1,
                number(answers, OperationalKey.MAX_RECV_DATA_SEGMENT_LENGTH, Integer.MAX_VALUE), maxBurst,
                Math.min(firstBurst, maxBurst),
                number(answers, OperationalKey.MAX_OUTSTANDING_R2T, MAX_OUTSTANDING_R2T));
    }

    private static boolean digest(Map<String, String> answers, OperationalKey key, boolean isAsked) throws IOException {
        String answer = answers.getOrDefault(key.key(), TextPair.NONE);
        if (!answer.equals(isAsked ? CRC32C : TextPair.NONE)) {
            throw new IOException("login: " + new TextPair(key.key(), answer).shown() + " where offered="
                    + (isAsked ? CRC32C : TextPair.NONE) + ", choose the digest that the target has");
        }
        return isAsked;
    }

    private static int number(Map<String, String> answers, OperationalKey key, int most) throws IOException {
        String answer = answers.get(key.key());
        if (answer == null || answer.equals(TextPair.IRRELEVANT)) {
            return Math.min(key.defaultValue(), most);
        }
        int value = key.parse(answer);
        if (value == TextValue.NOT_A_NUMBER || value > most) {
            throw new IOException("login: " + new TextPair(key.key(), answer).shown()
                    + " is no answer to what was offered, the target breaks RFC 7143 13");
        }
        return value;
    }

    private static void require(Map<String, String> answers, OperationalKey key, int value) throws IOException {
        if (number(answers, key, 1) != value) {
            throw new IOException("login: " + new TextPair(key.key(), answers.getOrDefault(key.key(), "")).shown()
                    + " is not what was offered, the target breaks RFC 7143 13");
        }
    }

    private static String pair(OperationalKey key, Object value) {
        return key.key() + "=" + value + "\0";
    }
}
