package io.trilane.tools.frontend;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.function.IntPredicate;

/// A listening socket whose accept fails when a test wants it to, as it does when the process has no descriptor left.
final class FailingServerChannel extends ServerSocketChannel {
    private final ServerSocketChannel inner;
    private final IntPredicate fails;
    private int attempts;

    /// @param inner bound, does not block; closed with this
    /// @param fails told the number of each accept, from 1 on
    FailingServerChannel(ServerSocketChannel inner, IntPredicate fails) throws IOException {
        super(inner.provider());
        this.inner = inner;
        this.fails = fails;
        configureBlocking(false);
    }

    @Override
    public SocketChannel accept() throws IOException {
        attempts++;
        if (fails.test(attempts)) {
            throw new IOException("Too many open files");
        }
        return inner.accept();
    }

    @Override
    public ServerSocketChannel bind(SocketAddress local, int backlog) {
        throw new UnsupportedOperationException("it is bound");
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        inner.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return inner.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return inner.supportedOptions();
    }

    @Override
    public ServerSocket socket() {
        throw new UnsupportedOperationException("use the channel");
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        return inner.getLocalAddress();
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        inner.close();
    }

    @Override
    protected void implConfigureBlocking(boolean block) {
        // It never blocks.
    }
}
