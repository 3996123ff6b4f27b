package io.trilane.hba.command;

import io.trilane.engine.task.Nexus;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Who has registered which reservation key, and which of them is connected now. Belongs to one [Reservations].
final class Registrations {
    static final int MAX_REGISTRATIONS = Nexus.MAX_NEXUSES;

    private final List<Registration> all = new ArrayList<>();
    private final @Nullable Nexus[] nexuses = new @Nullable Nexus[Nexus.MAX_NEXUSES];
    private final @Nullable Registration[] byNexus = new @Nullable Registration[Nexus.MAX_NEXUSES];

    /// A nexus with this id came or went. While it is gone nobody sends commands on it, so that it may keep its name.
    void setNexus(Nexus nexus) {
        nexuses[nexus.id()] = nexus;
        byNexus[nexus.id()] = all.stream().filter(each -> each.isOf(nexus)).findFirst().orElse(null);
    }

    List<Registration> all() {
        return all;
    }

    /// The registration of a nexus, or null.
    @Nullable
    Registration of(int nexusId) {
        return byNexus[nexusId];
    }

    /// Adds a registration; false when there are too many.
    boolean add(int nexusId, long key) {
        if (all.size() == MAX_REGISTRATIONS) {
            return false;
        }
        Registration added = new Registration(nexus(nexusId), key);
        all.add(added);
        for (int i = 0; i < byNexus.length; i++) {
            Nexus each = nexuses[i];
            if (each != null && added.isOf(each)) {
                byNexus[i] = added;
            }
        }
        return true;
    }

    /// Takes registrations out; the ids of the nexuses that have lost theirs.
    BitSet remove(Predicate<Registration> which) {
        BitSet lost = new BitSet();
        for (int i = 0; i < byNexus.length; i++) {
            Registration each = byNexus[i];
            if (each != null && which.test(each)) {
                byNexus[i] = null;
                lost.set(i);
            }
        }
        all.removeIf(which);
        return lost;
    }

    /// The ids of the connected nexuses that are registered, without those of `except`.
    BitSet nexusesExcept(@Nullable Registration except) {
        BitSet ids = new BitSet();
        for (int i = 0; i < byNexus.length; i++) {
            ids.set(i, byNexus[i] != null && !Objects.equals(byNexus[i], except));
        }
        return ids;
    }

    /// A nexus that was never announced has a name of its own.
    private Nexus nexus(int nexusId) {
        Nexus nexus = nexuses[nexusId];
        if (nexus == null) {
            nexus = new Nexus(nexusId, "nexus-" + nexusId, "");
            nexuses[nexusId] = nexus;
        }
        return nexus;
    }
}
