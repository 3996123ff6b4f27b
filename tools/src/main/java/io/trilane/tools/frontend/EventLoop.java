package io.trilane.tools.frontend;

import io.trilane.engine.Client;
import io.trilane.engine.queue.Doorbell;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One thread, many connections: reads what came, lets the engine work, answers what finished, sleeps. The first loop of a
/// server drives the engine, so that a request of its connections is read, executed and answered in one turn without a
/// hand-over; other loops submit to it and are woken.
final class EventLoop implements Runnable {
    private static final System.Logger LOGGER = System.getLogger("io.trilane.tools");
    private static final int POLL_LIMIT = 64;
    private static final int MAX_DRIVE_CYCLES = 64;
    /// With tasks in flight the engine's own deadlines need a look now and then.
    private static final long MAX_SLEEP_NS = 100_000_000L;
    /// How often a busy loop looks at deadlines.
    private static final long DEADLINE_LOOK_NS = 5_000_000L;
    /// A client that sends one request at a time sends the next one sooner than a thread sleeps and wakes: so long the loop
    /// looks again before it sleeps.
    private static final long BUSY_POLL_NS = 50_000L;
    private static final long NS_PER_MILLI = 1_000_000L;

    private final LoopShare share;
    private final boolean drives;
    private final Doorbell doorbell;
    private final Selector selector;
    private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();
    private final List<Connection> connections = new ArrayList<>();
    private final ArrayDeque<Connection> ready = new ArrayDeque<>();
    private final LeavingClients leaving = new LeavingClients();
    private final List<Listener> listeners = new ArrayList<>();
    private final ArrayDeque<ConnectionBuffers> spares = new ArrayDeque<>();
    private final Consumer<SelectionKey> onSelected = this::onSelected;
    private long nowNs;
    private long deadlineLookNs;
    private boolean stopping;
    /// When a task last finished.
    private long workNs;
    private boolean drivesForOthers;
    private long stopDeadlineNs;
    private volatile boolean failed;

    /// @param drives   the engine is INVOKER and this loop drives it
    /// @param doorbell made with [Doorbell#waking] on `selector`, and if this loop drives, the one the engine was given
    EventLoop(LoopShare share, boolean drives, Doorbell doorbell, Selector selector) {
        this.share = share;
        this.drives = drives;
        this.doorbell = doorbell;
        this.selector = selector;
        this.drivesForOthers = drives;
        this.nowNs = share.nanoClock().getAsLong();
        this.workNs = nowNs;
    }

    @Override
    public void run() {
        try {
            while (!isDone()) {
                turn();
            }
        } catch (IOException | RuntimeException | Error e) {
            failed = true;
            LOGGER.log(System.Logger.Level.ERROR, "event loop failed", e);
            log("event loop failed: " + e);
        } finally {
            endAll();
        }
    }

    /// Stops: every protocol is told, commands under way are finished and answered, for at most `timeoutNs`. A loop that
    /// drives the engine goes on with that until [#stopDriving]. Any thread.
    void stop(long timeoutNs) {
        execute(() -> {
            stopping = true;
            stopDeadlineNs = nowNs + timeoutNs;
            for (Connection connection : List.copyOf(connections)) {
                tell(connection, connection.protocol()::onStop);
            }
        });
    }

    /// No other loop needs the engine any more. Any thread.
    void stopDriving() {
        execute(() -> drivesForOthers = false);
    }

    /// The thread has ended: what it was asked for too late is done, or undone, by the caller's.
    void finish() {
        stopping = true;
        runActions();
    }

    /// It ended because of an error. Any thread.
    boolean hasFailed() {
        return failed;
    }

    /// Runs on this loop's thread, soon. Any thread.
    void execute(Runnable action) {
        actions.add(action);
        doorbell.ring();
    }

    /// This loop accepts for `listener`. Any thread.
    void add(Listener listener) {
        execute(() -> {
            try {
                listener.register(selector);
                listeners.add(listener);
            } catch (IOException e) {
                log("listener failed: " + e.getMessage());
            }
        });
    }

    /// Takes a socket that was just accepted; on this loop's thread.
    void adopt(SocketChannel channel, FrontEnd frontEnd, Runnable onClosed) {
        if (stopping) {
            closeQuietly(channel);
            onClosed.run();
            return;
        }
        ConnectionBuffers spare = spares.poll();
        ConnectionBuffers buffers = spare == null ? ConnectionBuffers.allocate() : spare;
        try {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            Connection connection = new Connection(this, channel, key, buffers, frontEnd.name(), onClosed);
            connection.setProtocol(frontEnd.accept(connection));
            key.attach(connection);
            connections.add(connection);
            enqueue(connection);
        } catch (IOException | RuntimeException e) {
            log(frontEnd.name() + " accept failed: " + e);
            closeQuietly(channel);
            spares.push(buffers);
            onClosed.run();
        }
    }

    /// The connection needs a look in this turn.
    void touch(Connection connection) {
        if (connections.contains(connection)) {
            enqueue(connection);
        }
    }

    /// Every protocol of this loop hears of it. Any thread.
    void publish(ServerEvent event) {
        execute(() -> {
            for (Connection connection : List.copyOf(connections)) {
                tell(connection, () -> connection.protocol().onEvent(event));
            }
        });
    }

    Client openClient(String initiatorPort, String targetPort) throws IOException {
        try {
            return share.engine().openClient(initiatorPort, targetPort, doorbell);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    DataWindows windows() {
        return share.windows();
    }

    StatisticsFile statistics() {
        return share.statistics();
    }

    long nowNs() {
        return nowNs;
    }

    void log(String line) {
        share.log().accept(line);
    }

    private boolean isDone() {
        boolean isOver = connections.isEmpty() && leaving.isEmpty() || nowNs - stopDeadlineNs >= 0;
        return stopping && isOver && !drivesForOthers;
    }

    /// Everything that can be done now, then sleep.
    private void turn() throws IOException {
        nowNs = share.nanoClock().getAsLong();
        runActions();
        // Those that become ready meanwhile have their turn after the others were served.
        for (int i = ready.size(); i > 0 && !ready.isEmpty(); i--) {
            Connection connection = ready.removeFirst();
            boolean _ = connection.markReady(false);
            read(connection);
        }
        int work = drive();
        for (int i = connections.size() - 1; i >= 0; i--) {
            work += serve(connections.get(i));
        }
        work += leaving.poll();
        if (nowNs - deadlineLookNs >= DEADLINE_LOOK_NS) {
            long _ = lookAtDeadlines();
        }
        workNs = work > 0 ? nowNs : workNs;
        int _ = nowNs - workNs > BUSY_POLL_NS && work == 0 && ready.isEmpty() ? sleep()
                : selector.selectNow(onSelected);
    }

    private void runActions() {
        Runnable action;
        while ((action = actions.poll()) != null) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOGGER.log(System.Logger.Level.ERROR, "action failed, our bug", e);
            }
        }
    }

    private int sleep() throws IOException {
        long sleepNs = lookAtDeadlines();
        doorbell.prepareToSleep();
        boolean awake = sleepNs <= 0 || !ready.isEmpty() || !actions.isEmpty() || drive() > 0 || hasFinishedTasks();
        long millis = sleepNs == Protocol.NEVER ? 0 : sleepNs / NS_PER_MILLI + 1;
        int selected = awake ? selector.selectNow(onSelected) : selector.select(onSelected, millis);
        doorbell.stayAwake();
        return selected;
    }

    /// Tells those whose deadline has come; returns the time until the next one.
    private long lookAtDeadlines() {
        deadlineLookNs = nowNs;
        long sleepNs = leaving.isEmpty() && !stopping ? Protocol.NEVER : MAX_SLEEP_NS;
        for (int i = 0; i < listeners.size(); i++) {
            sleepNs = Math.min(sleepNs, listeners.get(i).pauseNs(nowNs));
        }
        for (int i = connections.size() - 1; i >= 0; i--) {
            Connection connection = connections.get(i);
            if (connection.isDue(nowNs)) {
                long now = nowNs;
                tell(connection, () -> connection.onDeadline(now));
                sleepNs = 0;
            }
            sleepNs = Math.min(sleepNs, connection.patienceNs(nowNs, MAX_SLEEP_NS));
        }
        return sleepNs;
    }

    private boolean hasFinishedTasks() {
        for (int i = connections.size() - 1; i >= 0; i--) {
            if (connections.get(i).hasCompletions()) {
                return true;
            }
        }
        return leaving.hasCompletions();
    }

    private int drive() {
        if (!drives) {
            return 0;
        }
        int work = 0;
        int done;
        int cycles = 0;
        while (cycles++ < MAX_DRIVE_CYCLES && (done = share.engine().doWork()) > 0) {
            work += done;
        }
        return work;
    }

    private void onSelected(SelectionKey key) {
        if (key.attachment() instanceof Connection connection) {
            connection.inbox().refill();
            touch(connection);
        } else if (key.attachment() instanceof Listener listener) {
            listener.accept(nowNs);
        }
    }

    private void read(Connection connection) {
        if (connection.isClosing() || connection.isPaused()) {
            return;
        }
        try {
            if (connection.protocol().onReadable() || connection.transport().hasUnread()) {
                enqueue(connection);
            }
        } catch (IOException | RuntimeException e) {
            fail(connection, e);
        }
    }

    /// Answers what has finished, sends, resumes, ends; returns the tasks answered.
    private int serve(Connection connection) {
        try {
            int polled = connection.poll(POLL_LIMIT);
            boolean isSent = connection.outbox().flush();
            boolean isOver = connection.isClosing() || stopping && connection.protocol().isIdle();
            if (isOver && isSent) {
                end(connection, connection.closeReason());
            } else {
                if (connection.resume(polled > 0, nowNs)) {
                    enqueue(connection);
                }
                connection.updateInterest(!isSent);
            }
            return polled;
        } catch (IOException | RuntimeException e) {
            fail(connection, e);
            return 0;
        }
    }

    private void tell(Connection connection, Step step) {
        try {
            step.run();
            enqueue(connection);
        } catch (IOException | RuntimeException e) {
            fail(connection, e);
        }
    }

    private void enqueue(Connection connection) {
        if (connection.markReady(true)) {
            ready.add(connection);
        }
    }

    /// A peer that goes while it has nothing under way is no news.
    private void fail(Connection connection, Exception failure) {
        if (failure instanceof RuntimeException) {
            LOGGER.log(System.Logger.Level.ERROR, "connection failed, our bug", failure);
            end(connection, "failed: " + failure);
        } else {
            boolean isNews = !(failure instanceof EOFException) || !connection.protocol().isIdle();
            end(connection, isNews ? failure.getMessage() : null);
        }
    }

    void end(Connection connection, @Nullable String reason) {
        if (!connections.remove(connection)) {
            return;
        }
        boolean _ = ready.remove(connection);
        if (reason != null) {
            connection.log("closed: " + reason);
        }
        try {
            connection.end();
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "connection did not end well, our bug", e);
        }
        spares.push(connection.buffers());
        Client client = connection.client();
        if (client != null) {
            leaving.add(client, connection.heldTasks());
        }
    }

    private void endAll() {
        while (!connections.isEmpty()) {
            end(connections.getLast(), "server stops");
        }
        try {
            int _ = leaving.poll();
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "clients were not closed, the engine closes them", e);
        }
        if (drives) {
            share.engine().releaseDriver();
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }

    /// What a protocol is told.
    private interface Step {
        void run() throws IOException;
    }
}
