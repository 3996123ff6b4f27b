package io.trilane.engine.controller;

import io.trilane.engine.task.Role;
import io.trilane.engine.task.TaskState;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The text of `docs/lifecycle.md`: what the enums and tables of this package say, for a person.
final class LifecycleDocument {
    private static final String HEAD = """
            # Lifecycle, queues, misuses

            Generated from the code by `LifecycleDocumentTest`; do not edit. To write it anew:
            `./mvnw -pl engine test -Dtest=LifecycleDocumentTest -Dtrilane.docs.update=true`

            What is said of macOS carries how it is known: *documented* (Apple's headers, class documentation, open source),
            *field report* (a driver writer or a forum post), or **inferred**: it follows from the sources that are open, and
            nobody has written that he saw it. The kernel's half of a driver's class is closed, so where exactly it calls the
            driver is inferred throughout. Clauses name sections of `driverkit.md`.

            """;

    private final StringBuilder text = new StringBuilder(HEAD);
    private final List<SpiMethod> controllerMethods;

    private LifecycleDocument(List<SpiMethod> controllerMethods) {
        this.controllerMethods = controllerMethods;
    }

    /// @param controllerMethods of [Controller], in the order of its source
    static String of(List<SpiMethod> controllerMethods) {
        LifecycleDocument document = new LifecycleDocument(controllerMethods);
        document.lifecycleStates();
        document.callOrder();
        document.targetStates();
        document.taskStates();
        for (QueueContract contract : QueueContract.values()) {
            document.contract(contract);
        }
        document.frameworkCalls();
        document.misuses();
        return document.text.toString();
    }

    private void lifecycleStates() {
        heading("States of a controller", """
                From `LifecycleState.canBecome` (`driverkit.md` 2.2). Clients may submit in
                %s.
                Tasks do not reach the controller in %s.
                """.formatted(states(LifecycleState::acceptsTasks), states(LifecycleState::isSuspended)));
        diagram(LifecycleState.values(), LifecycleState::canBecome);
    }

    private static String states(Predicate<LifecycleState> wanted) {
        return names(Arrays.stream(LifecycleState.values()).filter(wanted).toList());
    }

    private void callOrder() {
        heading("Order of calls", """
                The methods of `Controller` in the order of its source, which is the order of a bring-up (`driverkit.md` 2.1);
                a test compares it with what a launch does. From `initializeTarget` on a method is called as often as there
                is a reason; `stop` is the last. What each may do and what its failure means stands at the method.
                """);
        row("", "Method", "Callback", "Role under ENGINE", "Role under DRIVERKIT");
        rule(5);
        int number = 1;
        for (SpiMethod method : controllerMethods) {
            row(number++ + "", "`" + method.name() + "`", method.callback().map(Callback::name).orElse("-"),
                    method.callback().map(callback -> QueueContract.ENGINE.role(callback).name()).orElse("-"),
                    method.callback().map(callback -> QueueContract.DRIVERKIT.role(callback).name()).orElse("-"));
        }
        text.append('\n');
    }

    private void targetStates() {
        heading("States of a target", """
                `TargetTable.State` (`driverkit.md` 2.2 and 2.3); ABSENT is not being in the table. A creation that does not
                end with %s leads back to ABSENT; how else it may end:
                %s.
                """.formatted(TargetVerdict.CREATED, names(Arrays.stream(TargetVerdict.values())
                .filter(verdict -> verdict != TargetVerdict.CREATED).toList())));
        text.append("```mermaid\nstateDiagram-v2\n    [*] --> ABSENT\n    ABSENT --> CREATING\n");
        for (TargetTable.State state : TargetTable.State.values()) {
            for (String next : afterTarget(state)) {
                text.append("    ").append(state).append(" --> ").append(next).append('\n');
            }
        }
        text.append("```\n\n");
    }

    private static List<String> afterTarget(TargetTable.State state) {
        return switch (state) {
            case CREATING -> List.of(TargetTable.State.PRESENT.name(), TargetTable.State.DESTROYING.name(), "ABSENT");
            case PRESENT -> List.of(TargetTable.State.DESTROYING.name());
            case DESTROYING -> List.of("ABSENT");
        };
    }

    private void taskStates() {
        heading("States of a task", """
                From `TaskState.canBecome`. The controller holds the token in %s.
                """.formatted(names(Arrays.stream(TaskState.values()).filter(TaskState::isWithController).toList())));
        diagram(TaskState.values(), TaskState::canBecome);
    }

    private void contract(QueueContract contract) {
        heading("Queue contract " + contract, switch (contract) {
            case ENGINE ->
                    "Ours, the default: submission has a role of its own, so that task management never waits behind"
                            + " it. It says\nnothing of macOS.\n";
            case DRIVERKIT -> "As macOS does it (`driverkit.md` 3.1), as far as that is known.\n";
        });
        row("Callback", "Role", "DriverKit queue", "Known how");
        rule(4);
        for (QueueContract.Row row : contract.rows()) {
            row(row.callback().name(), row.role().name(), row.queue(),
                    row.evidence().map(LifecycleDocument::known).orElse("ours"));
        }
        text.append("\nWho may create a target synchronously, which needs ")
                .append(names(contract.rolesNeededBy(FrameworkCall.CREATE_TARGET))).append(":\n\n");
        row("Role", "Creation", "Because");
        rule(3);
        for (Role role : Role.values()) {
            boolean may = contract.rolesThatMayCreateTargets().contains(role);
            row(role.name(), may ? "may" : "refused", may ? "the call waits for nothing that runs there"
                    : "the call waits for what runs there: " + names(provokedOn(contract, role)));
        }
        row("a thread of the driver's own", "may", "unless somebody whom the call needs waits for that thread");
        text.append('\n');
        if (contract.rolesThatMayCreateTargets().contains(contract.role(Callback.CREATE_TARGET))) {
            creationOnItsOwnQueue(contract.role(Callback.CREATE_TARGET));
        }
    }

    private static List<Callback> provokedOn(QueueContract contract, Role role) {
        return FrameworkCall.CREATE_TARGET.provokes().stream().filter(callback -> contract.role(callback) == role)
                .sorted().toList();
    }

    private void creationOnItsOwnQueue(Role role) {
        Misuse misuse = Misuse.CREATE_FROM_AUXILIARY;
        text.append("On ").append(role).append(", the very queue on which macOS dispatches the call, a policy decides")
                .append(" (`AuxiliaryCreation`). The evidence is\n").append(misuse.consequence()).append(" (")
                .append(known(misuse.evidence())).append(").\n\n");
    }

    private void frameworkCalls() {
        heading("What a synchronous call provokes", """
                `FrameworkCall`: a call that a controller waits for, and the callbacks that happen before it returns. It is a
                deadlock if and only if one of them needs the queue that waits, directly or over others, or a lock that is
                held across the call (`driverkit.md` 3.3). Trilane refuses it and says so.
                What a destruction waits for is submission calls that are running, so it is refused inside one of them.
                """);
        row("Call", "Provokes", "Waits for");
        rule(3);
        for (FrameworkCall call : FrameworkCall.values()) {
            row(call.name(), call.provokes().isEmpty() ? "nothing" : names(call.provokes().stream().sorted().toList()),
                    waitsFor(call));
        }
        text.append('\n');
    }

    private static String waitsFor(FrameworkCall call) {
        return switch (call) {
            case CREATE_TARGET -> "the roles of those callbacks";
            case DESTROY_TARGET -> "submission calls that are running";
            case DISPATCH_SYNC -> "the role that is named";
            case AWAIT_HARDWARE -> "the hardware agent, which waits for nobody";
            case ACQUIRE_LOCK -> "the holder of the lock";
        };
    }

    private void misuses() {
        heading("Misuses", """
                What a controller can do wrong, and what becomes of it (`driverkit.md` 3.4 by its rows; 16 cannot be expressed
                in Java; a dash stands for what follows from 3.3).
                """);
        row("Row", "Misuse", "What", "On macOS", "Known how", "Remedy");
        rule(6);
        for (Misuse misuse : Misuse.values()) {
            row(misuse.row() == 0 ? "-" : misuse.row() + "", misuse.name(), misuse.summary(), misuse.consequence(),
                    known(misuse.evidence()), misuse.remedy());
        }
    }

    private static String known(Evidence evidence) {
        return evidence == Evidence.INFERRED ? "**" + evidence + "**" : evidence.toString();
    }

    private <S extends Enum<S>> void diagram(S[] states, BiPredicate<S, S> canBecome) {
        text.append("```mermaid\nstateDiagram-v2\n    [*] --> ").append(states[0]).append('\n');
        for (S from : states) {
            List<S> next = Arrays.stream(states).filter(state -> canBecome.test(from, state)).toList();
            next.forEach(state -> text.append("    ").append(from).append(" --> ").append(state).append('\n'));
            if (next.isEmpty()) {
                text.append("    ").append(from).append(" --> [*]\n");
            }
        }
        text.append("```\n\n");
    }

    private static String names(Collection<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private void heading(String title, String paragraph) {
        text.append("## ").append(title).append("\n\n").append(paragraph).append('\n');
    }

    private void rule(int columns) {
        text.append("|").append("---|".repeat(columns)).append('\n');
    }

    private void row(String first, String second, String... more) {
        text.append("| ").append(first).append(" | ").append(second);
        for (String cell : more) {
            text.append(" | ").append(cell);
        }
        text.append(" |\n");
    }
}
