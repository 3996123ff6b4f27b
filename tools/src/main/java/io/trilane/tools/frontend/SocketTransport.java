package io.trilane.tools.frontend;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// A plain socket, TCP or unix.
public final class SocketTransport implements Transport {
    private final SocketChannel channel;

    public SocketTransport(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public long read(ByteBuffer[] targets, int count) throws IOException {
        try {
            return count == 1 ? channel.read(targets[0]) : channel.read(targets, 0, count);
        } catch (IOException e) {
            throw gone(e);
        }
    }

    @Override
    public long write(ByteBuffer[] sources, int count) throws IOException {
        try {
            return count == 1 ? channel.write(sources[0]) : channel.write(sources, 0, count);
        } catch (IOException e) {
            throw gone(e);
        }
    }

    /// Reset, broken pipe, timed out: whatever the system calls it, the stream has ended.
    private static EOFException gone(IOException cause) {
        EOFException end = new EOFException("peer has gone (" + cause.getMessage() + ")");
        EOFException _ = (EOFException) end.initCause(cause);
        return end;
    }

    @Override
    public boolean hasUnsent() {
        return false;
    }

    @Override
    public boolean hasUnread() {
        return false;
    }

    @Override
    public void close() {
        // The channel is the connection's to close.
    }
}
