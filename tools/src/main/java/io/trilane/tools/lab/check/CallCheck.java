package io.trilane.tools.lab.check;

import io.trilane.engine.AuxiliaryCreation;
import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.FrameworkCall;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.task.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The controller's calls into the framework: could one of them never return?
final class CallCheck {
    /// Bounds the search for circles.
    static final int MAX_CALLS = 200;

    private static final String THREAD = "thread ";
    private static final Map<String, FrameworkCall> CALLS = calls();
    private static final List<String> KEYS =
            List.of("call", "from", "in", "asynchronous", "to", "lock", "locks", "provokes");

    private final Section root;
    private final QueueContract contract;
    private final AuxiliaryCreation auxiliaryCreation;
    private final List<Wait> waits = new ArrayList<>();
    private final Map<Wait, FrameworkCall> synchronousCalls = new LinkedHashMap<>();

    CallCheck(Section root, QueueContract contract) {
        this.root = root;
        this.contract = contract;
        List<String> policies = List.of("allow", "warn", "refuse");
        auxiliaryCreation = root.choice("auxiliary-creation", policies)
                .map(policy -> AuxiliaryCreation.values()[policies.indexOf(policy)]).orElse(AuxiliaryCreation.ALLOW);
    }

    void check() {
        Set<String> locks = locks();
        List<Section> calls = root.sections("calls", KEYS);
        if (calls.size() > MAX_CALLS || waits.size() > MAX_CALLS) {
            throw new UnreadableDescriptionException("calls=" + calls.size() + " or users of locks=" + waits.size()
                    + " > " + MAX_CALLS + ", describe fewer");
        }
        calls.forEach(call -> call(call, locks));
        WaitGraph graph = new WaitGraph(waits);
        synchronousCalls.forEach((wait, call) -> judge(graph, wait, call));
    }

    private static Map<String, FrameworkCall> calls() {
        Map<String, FrameworkCall> calls = new LinkedHashMap<>();
        calls.put("createTarget", FrameworkCall.CREATE_TARGET);
        calls.put("UserCreateTargetForID", FrameworkCall.CREATE_TARGET);
        calls.put("destroyTarget", FrameworkCall.DESTROY_TARGET);
        calls.put("UserDestroyTargetForID", FrameworkCall.DESTROY_TARGET);
        calls.put("dispatchSync", FrameworkCall.DISPATCH_SYNC);
        calls.put("awaitHardware", FrameworkCall.AWAIT_HARDWARE);
        calls.put("acquireLock", FrameworkCall.ACQUIRE_LOCK);
        return Collections.unmodifiableMap(calls);
    }

    /// `locks: {name: [callbacks that take it]}`: each of those waits for whoever holds the lock.
    private Set<String> locks() {
        Optional<Section> section = root.section("locks", List.of());
        if (section.isEmpty()) {
            return Set.of();
        }
        for (String lock : section.get().keys()) {
            Set<String> takers = section.get().words(lock);
            for (String taker : section.get().knownOf(lock, takers, DriverKitMethod.names())) {
                Role role = contract.role(DriverKitMethod.callback(taker).orElseThrow());
                waits.add(new Wait(section.get().line(lock), QueueCheck.nameOf(role), taker + " taking lock=" + lock,
                        Map.of(), Optional.of(lock), Set.of()));
            }
        }
        return Set.copyOf(section.get().keys());
    }

    private void call(Section section, Set<String> locks) {
        if (!section.has("call")) {
            section.found(Finding.description(section.line(), section.path("call") + " is missing",
                    "write one of " + String.join(", ", CALLS.keySet())));
        }
        Optional<FrameworkCall> call = section.choice("call", CALLS.keySet()).map(CALLS::get);
        Optional<String> agent = agent(section);
        Set<String> held = section.knownOf("locks", section.words("locks"), locks);
        Map<Role, Set<String>> needs = needs(section, call);
        Optional<String> lock = section.choice("lock", locks);
        requireKeyOfCall(section, call, FrameworkCall.DISPATCH_SYNC, "to");
        requireKeyOfCall(section, call, FrameworkCall.ACQUIRE_LOCK, "lock");
        if (call.isEmpty() || agent.isEmpty() || section.flag("asynchronous").orElse(false)) {
            return;
        }
        String what = section.word("call").orElseThrow()
                + section.word("to").map(to -> " to=" + to).orElse("") + lock.map(name -> " lock=" + name).orElse("");
        Wait wait = new Wait(section.line(), agent.get(), what, needs, lock, held);
        waits.add(wait);
        synchronousCalls.put(wait, call.get());
    }

    private static void requireKeyOfCall(Section section, Optional<FrameworkCall> call, FrameworkCall only,
            String key) {
        if (call.isPresent() && (call.get() == only) != section.has(key)) {
            section.found(call.get() == only
                    ? Finding.description(section.line(), section.path(key) + " is missing", "add it")
                    : Finding.description(section.line(key), section.path(key) + " is of no use in "
                            + section.word("call").orElse(""), "leave it out"));
        }
    }

    /// The roles that a call needs: of what the framework provokes, of what else is declared, of `to`.
    private Map<Role, Set<String>> needs(Section section, Optional<FrameworkCall> call) {
        Map<Role, Set<String>> needs = new EnumMap<>(Role.class);
        call.ifPresent(made -> made.provokes().forEach(callback -> need(needs, callback, callback.name())));
        for (String name : section.knownOf("provokes", section.words("provokes"), DriverKitMethod.names())) {
            need(needs, DriverKitMethod.callback(name).orElseThrow(), name);
        }
        section.choice("to", QueueCheck.QUEUES).flatMap(QueueCheck::roleOf)
                .ifPresent(role -> needs.computeIfAbsent(role, _ -> new HashSet<>()).add("the block"));
        return needs;
    }

    private void need(Map<Role, Set<String>> needs, Callback callback, String name) {
        needs.computeIfAbsent(contract.role(callback), _ -> new HashSet<>()).add(name);
    }

    /// Who makes the call: `from`, or the queue of the callback that `in` names.
    private Optional<String> agent(Section section) {
        Optional<String> from = section.word("from");
        Optional<Callback> in = section.choice("in", DriverKitMethod.names()).flatMap(DriverKitMethod::callback);
        Optional<String> queueOfIn = in.map(callback -> QueueCheck.nameOf(contract.role(callback)));
        if (from.isEmpty()) {
            if (queueOfIn.isEmpty()) {
                section.found(Finding.description(section.line(), section.path("from") + " is missing",
                        "name a queue, or thread NAME"));
            }
            return queueOfIn;
        }
        boolean isThread = from.get().startsWith(THREAD) && from.get().length() > THREAD.length();
        if (!isThread && !QueueCheck.QUEUES.contains(from.get())) {
            section.found(Finding.description(section.line("from"), section.path("from") + "=" + from.get()
                    + " is neither a queue nor a thread",
                    Nearest.remedy(from.get(), QueueCheck.QUEUES)
                            + ", or write thread NAME"));
            return Optional.empty();
        }
        if (queueOfIn.isPresent() && !queueOfIn.equals(from)) {
            section.found(Finding.description(section.line("from"), section.path("from") + "=" + from.get() + " != "
                    + queueOfIn.get() + ", where contract=" + contract + " runs " + section.word("in").orElse(""),
                    "leave one of the two out"));
        }
        return from;
    }

    private void judge(WaitGraph graph, Wait wait, FrameworkCall call) {
        List<Wait> circle = graph.circle(wait);
        if (!circle.isEmpty()) {
            root.found(Finding.of(wait.line(), misuseOf(circle, wait, call), wait.what() + " from=" + wait.agent()
                    + needsText(wait) + (wait.holds().isEmpty() ? "" : " holds locks=" + sorted(wait.holds())),
                    WaitGraph.chain(circle)));
        } else if (call == FrameworkCall.CREATE_TARGET && wait.agent().equals(QueueCheck.nameOf(Role.IO))) {
            String detail = wait.what() + " from=" + wait.agent() + ", auxiliary-creation="
                    + auxiliaryCreation.name().toLowerCase(Locale.ROOT);
            root.found(auxiliaryCreation == AuxiliaryCreation.ALLOW
                    ? Finding.note(wait.line(), Misuse.CREATE_FROM_AUXILIARY, detail)
                    : Finding.of(wait.line(), Misuse.CREATE_FROM_AUXILIARY, detail));
        }
    }

    private static String needsText(Wait wait) {
        List<String> queues = wait.needs().keySet().stream().sorted().map(QueueCheck::nameOf).toList();
        return queues.isEmpty() ? "" : " needs queues=" + queues;
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    /// The same names as the engine's guard gives.
    private Misuse misuseOf(List<Wait> circle, Wait wait, FrameworkCall call) {
        boolean overLock = false;
        for (int i = 0; i < circle.size(); i++) {
            overLock |= circle.get(i).isOverLock(circle.get((i + 1) % circle.size()));
        }
        if (overLock) {
            return Misuse.LOCK_HELD_ACROSS_CALL;
        }
        if (call != FrameworkCall.CREATE_TARGET || circle.size() > 1) {
            return Misuse.REENTRANT_WAIT;
        }
        return wait.agent().equals(QueueCheck.nameOf(contract.role(Callback.INITIALIZE_TARGET)))
                ? Misuse.CREATE_FROM_DEFAULT : Misuse.CREATE_FROM_COMPLETION_QUEUE;
    }
}
