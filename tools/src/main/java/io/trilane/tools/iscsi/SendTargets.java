package io.trilane.tools.iscsi;

import org.jspecify.annotations.Nullable;

/// The answer to SendTargets (RFC 7143 appendix C).
final class SendTargets {
    private static final String ALL = "All";

    private final TargetDirectory targets;
    private final String portal;

    /// @param portal address that the initiator connected to, as in TargetAddress
    SendTargets(TargetDirectory targets, String portal) {
        this.targets = targets;
        this.portal = portal;
    }

    /// Adds what may be told to `answer`; false: `value` is none of this key's. A normal session hears of its own target only; it may not
    /// ask for all, and gets no record then: initiators take that for "nothing here", and a Reject for a broken target.
    boolean answer(String value, SessionParameters session, TextAnswer answer) {
        if (value.equals(ALL)) {
            if (session.isDiscovery()) {
                targets.targets().forEach(target -> add(target, answer));
            }
            return true;
        }
        if (value.isEmpty()) {
            add(targets.find(session.targetName()), answer);
            return !session.isDiscovery();
        }
        String name = IscsiName.normal(value);
        if (name != null && (session.isDiscovery() || name.equals(session.targetName()))) {
            add(targets.find(name), answer);
        }
        return name != null;
    }

    private void add(TargetDirectory.@Nullable Target target, TextAnswer answer) {
        if (target != null) {
            answer.add("TargetName", target.name());
            answer.add("TargetAddress", portal + "," + TargetDirectory.PORTAL_GROUP_TAG);
        }
    }
}
