package io.trilane.tools.frontend;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A listening socket of one front end. Belongs to the loop that accepts.
final class Listener {
    private static final int BACKLOG = 1024;
    private static final int ACCEPTS_PER_TURN = 64;
    private static final long PAUSE_NS = 100_000_000L;

    private final ServerSocketChannel channel;
    private final FrontEnd frontEnd;
    private final EventLoops loops;
    private @Nullable SelectionKey key;
    private final boolean isUnix;
    private boolean isPaused;
    /// Since the last connection that was accepted: told once.
    private boolean hasFailed;
    private long resumeNs;

    /// @param channel bound, does not block
    Listener(ServerSocketChannel channel, boolean isUnix, FrontEnd frontEnd, EventLoops loops) {
        this.channel = channel;
        this.isUnix = isUnix;
        this.frontEnd = frontEnd;
        this.loops = loops;
    }

    /// Binds; any thread. A unix socket's path must not exist.
    static Listener open(SocketAddress address, FrontEnd frontEnd, EventLoops loops) throws IOException {
        boolean isUnix = address instanceof UnixDomainSocketAddress;
        ServerSocketChannel channel =
                isUnix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        try {
            if (!isUnix) {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            channel.bind(address, BACKLOG);
            channel.configureBlocking(false);
            return new Listener(channel, isUnix, frontEnd, loops);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    SocketAddress address() throws IOException {
        return channel.getLocalAddress();
    }

    /// On the loop that accepts.
    void register(Selector selector) throws IOException {
        key = channel.register(selector, SelectionKey.OP_ACCEPT, this);
    }

    /// Nanoseconds until it accepts again after a failure; it does when that is 0 or less.
    long pauseNs(long nowNs) {
        if (key == null || !isPaused) {
            return Protocol.NEVER;
        }
        if (nowNs - resumeNs >= 0 && key.isValid()) {
            isPaused = false;
            key.interestOps(SelectionKey.OP_ACCEPT);
            return 0;
        }
        return resumeNs - nowNs;
    }

    /// Takes the connections that wait. Too many are closed at once: a peer sees the end, others keep their service.
    void accept(long nowNs) {
        for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
            SocketChannel accepted;
            try {
                accepted = channel.accept();
            } catch (IOException e) {
                pause(nowNs, e);
                return;
            }
            if (accepted == null) {
                return;
            }
            hasFailed = false;
            assign(accepted);
        }
    }

    private void assign(SocketChannel accepted) {
        try {
            if (!isUnix) {
                accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
                accepted.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            }
            loops.assign(accepted, frontEnd);
        } catch (IOException _) {
            // The peer was faster than we: it has gone again.
            try {
                accepted.close();
            } catch (IOException _) {
                // It is gone either way.
            }
        }
    }

    /// As a rule there is no descriptor left: trying again at once would only burn the processor.
    private void pause(long nowNs, IOException cause) {
        if (key != null && key.isValid()) {
            if (!hasFailed) {
                loops.log(frontEnd.name() + " accept failed: " + cause.getMessage());
                hasFailed = true;
            }
            isPaused = true;
            resumeNs = nowNs + PAUSE_NS;
            key.interestOps(0);
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }
}
