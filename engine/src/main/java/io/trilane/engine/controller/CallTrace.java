package io.trilane.engine.controller;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Every crossing between a framework and its controller, in both directions: who, when, how deep, with what and how it
/// ended. A crossing is written down when it begins and completed when it ends, so that a call that never returns can be
/// seen as open.
///
/// Belongs to one engine; any thread may record and read. It allocates per crossing, so an engine attaches one only when
/// it is asked to; without one the controller is not wrapped and pays nothing. Not seen, because they are no methods of
/// the SPI: the queues, the interrupt line, registered locks, and the polling of [Framework#awaitHardware].
public final class CallTrace {
    /// The track of the hardware agent.
    public static final String HARDWARE_TRACK = "hardware";

    private final int capacity;
    private final List<Span> spans = new ArrayList<>();
    private final Map<Thread, Lane> lanes = new HashMap<>();
    private @Nullable Attachment attachment;
    private long dropped;

    /// Which way a crossing goes.
    public enum Direction {
        /// The framework calls the controller.
        TO_CONTROLLER("→", "framework→controller"),
        /// The controller calls the framework.
        TO_FRAMEWORK("←", "controller→framework"),
        /// No crossing: a remark.
        NOTE("·", "note");

        private final String sign;
        private final String text;

        Direction(String sign, String text) {
            this.sign = sign;
            this.text = text;
        }

        /// One character, for a tree.
        public String sign() {
            return sign;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// One crossing, or one remark.
    ///
    /// @param sequence   0, 1, 2 .. in the order in which crossings began
    /// @param startNs    when it began, since the trace was attached
    /// @param durationNs how long it took, or [#OPEN]
    /// @param track      the role it was made on, [#HARDWARE_TRACK], or the name of the thread
    /// @param depth      how many crossings of the same thread were open when it began
    /// @param direction  which way
    /// @param call       the method's name as in the SPI; the remark itself for a note
    /// @param arguments  in short; a token is `slot/generation`
    /// @param result     in short; empty for a call without a result and while it is open
    public record Span(int sequence, long startNs, long durationNs, String track, int depth, Direction direction,
            String call, String arguments, String result) {

        /// The duration of a call that has not returned.
        public static final long OPEN = -1;

        public boolean isOpen() {
            return durationNs == OPEN;
        }

        Span ended(long endNs, String newResult) {
            return new Span(sequence, startNs, endNs - startNs, track, depth, direction, call, arguments, newResult);
        }
    }

    /// What a thread is in the middle of; kept only while that is anything.
    private static final class Lane {
        private int openCalls;
        private int hardwareCycles;
    }

    private record Attachment(ReentrancyGuard guard, LongSupplier nanoClock, long startNs) {}

    /// @param capacity most crossings and notes that are kept; those behind them are only counted
    public CallTrace(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity=" + capacity + " < 1, keep at least one span");
        }
        this.capacity = capacity;
    }

    public int capacity() {
        return capacity;
    }

    /// Attaches the trace to an engine: what the engine calls instead of `controller`. Once.
    ///
    /// @param guard     knows which role the caller is on
    /// @param nanoClock the engine's clock
    public synchronized Controller around(Controller controller, ReentrancyGuard guard, LongSupplier nanoClock) {
        if (attachment != null) {
            throw new IllegalStateException(
                    "the trace is attached to an engine already, give each engine a trace of its own");
        }
        attachment = new Attachment(guard, nanoClock, nanoClock.getAsLong());
        return new TracedController(this, controller);
    }

    /// Writes a remark down at its place between the crossings. Only after [#around].
    public void note(String text) {
        String track = roleName();
        synchronized (this) {
            if (hasRoom()) {
                Lane lane = lanes.getOrDefault(Thread.currentThread(), new Lane());
                spans.add(new Span(spans.size(), nowNs(), 0, trackOf(track, lane), lane.openCalls, Direction.NOTE, text,
                        "", ""));
            }
        }
    }

    /// What was recorded, in the order in which it began.
    public synchronized List<Span> spans() {
        return List.copyOf(spans);
    }

    /// Crossings and notes that came when the trace was full.
    public synchronized long dropped() {
        return dropped;
    }

    /// The conversation for a person: a line per crossing with the time since the trace was attached, indented by depth.
    public String tree() {
        List<Span> all;
        long lost;
        synchronized (this) {
            all = List.copyOf(spans);
            lost = dropped;
        }
        return new CallTree(all).text() + (lost == 0 ? ""
                : "dropped=" + lost + " spans beyond capacity=" + capacity + ", give the trace a larger capacity\n");
    }

    /// Makes a call and writes it down. An exception is its result, and goes on.
    ///
    /// @param arguments asked for before the call, and only when there is room
    /// @param <T>       what the call answers
    <T extends @Nullable Object> T call(Direction direction, String call, Supplier<String> arguments,
            Supplier<T> body) {
        int span = begin(direction, call, arguments);
        T result;
        try {
            result = body.get();
        } catch (RuntimeException | Error e) {
            end(span, "threw " + e);
            throw e;
        }
        end(span, Brief.result(result));
        return result;
    }

    /// The same for a call that answers nothing.
    void run(Direction direction, String call, Supplier<String> arguments, Runnable body) {
        int span = begin(direction, call, arguments);
        try {
            body.run();
        } catch (RuntimeException | Error e) {
            end(span, "threw " + e);
            throw e;
        }
        end(span, "");
    }

    /// The hardware agent's cycle begins on this thread: what it calls is on the track of the hardware.
    synchronized void beginHardware() {
        lanes.computeIfAbsent(Thread.currentThread(), _ -> new Lane()).hardwareCycles++;
    }

    synchronized void endHardware() {
        Lane lane = Objects.requireNonNull(lanes.get(Thread.currentThread()));
        lane.hardwareCycles--;
        forgetIfIdle(lane);
    }

    /// The index of the new span, or -1 when there is no room.
    private int begin(Direction direction, String call, Supplier<String> arguments) {
        // Before the trace is locked: the guard has a lock of its own, and calls back while it holds it.
        String role = roleName();
        String text = isFull() ? "" : arguments.get();
        synchronized (this) {
            Lane lane = lanes.computeIfAbsent(Thread.currentThread(), _ -> new Lane());
            int depth = lane.openCalls++;
            if (!hasRoom()) {
                return -1;
            }
            spans.add(new Span(spans.size(), nowNs(), Span.OPEN, trackOf(role, lane), depth, direction, call, text,
                    ""));
            return spans.size() - 1;
        }
    }

    private synchronized void end(int span, String result) {
        if (span >= 0) {
            spans.set(span, spans.get(span).ended(nowNs(), result));
        }
        Lane lane = Objects.requireNonNull(lanes.get(Thread.currentThread()));
        lane.openCalls--;
        forgetIfIdle(lane);
    }

    private synchronized boolean isFull() {
        return spans.size() == capacity;
    }

    private boolean hasRoom() {
        boolean room = spans.size() < capacity;
        dropped += room ? 0 : 1;
        return room;
    }

    private void forgetIfIdle(Lane lane) {
        if (lane.openCalls == 0 && lane.hardwareCycles == 0) {
            lanes.remove(Thread.currentThread());
        }
    }

    private long nowNs() {
        Attachment attached = attached();
        return attached.nanoClock.getAsLong() - attached.startNs;
    }

    private synchronized Attachment attached() {
        if (attachment == null) {
            throw new IllegalStateException("the trace is not attached to an engine, launch one with it first");
        }
        return attachment;
    }

    /// The role that the caller is on, or empty.
    private String roleName() {
        Object role = attached().guard.currentRole();
        return role == null ? "" : role.toString();
    }

    /// A role that is pumped from within a hardware cycle is still that role.
    private static String trackOf(String role, Lane lane) {
        if (!role.isEmpty()) {
            return role;
        }
        Thread thread = Thread.currentThread();
        String name = thread.getName();
        return lane.hardwareCycles > 0 ? HARDWARE_TRACK : name.isEmpty() ? "thread " + thread.threadId() : name;
    }
}
