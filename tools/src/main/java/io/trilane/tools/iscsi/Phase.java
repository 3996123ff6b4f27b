package io.trilane.tools.iscsi;

import io.trilane.engine.task.Task;
import io.trilane.tools.frontend.Protocol;
import io.trilane.tools.frontend.ServerEvent;
import java.io.IOException;

/// What a connection does with PDUs: first it logs in, then it serves. On the connection's event loop.
interface Phase {
    long NEVER = Protocol.NEVER;

    /// A header was read; says where its data goes. False: not now, reading is paused, it is asked again.
    boolean onHeader() throws IOException;

    /// The whole PDU was read.
    void onPdu() throws IOException;

    /// There may be room in the outbox again.
    void onRoom(long nowNs);

    /// Bytes came.
    void onSignOfLife(long nowNs);

    void onTask(Task task) throws IOException;

    long deadlineNs();

    void onDeadline(long nowNs) throws IOException;

    void onEvent(ServerEvent event);

    void onStop(long nowNs);

    boolean isIdle();

    void onClosed();
}
