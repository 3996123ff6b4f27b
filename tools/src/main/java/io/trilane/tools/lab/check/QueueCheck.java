package io.trilane.tools.lab.check;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.task.Role;
import java.util.List;
import java.util.Optional;

/// Are the queues there in time, are there no others, and does every callback run where the contract says?
final class QueueCheck {
    static final String DEFAULT_QUEUE = "Default";
    static final List<String> QUEUES =
            List.of(DEFAULT_QUEUE, Framework.AUXILIARY_QUEUE, Framework.INTERRUPT_QUEUE);

    private final Section root;
    private final QueueContract contract;

    QueueCheck(Section root, QueueContract contract) {
        this.root = root;
        this.contract = contract;
    }

    static String nameOf(Role role) {
        return switch (role) {
            case CONTROL -> DEFAULT_QUEUE;
            case INTERRUPT -> Framework.INTERRUPT_QUEUE;
            case IO -> Framework.AUXILIARY_QUEUE;
        };
    }

    static Optional<Role> roleOf(String queue) {
        for (Role role : Role.values()) {
            if (nameOf(role).equals(queue)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    void check() {
        root.section("queues", List.of()).ifPresentOrElse(this::queues,
                () -> root.found(Finding.of(root.line(), Misuse.QUEUE_MISSING, "queues is missing")));
        root.section("callbacks", List.of()).ifPresent(this::callbacks);
    }

    private void queues(Section queues) {
        for (String name : queues.keys()) {
            Optional<Section> queue = queues.section(name, List.of("created", "set"));
            if (!QUEUES.contains(name)) {
                queues.found(Finding.of(queues.line(name), Misuse.QUEUE_NOT_IN_CONTRACT,
                        "queue=" + name + " is not in contract=" + contract + meant(name)));
            } else if (!name.equals(DEFAULT_QUEUE)) {
                queue.ifPresent(section -> List.of("created", "set").forEach(step -> requireInTime(section, step)));
            }
        }
        for (String required : List.of(Framework.AUXILIARY_QUEUE, Framework.INTERRUPT_QUEUE)) {
            if (!queues.has(required)) {
                queues.found(Finding.of(queues.line(), Misuse.QUEUE_MISSING, "queue=" + required + " is missing"));
            }
        }
    }

    private static String meant(String name) {
        return Nearest.of(name, QUEUES).map(near -> ", did you mean " + near + "?").orElse("");
    }

    /// `true`, or the name of a method that runs before the controller is initialised.
    private static void requireInTime(Section queue, String step) {
        Optional<String> when = queue.word(step);
        if (when.isEmpty() || when.get().equals("false")) {
            queue.found(Finding.of(queue.line(step), Misuse.QUEUE_MISSING,
                    queue.path(step) + "=" + when.orElse("(nothing)") + " != true"));
        } else if (!when.get().equals("true") && !DriverKitMethod.UNTIL_INITIALIZED.contains(when.get())) {
            Optional<Callback> late = DriverKitMethod.callback(when.get());
            queue.found(late.isPresent()
                    ? Finding.of(queue.line(step), Misuse.QUEUE_MISSING, queue.path(step) + "=" + when.get()
                            + " is after " + DriverKitMethod.INITIALIZE)
                    : Finding.description(queue.line(step), queue.path(step) + "=" + when.get() + " is unknown",
                            "write true, false, or one of " + String.join(", ", DriverKitMethod.UNTIL_INITIALIZED)));
        }
    }

    private void callbacks(Section callbacks) {
        for (String name : callbacks.keys()) {
            Optional<Callback> callback = DriverKitMethod.callback(name);
            Optional<String> queue = callbacks.word(name);
            if (callback.isEmpty()) {
                callbacks.found(Finding.description(callbacks.line(name), "callback=" + name + " is unknown",
                        Nearest.remedy(name, DriverKitMethod.names())));
                continue;
            }
            String expected = nameOf(contract.role(callback.get()));
            if (queue.isPresent() && !queue.get().equals(expected)) {
                callbacks.found(Finding.of(callbacks.line(name), Misuse.QUEUE_NOT_IN_CONTRACT,
                        name + " queue=" + queue.get() + " != " + expected + " of contract=" + contract));
            }
        }
    }
}
