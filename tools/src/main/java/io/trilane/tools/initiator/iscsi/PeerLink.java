package io.trilane.tools.initiator.iscsi;

import io.trilane.tools.frontend.DataWindows;
import io.trilane.tools.frontend.Inbox;
import io.trilane.tools.frontend.Outbox;
import io.trilane.tools.frontend.SocketTransport;
import io.trilane.tools.iscsi.PduReader;
import io.trilane.tools.iscsi.PduWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A socket that never blocks, with what reads and writes PDUs on it. Belongs to the thread that opened it.
final class PeerLink implements AutoCloseable {
    private static final int INBOX_BYTES = 64 << 10;
    private static final int OUTBOX_BYTES = 256 << 10;
    private static final long SLEEP_MS = 1;
    /// After so long without anything to do, it sleeps.
    private static final long BUSY_POLL_NS = 50_000L;
    private static final long NEVER = Long.MIN_VALUE;
    /// The selector only wakes us.
    private static final Consumer<SelectionKey> NOTHING = key -> {};

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final LongSupplier clock;
    private final Inbox inbox;
    private final Outbox outbox;
    private final PduReader reader;
    private final PduWriter writer;
    private long idleSinceNs = NEVER;

    private PeerLink(SocketChannel channel, Selector selector, SelectionKey key, LongSupplier clock,
            DataWindows windows) {
        this.channel = channel;
        this.selector = selector;
        this.key = key;
        this.clock = clock;
        SocketTransport transport = new SocketTransport(channel);
        this.inbox = new Inbox(ByteBuffer.allocateDirect(INBOX_BYTES), windows, transport);
        this.outbox = new Outbox(ByteBuffer.allocateDirect(OUTBOX_BYTES), windows, transport);
        this.reader = new PduReader(inbox, windows);
        this.writer = new PduWriter(outbox, windows);
    }

    /// Connects, or fails at the deadline of the clock.
    static PeerLink connect(IscsiUri uri, DataWindows windows, LongSupplier clock, long deadlineNs)
            throws IOException {
        InetAddress host = address(uri.host());
        SocketChannel channel = SocketChannel.open();
        Selector selector = null;
        try {
            selector = Selector.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            boolean isConnected = channel.connect(new InetSocketAddress(host, uri.port()));
            while (!isConnected) {
                if (clock.getAsLong() - deadlineNs >= 0) {
                    throw new IOException("no connection in time, look whether the target runs");
                }
                int _ = selector.select(NOTHING, SLEEP_MS);
                isConnected = channel.finishConnect();
            }
            SelectionKey _ = key.interestOps(SelectionKey.OP_READ);
            return new PeerLink(channel, selector, key, clock, windows);
        } catch (IOException | RuntimeException | Error e) {
            if (selector != null) {
                selector.close();
            }
            channel.close();
            throw e;
        }
    }

    private static InetAddress address(String host) throws IOException {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("host=" + host + " is unknown, check its spelling", e);
        }
    }

    PduReader reader() {
        return reader;
    }

    PduWriter writer() {
        return writer;
    }

    /// Bytes that came and went so far: a poll that does not change it had nothing to do.
    long movedBytes() {
        return reader.receivedBytes() + outbox.sentBytes();
    }

    /// Writes what goes; the next read asks the socket.
    void flush() throws IOException {
        inbox.refill();
        if (!outbox.isEmpty()) {
            boolean _ = outbox.flush();
        }
    }

    /// Something was done.
    void onBusy() {
        idleSinceNs = NEVER;
    }

    /// Nothing could be done: spins at first, then sleeps until the socket moves, a millisecond at most.
    void idle(long nowNs) throws IOException {
        if (idleSinceNs == NEVER) {
            idleSinceNs = nowNs;
        }
        if (nowNs - idleSinceNs < BUSY_POLL_NS) {
            Thread.onSpinWait();
            return;
        }
        int interest = outbox.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != interest) {
            SelectionKey _ = key.interestOps(interest);
        }
        int _ = selector.select(NOTHING, SLEEP_MS);
    }

    long nowNs() {
        return clock.getAsLong();
    }

    @Override
    public void close() {
        try {
            channel.close();
            selector.close();
        } catch (IOException _) {
            return; // It is gone, as was asked for.
        }
    }
}
