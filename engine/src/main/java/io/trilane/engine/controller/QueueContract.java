package io.trilane.engine.controller;

import io.trilane.engine.task.Role;
import java.util.EnumMap;
import java.util.Map;

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

    private final Map<Callback, Role> roles;

    QueueContract(Map<Callback, Role> roles) {
        this.roles = new EnumMap<>(roles);
    }

    /// The role on which a callback runs.
    public Role role(Callback callback) {
        Role role = roles.get(callback);
        if (role == null) {
            throw new IllegalStateException("callback=" + callback + " is not in contract=" + this);
        }
        return role;
    }

    /// One line per callback, for a person.
    public String describe() {
        StringBuilder text = new StringBuilder();
        for (Callback callback : Callback.values()) {
            text.append(String.format("%-18s %s%n", callback, role(callback)));
        }
        return text.toString();
    }
}
