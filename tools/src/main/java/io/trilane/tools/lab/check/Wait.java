package io.trilane.tools.lab.check;

import io.trilane.engine.task.Role;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Somewhere in a description where somebody waits: a synchronous call, or a lock that is taken. Immutable.
///
/// @param line  where it is written
/// @param agent who waits: the name of a queue, or `thread NAME`
/// @param what  the call, for the report
/// @param needs the roles whose cycles it needs before it ends, and what for
/// @param lock  the lock that it needs
/// @param holds locks that are held meanwhile
record Wait(int line, String agent, String what, Map<Role, Set<String>> needs, Optional<String> lock,
        Set<String> holds) {
    Wait {
        needs = Map.copyOf(needs);
        holds = Set.copyOf(holds);
    }

    /// True when this cannot end while `other` waits.
    boolean waitsFor(Wait other) {
        return needs.keySet().stream().map(QueueCheck::nameOf).anyMatch(other.agent::equals)
                || isOverLock(other);
    }

    /// `A waits in X for B`, where B is what `other` keeps.
    String step(Wait other) {
        String wait = agent + " waits in " + what + " (line " + line + ") for ";
        if (isOverLock(other)) {
            return wait + "lock=" + lock.orElse("") + " of " + other.agent;
        }
        Set<String> reasons = QueueCheck.roleOf(other.agent).map(role -> needs.getOrDefault(role, Set.of()))
                .orElse(Set.of());
        return wait + other.agent + (reasons.isEmpty() ? "" : " to run " + String.join(", ", new TreeSet<>(reasons)));
    }

    /// True when it is a lock for which this waits.
    boolean isOverLock(Wait other) {
        return lock.filter(other.holds::contains).isPresent();
    }
}
