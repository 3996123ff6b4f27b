package io.trilane.tools.frontend;

import io.trilane.engine.task.Task;
import java.io.IOException;

/// What a protocol does with one connection. Every call comes on the thread of the connection's event loop and must not
/// block. An [IOException] closes the connection; its message is logged as one line.
public interface Protocol {
    /// No deadline.
    long NEVER = Long.MAX_VALUE;

    /// Bytes came, or there is room again after [Connection#pauseReading]: parses what is there through the [Inbox], submits
    /// tasks, answers into the [Outbox]. Returns true when it stopped for the sake of other connections with bytes still
    /// staged, and wants to be called again.
    boolean onReadable() throws IOException;

    /// A task of this connection's client has finished: answers it and sees to its release.
    void onTask(Task task) throws IOException;

    /// When [#onDeadline] is due, in the clock of [Connection#nowNs]; [#NEVER]: not at all. Asked before the loop sleeps.
    long deadlineNs();

    /// The time of [#deadlineNs] has come.
    void onDeadline(long nowNs) throws IOException;

    /// Something at the engine's targets has changed.
    default void onEvent(ServerEvent event) throws IOException {}

    /// The server stops: takes no new commands, tells the peer if the protocol can. The connection is closed when
    /// [#isIdle] and everything is written.
    void onStop() throws IOException;

    /// No command is under way.
    boolean isIdle();

    /// The connection is closed, nothing can be sent. Tasks that were claimed and not submitted are to be released here;
    /// those in flight are taken back by the loop, which then closes the client.
    void onClosed();
}
