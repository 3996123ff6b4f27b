package io.trilane.tools.frontend;

import io.trilane.engine.Client;
import io.trilane.engine.task.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One peer: its socket, its buffers, its protocol and, once it has logged in, its client. Belongs to its event loop.
public final class Connection {
    /// After a pause for want of memory that others hold: soon when nothing of its own can move, seldom otherwise.
    private static final long RETRY_NS = 1_000_000L;
    private static final long SELDOM_RETRY_NS = 20_000_000L;
    /// How long a peer may take to read what is sent before its connection closes.
    private static final long LINGER_NS = 5_000_000_000L;

    private final EventLoop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ConnectionBuffers buffers;
    private final Inbox inbox;
    private final Outbox outbox;
    private final String peer;
    private final String frontEnd;
    private Transport transport;
    private Protocol protocol;
    private @Nullable Client client;
    private @Nullable NexusStatistics statistics;
    private final Consumer<Task> onTask = this::onTask;
    private final Runnable onClosed;
    private final List<Task> heldTasks = new ArrayList<>();
    private @Nullable IOException taskFailure;
    private long queuedAtPause;
    private long pausedNs;
    /// Set by another thread: nothing more reaches the engine.
    private volatile boolean cut;
    /// Between a look at [#cut] and the end of a submission: who cuts waits for that.
    private volatile boolean submitting;
    private boolean ready;
    private boolean paused;
    private boolean closing;
    private long closingNs;
    private @Nullable String closeReason;

    @SuppressWarnings("NullAway.Init")
    Connection(EventLoop loop, SocketChannel channel, SelectionKey key, ConnectionBuffers buffers, String frontEnd,
            Runnable onClosed) throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.key = key;
        this.buffers = buffers;
        this.frontEnd = frontEnd;
        this.onClosed = onClosed;
        this.transport = new SocketTransport(channel);
        this.inbox = new Inbox(buffers.inbox(), loop.windows(), transport);
        this.outbox = new Outbox(buffers.outbox(), loop.windows(), transport);
        SocketAddress remote = channel.getRemoteAddress();
        this.peer = remote == null || remote.toString().isEmpty() ? "local" : remote.toString().replaceFirst("^/", "");
    }

    void setProtocol(Protocol newProtocol) {
        protocol = newProtocol;
    }

    public Inbox inbox() {
        return inbox;
    }

    public Outbox outbox() {
        return outbox;
    }

    /// Opens the client for whose nexus this connection stands; once.
    ///
    /// @throws IOException the engine has no nexus left, or does not answer
    public Client openClient(String initiatorPort, String targetPort) throws IOException {
        Client opened = loop.openClient(initiatorPort, targetPort);
        client = opened;
        outbox.setClient(opened);
        statistics = loop.statistics().open(opened.nexus().id(), frontEnd + " " + peer + " " + initiatorPort);
        return opened;
    }

    /// Hands a task of this connection's client to the engine, and counts it; false: refused, the task is still the
    /// caller's. Otherwise it comes back in [Protocol#onTask].
    public boolean submit(Task task) {
        submitting = true;
        try {
            if (cut) {
                return false;
            }
            NexusStatistics counts = statistics();
            counts.started(task);
            if (Objects.requireNonNull(client).submit(task)) {
                return true;
            }
            counts.withdrawn(task);
            return false;
        } finally {
            submitting = false;
        }
    }

    /// Where this nexus counts what it does; after [#openClient].
    public NexusStatistics statistics() {
        return Objects.requireNonNull(statistics, "statistics come with openClient");
    }

    /// The engine's task data, for digests.
    public DataWindows windows() {
        return loop.windows();
    }

    /// Where the peer connected to. For TCP only.
    public InetSocketAddress localAddress() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The client, once there is one.
    public @Nullable Client client() {
        return client;
    }

    /// For [Protocol#onClosed]: a task whose memory one in flight still uses goes back when all are back.
    public void releaseAfterTasks(Task task) {
        heldTasks.add(task);
    }

    List<Task> heldTasks() {
        return heldTasks;
    }

    /// From here on bytes go through `wrapper`, for example TLS. Nothing may be staged or queued.
    public void upgrade(Transport wrapper) {
        transport = wrapper;
        inbox.setTransport(wrapper);
        outbox.setTransport(wrapper);
    }

    /// What [#upgrade] wraps.
    public Transport transport() {
        return transport;
    }

    /// For log lines: address and port, or `local`.
    public String peer() {
        return peer;
    }

    /// The loop's clock, in nanoseconds; read once per cycle.
    public long nowNs() {
        return loop.nowNs();
    }

    /// There is no room for what the peer asks: nothing more is read until a task has finished, the outbox has moved or some
    /// milliseconds have passed, then [Protocol#onReadable] is called again.
    public void pauseReading() {
        paused = true;
        pausedNs = loop.nowNs();
        queuedAtPause = outbox.queuedBytes();
    }

    /// Closes when the outbox is written, or when the peer has not taken it within some seconds; `reason` is logged unless it
    /// is null. No more is read.
    public void close(@Nullable String reason) {
        if (!closing) {
            closing = true;
            closingNs = loop.nowNs();
            closeReason = reason;
        }
    }

    /// Ends another connection of the same or another loop at once: session reinstatement. Nothing more of it reaches the
    /// engine, what it has not sent is dropped. Any thread.
    public void dropFromOutside(String reason) {
        cut = true;
        // Without this, a submission that looked before would reach the engine behind those of the new session.
        while (submitting) {
            Thread.onSpinWait();
        }
        loop.execute(() -> loop.end(this, reason));
    }

    /// Closes another connection of the same or another loop. Any thread.
    public void closeFromOutside(String reason) {
        loop.execute(() -> {
            close(reason);
            loop.touch(this);
        });
    }

    /// Runs on this connection's loop, soon; then what is in the outbox is sent. Any thread.
    public void execute(Runnable action) {
        loop.execute(() -> {
            action.run();
            loop.touch(this);
        });
    }

    public boolean isClosing() {
        return closing;
    }

    /// One line about this connection.
    public void log(String text) {
        loop.log(frontEnd + " peer=" + peer + " " + text);
    }

    Protocol protocol() {
        return protocol;
    }

    ConnectionBuffers buffers() {
        return buffers;
    }

    /// Gives finished tasks to the protocol; returns how many.
    int poll(int limit) throws IOException {
        Client open = client;
        if (open == null || open.inFlight() == 0) {
            return 0;
        }
        int polled = open.poll(onTask, limit);
        if (taskFailure != null) {
            throw taskFailure;
        }
        return polled;
    }

    boolean hasCompletions() {
        return client != null && client.hasCompletions();
    }

    boolean hasTasksInFlight() {
        return client != null && client.inFlight() > 0;
    }

    /// True when reading was paused and there may be room again: its own tasks or bytes have moved, or enough time has
    /// passed for others to have given room back.
    boolean resume(boolean tasksFinished, long nowNs) {
        boolean moved = tasksFinished || outbox.queuedBytes() < queuedAtPause;
        boolean resumes = paused && (moved || retryNs(nowNs) == 0);
        if (resumes) {
            paused = false;
        }
        return resumes;
    }

    /// How long the loop may sleep at most before it tries again; [Protocol#NEVER] unless reading is paused.
    long retryNs(long nowNs) {
        if (!paused) {
            return Protocol.NEVER;
        }
        long patienceNs = outbox.isEmpty() && !hasTasksInFlight() ? RETRY_NS : SELDOM_RETRY_NS;
        return Math.max(0, patienceNs - (nowNs - pausedNs));
    }

    /// The time of [#deadlineNs] has come.
    boolean isDue(long nowNs) {
        long dueNs = deadlineNs();
        return dueNs != Protocol.NEVER && nowNs - dueNs >= 0;
    }

    /// How long the loop may sleep as far as this connection goes.
    ///
    /// @param inFlightNs at most, while it has tasks under way
    long patienceNs(long nowNs, long inFlightNs) {
        long dueNs = deadlineNs();
        long untilDueNs = dueNs == Protocol.NEVER ? Protocol.NEVER : dueNs - nowNs;
        long patienceNs = Math.min(untilDueNs, retryNs(nowNs));
        return hasTasksInFlight() ? Math.min(patienceNs, inFlightNs) : patienceNs;
    }

    /// As [Protocol#deadlineNs]; once it closes, when it does so in any case.
    long deadlineNs() {
        return closing ? closingNs + LINGER_NS : protocol.deadlineNs();
    }

    void onDeadline(long nowNs) throws IOException {
        if (closing) {
            throw new IOException((closeReason == null ? "" : closeReason + "; ") + "unsentBytes="
                    + outbox.queuedBytes() + " were not read");
        }
        protocol.onDeadline(nowNs);
    }

    /// Notes whether the loop has it in its list; true when that is new.
    boolean markReady(boolean isReady) {
        boolean changed = ready != isReady;
        ready = isReady;
        return changed;
    }

    /// The loop has taken it out: nothing is read or written any more.
    void end() {
        try {
            transport.close();
        } catch (IOException _) {
            // The peer may be gone already.
        }
        try {
            channel.close();
        } catch (IOException _) {
            // It is gone either way.
        }
        protocol.onClosed();
        outbox.abandon();
        if (statistics != null) {
            statistics.close();
        }
        onClosed.run();
    }

    boolean isPaused() {
        return paused;
    }

    @Nullable
    String closeReason() {
        return closeReason;
    }

    /// What the selector shall report.
    void updateInterest(boolean writing) {
        int wanted = (paused || closing ? 0 : SelectionKey.OP_READ) | (writing ? SelectionKey.OP_WRITE : 0);
        if (key.isValid() && key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    private void onTask(Task task) {
        statistics().finished(task);
        try {
            protocol.onTask(task);
        } catch (IOException e) {
            taskFailure = e;
        }
    }
}
