package io.trilane.tools.frontend;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A byte stream that never blocks: a socket, or TLS on a socket. Belongs to its connection's event loop.
public interface Transport {
    /// What [#read] answers at the end of the stream.
    int END = -1;

    /// Reads into the buffers in order; returns the bytes read, 0 when there are none now, [#END] when the peer has ended.
    long read(ByteBuffer[] targets, int count) throws IOException;

    /// Writes from the buffers in order as much as goes now; returns the bytes that left the buffers.
    long write(ByteBuffer[] sources, int count) throws IOException;

    /// True while bytes that left their buffers have not reached the socket: call [#write] again when it is writable.
    boolean hasUnsent();

    /// True when [#read] would find bytes without the socket becoming readable.
    boolean hasUnread();

    /// Ends the stream as the protocol asks for; the socket is closed by the connection.
    void close() throws IOException;
}
