package io.trilane.tools.frontend;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// Selects among [MemoryChannel]s and listening sockets, which are always ready, on the thread of their event loop. It never
/// sleeps: a loop that would is told to somebody.
final class MemorySelector extends AbstractSelector {
    private final LongConsumer onIdle;
    private final List<Key> keys = new ArrayList<>();

    /// @param onIdle told when nothing is ready, with the milliseconds that the loop would sleep; 0: for ever
    MemorySelector(LongConsumer onIdle) {
        super(SelectorProvider.provider());
        this.onIdle = onIdle;
    }

    /// The key of a channel that is registered.
    private static final class Key extends AbstractSelectionKey {
        private final MemorySelector selector;
        private final AbstractSelectableChannel channel;
        private int interest;

        Key(MemorySelector selector, AbstractSelectableChannel channel, int interest) {
            this.selector = selector;
            this.channel = channel;
            this.interest = interest;
        }

        @Override
        public AbstractSelectableChannel channel() {
            return channel;
        }

        @Override
        public Selector selector() {
            return selector;
        }

        @Override
        public int interestOps() {
            return interest;
        }

        @Override
        public SelectionKey interestOps(int operations) {
            interest = operations;
            return this;
        }

        @Override
        public int readyOps() {
            return channel instanceof MemoryChannel memory ? (memory.isReadable() ? OP_READ : 0) | OP_WRITE : OP_ACCEPT;
        }

        boolean isReady() {
            return isValid() && (interest & readyOps()) != 0;
        }
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        Key made = new Key(this, channel, operations);
        made.attach(attachment);
        keys.add(made);
        return made;
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) {
        int selected = 0;
        for (Key key : List.copyOf(keys)) {
            if (key.isReady()) {
                action.accept(key);
                selected++;
            }
        }
        return selected;
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeoutMs) {
        int selected = selectNow(action);
        if (selected == 0) {
            onIdle.accept(timeoutMs);
        }
        return selected;
    }

    @Override
    public Selector wakeup() {
        return this;
    }

    @Override
    protected void implCloseSelector() {
        keys.clear();
    }

    @Override
    public Set<SelectionKey> keys() {
        return Set.copyOf(keys);
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        throw new UnsupportedOperationException("loops select with an action");
    }

    @Override
    public int selectNow() throws IOException {
        throw new UnsupportedOperationException("loops select with an action");
    }

    @Override
    public int select(long timeoutMs) {
        throw new UnsupportedOperationException("loops select with an action");
    }

    @Override
    public int select() {
        throw new UnsupportedOperationException("loops select with an action");
    }
}
