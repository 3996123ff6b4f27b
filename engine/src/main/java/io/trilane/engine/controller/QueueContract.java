package io.trilane.engine.controller;

import io.trilane.engine.task.Role;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which callback runs on which role: data, not code.
public enum QueueContract {
    /// Ours: submission on a role of its own, so that task management never waits behind it.
    ENGINE(Map.of(Callback.LIFECYCLE, Role.CONTROL, Callback.CREATE_TARGET, Role.CONTROL,
            Callback.INITIALIZE_TARGET, Role.CONTROL, Callback.PROCESS, Role.IO,
            Callback.TASK_MANAGEMENT, Role.CONTROL, Callback.INTERRUPT, Role.INTERRUPT,
            Callback.POWER, Role.CONTROL)),
    /// As `driverkit.md` 3.1: everything without an annotation on Default, target creation from Auxiliary.
    DRIVERKIT(Map.of(Callback.LIFECYCLE, Role.CONTROL, Callback.CREATE_TARGET, Role.IO,
            Callback.INITIALIZE_TARGET, Role.CONTROL, Callback.PROCESS, Role.CONTROL,
            Callback.TASK_MANAGEMENT, Role.CONTROL, Callback.INTERRUPT, Role.INTERRUPT,
            Callback.POWER, Role.CONTROL));

    private static final String DEFAULT_QUEUE = "Default";

    private final Map<Callback, Role> roles;

    /// One line of the table.
    ///
    /// @param callback what the framework calls
    /// @param role     where it runs
    /// @param queue    the name of that queue in DriverKit
    /// @param evidence how it is known that macOS does so; empty where this contract is ours
    public record Row(Callback callback, Role role, String queue, Optional<Evidence> evidence) {}

    QueueContract(Map<Callback, Role> roles) {
        this.roles = new EnumMap<>(roles);
    }

    /// The name of the DriverKit queue that a role stands for.
    public static String queueOf(Role role) {
        return switch (role) {
            case CONTROL -> DEFAULT_QUEUE;
            case INTERRUPT -> Framework.INTERRUPT_QUEUE;
            case IO -> Framework.AUXILIARY_QUEUE;
        };
    }

    /// The role on which a callback runs.
    public Role role(Callback callback) {
        Role role = roles.get(callback);
        if (role == null) {
            throw new IllegalStateException("callback=" + callback + " is not in contract=" + this);
        }
        return role;
    }

    /// The roles that the callbacks need which a call provokes.
    public Set<Role> rolesNeededBy(FrameworkCall call) {
        Set<Role> needed = EnumSet.noneOf(Role.class);
        call.provokes().forEach(callback -> needed.add(role(callback)));
        return needed;
    }

    /// The roles that may create a target synchronously: those that nothing needs which the creation provokes
    /// (`driverkit.md` 3.3). A thread of the driver's own always may.
    public Set<Role> rolesThatMayCreateTargets() {
        return EnumSet.complementOf(EnumSet.copyOf(rolesNeededBy(FrameworkCall.CREATE_TARGET)));
    }

    /// The table, a row per callback.
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Callback callback : Callback.values()) {
            Role role = role(callback);
            rows.add(new Row(callback, role, queueOf(role), evidence(callback)));
        }
        return rows;
    }

    /// The table for a person, one line per callback: what, the DriverKit queue, the role.
    public String describe() {
        StringBuilder text = new StringBuilder();
        for (Row row : rows()) {
            text.append(String.format(Locale.ROOT, "%-18s %-15s %s%n", row.callback(), row.queue(), row.role()));
        }
        return text.toString();
    }

    /// One line for a person: which roles may wait for a target's creation, and which it needs.
    public String describeTargetCreation() {
        return String.format(Locale.ROOT, "createTarget may be waited for on %s; it needs %s%n",
                names(rolesThatMayCreateTargets()), names(rolesNeededBy(FrameworkCall.CREATE_TARGET)));
    }

    private static String names(Set<Role> roles) {
        return roles.isEmpty() ? "no role" : String.join(", ", roles.stream().map(Role::name).toList());
    }

    /// The annotated queue, what the class documentation says, and the interrupt source are certain; that everything else
    /// runs on Default follows from a rule (`driverkit.md` 1 and 3.1).
    private Optional<Evidence> evidence(Callback callback) {
        if (this == ENGINE) {
            return Optional.empty();
        }
        return Optional.of(switch (callback) {
            case CREATE_TARGET, INITIALIZE_TARGET, INTERRUPT -> Evidence.DOCUMENTED;
            case LIFECYCLE, PROCESS, TASK_MANAGEMENT, POWER -> Evidence.INFERRED;
        });
    }
}
