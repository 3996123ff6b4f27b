package io.trilane.tools.iscsi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The targets that can be logged in to. All are in the one portal group [#PORTAL_GROUP_TAG].
///
/// @param targets with names in normal form, no name twice
public record TargetDirectory(List<Target> targets) {
    static final int PORTAL_GROUP_TAG = 1;

    /// One target.
    ///
    /// @param name  its iSCSI name
    /// @param alias for people; empty: none
    public record Target(String name, String alias) {
        public Target {
            String normal = IscsiName.normal(name);
            if (normal == null) {
                throw new IllegalArgumentException("targetName=" + name
                        + " is no iSCSI name, choose one like iqn.2026-01.net.example:disk (RFC 7143 4.2.7)");
            }
            name = normal;
            if (alias.length() > 63 || !alias.chars().allMatch(character -> character > 31 && character != 127)) {
                throw new IllegalArgumentException(
                        "targetAlias=" + alias + " is longer than 63 or not printable, shorten it");
            }
        }
    }

    public TargetDirectory {
        targets = List.copyOf(targets);
        List<String> names = new ArrayList<>();
        for (Target target : targets) {
            if (names.contains(target.name())) {
                throw new IllegalArgumentException("targetName=" + target.name() + " is there twice, rename one");
            }
            names.add(target.name());
        }
    }

    /// A directory of one target.
    public static TargetDirectory of(String name, String alias) {
        return new TargetDirectory(List.of(new Target(name, alias)));
    }

    /// The target of this name, in any spelling; null: there is none.
    @Nullable
    Target find(String name) {
        String normal = IscsiName.normal(name);
        for (Target target : targets) {
            if (target.name().equals(normal)) {
                return target;
            }
        }
        return null;
    }
}
