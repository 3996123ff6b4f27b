package io.trilane.tools.nbd;

import io.trilane.engine.task.HotPath;
import io.trilane.tools.frontend.Connection;
import io.trilane.tools.frontend.Protocol;
import java.io.IOException;

/// Notices a peer that stops in the middle of a message and so keeps hold of memory: it sends no payload, or reads no
/// reply. An idle peer may be idle for ever. Belongs to its connection's event loop.
@HotPath
final class PeerWatch {
    /// Fewer in the whole time are no progress: a peer must not hold memory with a byte now and then.
    private static final long LEAST_BYTES = 64 << 10;

    private final Connection connection;
    private final long timeoutNs;
    private long progressNs;
    private long sentBytes;
    private boolean wasQueued;

    PeerWatch(Connection connection, long timeoutNs) {
        this.connection = connection;
        this.timeoutNs = timeoutNs;
        this.progressNs = connection.nowNs();
    }

    void onProgress() {
        progressNs = connection.nowNs();
    }

    /// @param isReceiving payload is outstanding
    long deadlineNs(boolean isReceiving) {
        long queued = connection.outbox().queuedBytes();
        long sent = connection.outbox().sentBytes();
        if (queued != 0 && !wasQueued || sent - sentBytes >= LEAST_BYTES || queued == 0 && !isReceiving) {
            sentBytes = sent;
            onProgress();
        }
        wasQueued = queued != 0;
        return queued == 0 && !isReceiving ? Protocol.NEVER : progressNs + timeoutNs;
    }

    void onDeadline(long nowNs) throws IOException {
        throw new IOException("peer has been silent for ms=" + (nowNs - progressNs) / 1_000_000
                + " in the middle of a message, unsentBytes=" + connection.outbox().queuedBytes());
    }
}
