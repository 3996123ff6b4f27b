package io.trilane.engine.controller;

import io.trilane.engine.task.Role;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Looks before a synchronous call waits: keeps who waits for which role or lock, finds the circle that the new wait would
/// close, and refuses with the chain (`driverkit.md` 3.3, the deadlock rule). What it cannot foresee, a callback that
/// blocks on something of its own, ends at the deadline of the call that waits for it.
///
/// Agents are the roles, and threads that run none. Any thread.
public final class ReentrancyGuard {
    /// The agent that is no role.
    private static final String HARDWARE = "the hardware agent";

    private final QueueContract contract;
    private final RoleActivity[] activities;
    private final MisuseLog misuses;
    private final Gate gate;
    private final long timeoutNs;
    private final HardwareActivity hardware = new HardwareActivity();
    private final List<Wait> waits = new ArrayList<>();
    private final Map<Callback, Set<GuardedLock>> takenIn = new EnumMap<>(Callback.class);

    /// The one place that waits.
    @FunctionalInterface
    public interface Gate {
        /// Waits until `condition` holds; false after `timeoutNs`.
        boolean await(BooleanSupplier condition, long timeoutNs);
    }

    /// How a synchronous call ended.
    public enum Answer {
        DONE,
        /// It could never have returned.
        REFUSED,
        /// Its deadline passed.
        LATE
    }

    /// Someone who waits: for roles, or for a lock.
    private record Wait(Object agent, Thread thread, String call, Set<Role> roles, boolean needsHardware,
            @Nullable GuardedLock lock) {}

    /// @param activities of the roles, by ordinal
    /// @param timeoutNs  how long a call or a lock may wait
    public ReentrancyGuard(QueueContract contract, RoleActivity[] activities, MisuseLog misuses, Gate gate,
            long timeoutNs) {
        this.contract = contract;
        this.activities = activities.clone();
        this.misuses = misuses;
        this.gate = gate;
        this.timeoutNs = timeoutNs;
    }

    /// What the hardware agent is doing.
    public HardwareActivity hardware() {
        return hardware;
    }

    public GuardedLock newLock(String name) {
        return new GuardedLock(name, this);
    }

    /// The role in whose cycle the caller is, or null. On a thread that runs several, nested, it is the one that does not
    /// wait.
    public synchronized @Nullable Role currentRole() {
        Thread thread = Thread.currentThread();
        for (RoleActivity activity : activities) {
            if (activity.isOn(thread) && waitOf(activity.role()) == null) {
                return activity.role();
            }
        }
        return null;
    }

    /// What a role is doing.
    public RoleActivity activity(Role role) {
        return activities[role.ordinal()];
    }

    /// What the role is called for, or null.
    public @Nullable Callback callbackOf(Role role) {
        return activities[role.ordinal()].callback();
    }

    /// The roles on which the callbacks run that a call provokes.
    public Set<Role> rolesOf(FrameworkCall call) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        call.provokes().forEach(callback -> roles.add(contract.role(callback)));
        return roles;
    }

    /// Begins a synchronous call that needs `roles` and waits for it, unless it could never end: then it does not begin.
    ///
    /// @param what the call with its arguments, for the report
    public Answer await(FrameworkCall call, String what, Set<Role> roles, Runnable begin, BooleanSupplier isDone) {
        Wait wait = new Wait(here(), Thread.currentThread(), what, inOrder(roles),
                call == FrameworkCall.AWAIT_HARDWARE, null);
        synchronized (this) {
            if (refuses(call, wait)) {
                return Answer.REFUSED;
            }
            waits.add(wait);
        }
        return await(wait, begin, isDone);
    }

    /// True while the role waits in a synchronous call.
    public synchronized boolean isWaiting(Role role) {
        return waitOf(role) != null;
    }

    /// True while the role waits for an answer of the hardware.
    public synchronized boolean isWaitingForHardware(Role role) {
        Wait wait = waitOf(role);
        return wait != null && wait.needsHardware;
    }

    boolean acquire(GuardedLock lock) {
        Object me = here();
        Wait wait;
        synchronized (this) {
            if (me instanceof Role role && callbackOf(role) != null) {
                takenIn.computeIfAbsent(callbackOf(role), _ -> new HashSet<>()).add(lock);
            }
            if (take(lock, me)) {
                return true;
            }
            wait = new Wait(me, Thread.currentThread(), "acquire lock=" + lock.name(), Set.of(), false,
                    lock);
            List<String> circle = circle(wait);
            if (!circle.isEmpty()) {
                misuses.report(Misuse.LOCK_HELD_ACROSS_CALL, () -> "lock=" + lock.name() + " wanted by " + name(me)
                        + " is held by " + name(lock.holder()) + ", who waits for " + name(me), circle);
                return false;
            }
            waits.add(wait);
        }
        return await(wait, () -> {}, () -> take(lock, me)) == Answer.DONE;
    }

    synchronized void release(GuardedLock lock) {
        if (!here().equals(lock.holder())) {
            throw new IllegalStateException("lock=" + lock.name() + " is not held by " + name(here())
                    + ", release it where it was acquired");
        }
        lock.setHolder(null);
    }

    private synchronized boolean take(GuardedLock lock, Object me) {
        if (lock.holder() != null) {
            return false;
        }
        lock.setHolder(me);
        return true;
    }

    private Answer await(Wait wait, Runnable begin, BooleanSupplier isDone) {
        boolean answered;
        try {
            begin.run();
            answered = gate.await(isDone, timeoutNs);
        } finally {
            synchronized (this) {
                waits.remove(wait);
            }
        }
        if (!answered) {
            misuses.report(Misuse.CALLBACK_BLOCKED, () -> wait.call + " of " + name(wait.agent) + " timeoutNs="
                    + timeoutNs + " passed, " + whoIsBusy(wait));
        }
        return answered ? Answer.DONE : Answer.LATE;
    }

    private String whoIsBusy(Wait wait) {
        if (wait.lock != null) {
            return "lock=" + wait.lock.name() + " holder=" + name(wait.lock.holder());
        }
        List<String> busy = new ArrayList<>();
        if (wait.needsHardware) {
            busy.add(HARDWARE + " has not answered");
        }
        for (Role role : wait.roles) {
            RoleActivity activity = activities[role.ordinal()];
            busy.add("role=" + role + (activity.isBusy() ? " is in callback=" + activity.callback() : " is idle"));
        }
        return String.join(", ", busy);
    }

    private boolean refuses(FrameworkCall call, Wait wait) {
        GuardedLock held = heldLockThatCallbacksTake(call, wait);
        if (held != null) {
            misuses.report(Misuse.LOCK_HELD_ACROSS_CALL,
                    () -> wait.call + " by " + name(wait.agent) + " while it holds lock=" + held.name()
                            + ", which callbacks of " + call + " take");
            return true;
        }
        if (HARDWARE.equals(wait.agent)) {
            misuses.report(Misuse.REENTRANT_WAIT, () -> wait.call + " by the hardware agent, which must never wait",
                    List.of("the hardware agent waits in " + wait.call + ", whose answer needs the hardware agent"));
            return true;
        }
        List<String> circle = circle(wait);
        if (circle.isEmpty()) {
            return false;
        }
        misuses.report(misuseOf(call, wait), () -> wait.call + " by " + name(wait.agent) + " needs " + wait.roles,
                circle);
        return true;
    }

    private @Nullable GuardedLock heldLockThatCallbacksTake(FrameworkCall call, Wait wait) {
        for (Callback callback : call.provokes()) {
            if (!wait.roles.contains(contract.role(callback))) {
                continue;
            }
            for (GuardedLock lock : takenIn.getOrDefault(callback, Set.of())) {
                if (wait.agent.equals(lock.holder())) {
                    return lock;
                }
            }
        }
        return null;
    }

    private Misuse misuseOf(FrameworkCall call, Wait wait) {
        if (call != FrameworkCall.CREATE_TARGET || !(wait.agent instanceof Role role) || !wait.roles.contains(role)) {
            return Misuse.REENTRANT_WAIT;
        }
        return role == contract.role(Callback.INITIALIZE_TARGET) ? Misuse.CREATE_FROM_DEFAULT
                : Misuse.CREATE_FROM_COMPLETION_QUEUE;
    }

    /// The chain that `wait` would close, call by call; empty when there is none.
    private List<String> circle(Wait wait) {
        Deque<String> chain = new ArrayDeque<>();
        boolean found = leadsBack(wait, wait, new HashSet<>(), chain, false)
                || leadsBack(wait, wait, new HashSet<>(), chain, true);
        return found ? List.copyOf(chain) : List.of();
    }

    /// @param orBelow a wait that stands lower on the same thread closes the circle, too
    private boolean leadsBack(Wait start, Wait at, Set<Object> seen, Deque<String> chain, boolean orBelow) {
        for (Object next : needsOf(at)) {
            chain.addLast(name(at.agent) + " waits in " + at.call + " for " + name(next) + whyBusy(next));
            if (next.equals(start.agent)) {
                return true;
            }
            if (orBelow && isBelow(next, start)) {
                chain.addLast(name(next) + " cannot go on before " + name(start.agent)
                        + " has returned, which runs above it on the same thread");
                return true;
            }
            Wait nextWait = waitOf(next);
            if (seen.add(next) && nextWait != null && leadsBack(start, nextWait, seen, chain, orBelow)) {
                return true;
            }
            chain.removeLast();
        }
        return false;
    }

    /// True when `agent` waits further down on the stack of the thread that is about to wait.
    private boolean isBelow(Object agent, Wait start) {
        Wait lower = waitOf(agent);
        return lower != null && lower.thread == start.thread
                || agent == start.thread && !start.agent.equals(agent);
    }

    private static Set<Object> needsOf(Wait wait) {
        Set<Object> needs = new LinkedHashSet<>(wait.roles);
        if (wait.needsHardware) {
            needs.add(HARDWARE);
        }
        if (wait.lock != null && wait.lock.holder() != null) {
            needs.add(wait.lock.holder());
        }
        return needs;
    }

    private @Nullable Wait waitOf(Object agent) {
        for (Wait wait : waits) {
            if (wait.agent.equals(agent)) {
                return wait;
            }
        }
        return null;
    }

    private String whyBusy(Object agent) {
        if (agent instanceof Role role) {
            Callback callback = callbackOf(role);
            return callback == null ? "" : ", which is in callback " + callback;
        }
        return "";
    }

    private static Set<Role> inOrder(Set<Role> roles) {
        Set<Role> ordered = EnumSet.noneOf(Role.class);
        ordered.addAll(roles);
        return ordered;
    }

    private Object here() {
        Role role = currentRole();
        if (role != null) {
            return role;
        }
        return hardware.isOn(Thread.currentThread()) ? HARDWARE : Thread.currentThread();
    }

    private static String name(@Nullable Object agent) {
        return agent instanceof Thread thread ? "thread " + thread.getName() : String.valueOf(agent);
    }
}
