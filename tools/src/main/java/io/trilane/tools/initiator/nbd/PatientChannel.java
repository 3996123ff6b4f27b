package io.trilane.tools.initiator.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A socket that does not block, with its selector. Until [#setPatience] is over it can be read and written as if it did:
/// a peer that says nothing, or byte after byte, ends in an exception. Belongs to one thread.
final class PatientChannel implements AutoCloseable {
    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final LongSupplier nanoClock;
    private long deadlineNs;
    private long patienceNs;

    private PatientChannel(SocketChannel channel, Selector selector, LongSupplier nanoClock) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.nanoClock = nanoClock;
        channel.configureBlocking(false);
        this.key = channel.register(selector, 0);
    }

    /// @param patienceNs for the connection and all that follows, until the next [#setPatience]
    static PatientChannel connect(SocketAddress address, LongSupplier nanoClock, long patienceNs) throws IOException {
        SocketAddress resolved = resolve(address);
        boolean isTcp = resolved instanceof InetSocketAddress;
        SocketChannel channel = isTcp ? SocketChannel.open() : SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = null;
        try {
            if (isTcp) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            selector = Selector.open();
            PatientChannel patient = new PatientChannel(channel, selector, nanoClock);
            patient.setPatience(patienceNs);
            patient.connect(resolved);
            return patient;
        } catch (IOException | RuntimeException e) {
            if (selector != null) {
                selector.close();
            }
            channel.close();
            throw e;
        }
    }

    SocketChannel channel() {
        return channel;
    }

    Selector selector() {
        return selector;
    }

    SelectionKey key() {
        return key;
    }

    /// Starts a new span of patience.
    void setPatience(long newPatienceNs) {
        patienceNs = newPatienceNs;
        deadlineNs = nanoClock.getAsLong() + newPatienceNs;
    }

    /// The next `length` bytes of the peer, ready to be read.
    ByteBuffer read(int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer);
            if (read < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (read == 0) {
                await(SelectionKey.OP_READ);
            }
        }
        return buffer.flip();
    }

    void write(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.write(buffer) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }

    private void connect(SocketAddress address) throws IOException {
        if (!channel.connect(address)) {
            while (!channel.finishConnect()) {
                await(SelectionKey.OP_CONNECT);
            }
        }
    }

    private void await(int operations) throws IOException {
        long leftNs = deadlineNs - nanoClock.getAsLong();
        if (leftNs <= 0) {
            throw new IOException("no answer within patienceNs=" + patienceNs + ", is it an NBD server?");
        }
        key.interestOps(operations);
        int _ = selector.select(_ -> {}, TimeUnit.NANOSECONDS.toMillis(leftNs) + 1);
    }

    private static SocketAddress resolve(SocketAddress address) throws IOException {
        if (address instanceof InetSocketAddress named && named.isUnresolved()) {
            InetSocketAddress resolved = new InetSocketAddress(named.getHostString(), named.getPort());
            if (resolved.isUnresolved()) {
                throw new IOException("host=" + named.getHostString() + " is not known, check the name");
            }
            return resolved;
        }
        return address;
    }
}
