package io.trilane.tools.iscsi;

import org.jspecify.annotations.Nullable;

/// The operational keys of one login: answers what the initiator offers and holds what is agreed upon (RFC 7143 6.2 and 13). We
/// are only ever the responder, except for MaxRecvDataSegmentLength, which each end declares.
final class OperationalNegotiation {
    private final LoginPolicy.Limits limits;
    private final int[] agreed = new int[OperationalKey.values().length];
    private boolean declared;

    OperationalNegotiation(LoginPolicy.Limits limits) {
        this.limits = limits;
        for (OperationalKey key : OperationalKey.values()) {
            agreed[key.ordinal()] = key.defaultValue();
        }
    }

    /// Answers one offer; null: a declaration, which has no answer.
    @Nullable
    String answer(OperationalKey key, String offer, boolean isDiscovery) {
        if (key.rule() == OperationalKey.Rule.OBSOLETE) {
            return TextPair.REJECT;
        }
        if (key.rule() == OperationalKey.Rule.LIST) {
            return isDiscovery && key.isOfNormalSession() ? TextPair.IRRELEVANT : choose(key, offer);
        }
        int offered = key.parse(offer);
        if (offered == TextValue.NOT_A_NUMBER) {
            return TextPair.REJECT;
        }
        if (isDiscovery && key.isOfNormalSession() || key == OperationalKey.FIRST_BURST_LENGTH && !hasUnsolicited()) {
            return TextPair.IRRELEVANT;
        }
        int result = result(key, offered);
        agreed[key.ordinal()] = result;
        return switch (key.rule()) {
            case DECLARATION -> null;
            case AND, OR, MARKER -> TextValue.ofBoolean(result == 1);
            default -> Integer.toString(result);
        };
    }

    /// Whether `answer` to `key` is a failure that ends the login (RFC 7143 7.11).
    static boolean isFailure(OperationalKey key, @Nullable String answer) {
        return TextPair.REJECT.equals(answer) && key.rule() != OperationalKey.Rule.OBSOLETE;
    }

    /// Our own declaration, once.
    void declare(TextAnswer answer) {
        if (!declared) {
            declared = true;
            answer.add(OperationalKey.MAX_RECV_DATA_SEGMENT_LENGTH.key(),
                    Integer.toString(limits.maxRecvDataSegmentLength()));
        }
    }

    /// What holds from now on. FirstBurstLength never exceeds MaxBurstLength, in whatever order they came (13.14).
    SessionParameters parameters(Identity identity, int tsih) {
        int ours = declared ? limits.maxRecvDataSegmentLength()
                : OperationalKey.MAX_RECV_DATA_SEGMENT_LENGTH.defaultValue();
        int maxBurstLength = agreed(OperationalKey.MAX_BURST_LENGTH);
        return new SessionParameters(identity.initiatorName(), identity.targetName(), identity.isDiscovery(),
                identity.isid(), tsih, identity.connectionId(), isAgreed(OperationalKey.HEADER_DIGEST),
                isAgreed(OperationalKey.DATA_DIGEST), agreed(OperationalKey.MAX_RECV_DATA_SEGMENT_LENGTH), ours,
                maxBurstLength, Math.min(agreed(OperationalKey.FIRST_BURST_LENGTH), maxBurstLength),
                isAgreed(OperationalKey.INITIAL_R2T), isAgreed(OperationalKey.IMMEDIATE_DATA),
                agreed(OperationalKey.MAX_OUTSTANDING_R2T), agreed(OperationalKey.DEFAULT_TIME_2_WAIT),
                agreed(OperationalKey.DEFAULT_TIME_2_RETAIN));
    }

    /// Who logs in to what.
    ///
    /// @param targetName empty for discovery
    record Identity(String initiatorName, String targetName, boolean isDiscovery, long isid, int connectionId) {}

    private String choose(OperationalKey key, String offer) {
        for (String element : TextValue.list(offer)) {
            int place = key.supported().indexOf(element);
            if (place >= 0) {
                agreed[key.ordinal()] = place;
                return element;
            }
        }
        return TextPair.REJECT;
    }

    private int result(OperationalKey key, int offered) {
        return switch (key.rule()) {
            case MINIMUM, AND -> Math.min(offered, ours(key));
            case MAXIMUM, OR -> Math.max(offered, ours(key));
            case MARKER -> 0;
            default -> offered;
        };
    }

    private int ours(OperationalKey key) {
        return switch (key) {
            case MAX_BURST_LENGTH -> limits.maxBurstLength();
            case FIRST_BURST_LENGTH -> Math.min(limits.firstBurstLength(), agreed(OperationalKey.MAX_BURST_LENGTH));
            case MAX_OUTSTANDING_R2T -> limits.maxOutstandingR2t();
            case INITIAL_R2T -> limits.initialR2t() ? 1 : 0;
            case IMMEDIATE_DATA, MAX_CONNECTIONS, DATA_PDU_IN_ORDER, DATA_SEQUENCE_IN_ORDER, ISCSI_PROTOCOL_LEVEL -> 1;
            // ErrorRecoveryLevel 0; a session may come back at once, and nothing of the old one is kept.
            default -> 0;
        };
    }

    private boolean hasUnsolicited() {
        return !isAgreed(OperationalKey.INITIAL_R2T) || isAgreed(OperationalKey.IMMEDIATE_DATA);
    }

    private boolean isAgreed(OperationalKey key) {
        return agreed(key) == 1;
    }

    private int agreed(OperationalKey key) {
        return agreed[key.ordinal()];
    }
}
