package io.trilane.tools.iscsi;

import io.trilane.tools.iscsi.LoginStatus.Refusal;
import io.trilane.tools.iscsi.OperationalNegotiation.Identity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who logs in, and to what: the keys of the first request (RFC 7143 6.3.1).
final class LoginIdentity {
    static final String INITIATOR_NAME = "InitiatorName";
    static final String TARGET_NAME = "TargetName";
    static final String SESSION_TYPE = "SessionType";

    private final TargetDirectory targets;
    private final String portal;
    private String initiatorName = "";
    private TargetDirectory.@Nullable Target target;
    private boolean discovery;

    LoginIdentity(TargetDirectory targets, String portal) {
        this.targets = targets;
        this.portal = portal;
    }

    /// Reads the keys of the first request; whatever is missing or unknown is the refusal.
    @Nullable
    Refusal identify(List<TextPair> pairs) {
        TextPair initiator = find(pairs, INITIATOR_NAME);
        if (initiator == null) {
            return LoginStatus.MISSING_PARAMETER.because(INITIATOR_NAME + " is missing in the first request");
        }
        String name = IscsiName.normal(initiator.value());
        if (name == null) {
            return LoginStatus.INITIATOR_ERROR.because(initiator.shown() + " is no iSCSI name");
        }
        initiatorName = name;
        TextPair type = find(pairs, SESSION_TYPE);
        if (type != null && !type.value().equals("Normal") && !type.value().equals("Discovery")) {
            return LoginStatus.SESSION_TYPE_NOT_SUPPORTED.because(type.shown() + " is neither Normal nor Discovery");
        }
        discovery = type != null && type.value().equals("Discovery");
        return discovery ? null : findTarget(find(pairs, TARGET_NAME));
    }

    /// What the first answer says about the target (13.6 and 13.9).
    void announce(TextAnswer answer) {
        TargetDirectory.Target found = target;
        if (found != null) {
            if (!found.alias().isEmpty()) {
                answer.add("TargetAlias", found.alias());
            }
            answer.add("TargetPortalGroupTag", Integer.toString(TargetDirectory.PORTAL_GROUP_TAG));
        }
    }

    Identity identity(LoginRequest request) {
        TargetDirectory.Target found = target;
        return new Identity(initiatorName, found == null ? "" : found.name(), discovery, request.isid(),
                request.connectionId());
    }

    boolean isDiscovery() {
        return discovery;
    }

    /// Empty until it is known; safe to log.
    String initiatorName() {
        return initiatorName;
    }

    private @Nullable Refusal findTarget(@Nullable TextPair wanted) {
        if (wanted == null) {
            return LoginStatus.MISSING_PARAMETER.because(TARGET_NAME + " is missing in the first request");
        }
        target = targets.find(wanted.value());
        return target != null ? null
                : LoginStatus.TARGET_NOT_FOUND.because(wanted.shown() + " is not served at portal=" + portal);
    }

    private static @Nullable TextPair find(List<TextPair> pairs, String key) {
        for (TextPair pair : pairs) {
            if (pair.key().equals(key)) {
                return pair;
            }
        }
        return null;
    }
}
