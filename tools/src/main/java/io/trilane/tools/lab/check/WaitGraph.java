package io.trilane.tools.lab.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who may wait for whom, of everything that a description says: the static half of `driverkit.md` 3.3, whose other half is the
/// engine's guard. Each queue and each thread is in one wait at a time. One thread.
final class WaitGraph {
    private final List<Wait> waits;

    WaitGraph(List<Wait> waits) {
        this.waits = List.copyOf(waits);
    }

    /// The shortest circle that begins and ends with `start`, without `start` at its end; empty when there is none.
    List<Wait> circle(Wait start) {
        Map<Wait, Wait> cameFrom = new HashMap<>();
        Deque<Wait> next = new ArrayDeque<>(List.of(start));
        Set<Wait> seen = new HashSet<>(next);
        while (!next.isEmpty()) {
            Wait at = next.removeFirst();
            List<Wait> path = path(cameFrom, at);
            if (at.waitsFor(start)) {
                return path;
            }
            for (Wait other : waits) {
                if (at.waitsFor(other) && path.stream().noneMatch(step -> step.agent().equals(other.agent()))
                        && seen.add(other)) {
                    cameFrom.put(other, at);
                    next.addLast(other);
                }
            }
        }
        return List.of();
    }

    /// A circle as a chain for a person.
    static List<String> chain(List<Wait> circle) {
        List<String> chain = new ArrayList<>();
        for (int i = 0; i < circle.size(); i++) {
            chain.add(circle.get(i).step(circle.get((i + 1) % circle.size())));
        }
        return chain;
    }

    private static List<Wait> path(Map<Wait, Wait> cameFrom, Wait end) {
        List<Wait> path = new ArrayList<>();
        for (Wait at = end; at != null; at = cameFrom.get(at)) {
            path.addFirst(at);
        }
        return path;
    }
}
