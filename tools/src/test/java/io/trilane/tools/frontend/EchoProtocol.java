package io.trilane.tools.frontend;

import io.trilane.engine.task.Task;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/// Says back what it hears, as far as the outbox has room. A line that begins with `!` makes it fail as a bug would; `?`
/// closes after the answer, `*` wants to be called again for ever.
final class EchoProtocol implements Protocol {
    private final Connection connection;
    private final AtomicInteger closed;
    private final AtomicInteger events;
    private boolean stopped;
    private boolean spins;
    long deadlineNs = NEVER;

    EchoProtocol(Connection connection, AtomicInteger closed, AtomicInteger events) {
        this.connection = connection;
        this.closed = closed;
        this.events = events;
    }

    static FrontEnd frontEnd(AtomicInteger closed, AtomicInteger events) {
        return new FrontEnd() {
            @Override
            public String name() {
                return "echo";
            }

            @Override
            public Protocol accept(Connection connection) {
                return new EchoProtocol(connection, closed, events);
            }
        };
    }

    @Override
    public boolean onReadable() throws IOException {
        Inbox inbox = connection.inbox();
        while (inbox.require(1)) {
            int length = Math.min(inbox.available(), 1000);
            if (!connection.outbox().hasRoom(1, length)) {
                connection.pauseReading();
                return false;
            }
            byte first = inbox.staged().get(inbox.position());
            if (first == '!') {
                throw new IllegalStateException("planted");
            }
            if (first == '*') {
                spins = true;
            }
            if (first == '~') {
                deadlineNs = connection.nowNs() + 20_000_000L;
            }
            int at = connection.outbox().header(length);
            for (int i = 0; i < length; i++) {
                connection.outbox().ring().put(at + i, inbox.staged().get(inbox.position() + i));
            }
            inbox.skip(length);
            if (first == '?') {
                connection.close("asked to");
                return false;
            }
        }
        return spins;
    }

    @Override
    public void onTask(Task task) {
        throw new IllegalStateException("no task was submitted");
    }

    @Override
    public long deadlineNs() {
        return deadlineNs;
    }

    @Override
    public void onDeadline(long nowNs) {
        deadlineNs = NEVER;
        int at = connection.outbox().header(1);
        connection.outbox().ring().put(at, (byte) '.');
    }

    @Override
    public void onEvent(ServerEvent event) {
        events.incrementAndGet();
    }

    @Override
    public void onStop() {
        stopped = true;
    }

    @Override
    public boolean isIdle() {
        return stopped || connection.inbox().available() == 0;
    }

    @Override
    public void onClosed() {
        closed.incrementAndGet();
    }
}
