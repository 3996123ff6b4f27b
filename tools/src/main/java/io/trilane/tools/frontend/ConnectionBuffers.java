package io.trilane.tools.frontend;

import java.nio.ByteBuffer;

/// Off-heap memory of one connection, used again by the next: freeing it would wait for the garbage collector.
///
/// @param inbox  staged input
/// @param outbox headers to be written
record ConnectionBuffers(ByteBuffer inbox, ByteBuffer outbox) {
    static final int INBOX_BYTES = 64 << 10;
    static final int OUTBOX_BYTES = 64 << 10;

    static ConnectionBuffers allocate() {
        return new ConnectionBuffers(ByteBuffer.allocateDirect(INBOX_BYTES), ByteBuffer.allocateDirect(OUTBOX_BYTES));
    }
}
