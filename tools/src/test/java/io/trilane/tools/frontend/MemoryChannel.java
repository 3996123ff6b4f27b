package io.trilane.tools.frontend;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;

/// A socket without a network: a peer whose every byte is known before, who sends them in pieces and then ends. It reads
/// whatever it is sent, some at a time, or all of it.
final class MemoryChannel extends SocketChannel {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 3260);
    private static final int MAX_KEPT_BYTES = 1 << 20;

    private final byte[] input;
    private final int readPiece;
    private final int writePiece;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private int position;
    private int available;
    private boolean hasEnded;
    private boolean isFull;
    private boolean isThirsty;
    private int reads;
    private int sentBytes;

    /// @param readPiece  bytes that arrive together
    /// @param writePiece bytes taken by one write, every second time: in between it takes none
    MemoryChannel(byte[] input, int readPiece, int writePiece) {
        super(SelectorProvider.provider());
        this.input = input;
        this.readPiece = readPiece;
        this.writePiece = writePiece;
    }

    /// A peer that takes at once what it is sent.
    static MemoryChannel thirsty(byte[] input, int readPiece) {
        MemoryChannel channel = new MemoryChannel(input, readPiece, Integer.MAX_VALUE);
        channel.isThirsty = true;
        return channel;
    }

    /// How often it was read.
    int reads() {
        return reads;
    }

    /// How many bytes it was sent.
    int sentBytes() {
        return sentBytes;
    }

    /// Something has not arrived yet.
    boolean hasMore() {
        return position + available < input.length;
    }

    boolean isReadable() {
        return available > 0 || hasEnded;
    }

    /// The next piece arrives; false: there is none, it was the end that arrived.
    boolean deliver() {
        int next = Math.min(readPiece, input.length - position - available);
        available += next;
        hasEnded = next == 0;
        return next > 0;
    }

    /// What it was sent, the first of it.
    byte[] output() {
        return output.toByteArray();
    }

    @Override
    public int read(ByteBuffer target) {
        reads++;
        if (available == 0) {
            return hasEnded ? -1 : 0;
        }
        int length = Math.min(available, target.remaining());
        target.put(input, position, length);
        position += length;
        available -= length;
        return length;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        long total = read(targets[offset]);
        for (int i = offset + 1; i < offset + length && total > 0 && !targets[i - 1].hasRemaining(); i++) {
            total += Math.max(0, read(targets[i]));
        }
        return total;
    }

    @Override
    public int write(ByteBuffer source) {
        isFull = isThirsty || !isFull;
        return isFull ? take(source, writePiece) : 0;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        isFull = isThirsty || !isFull;
        int total = 0;
        for (int i = offset; isFull && i < offset + length && total < writePiece; i++) {
            total += take(sources[i], writePiece - total);
        }
        return total;
    }

    private int take(ByteBuffer source, int limit) {
        byte[] bytes = new byte[Math.min(limit, source.remaining())];
        source.get(bytes);
        sentBytes += bytes.length;
        if (output.size() + bytes.length <= MAX_KEPT_BYTES) {
            output.writeBytes(bytes);
        }
        return bytes.length;
    }

    @Override
    protected void implCloseSelectableChannel() {
        hasEnded = true;
    }

    @Override
    protected void implConfigureBlocking(boolean block) {
        // It never blocks.
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return ADDRESS;
    }

    @Override
    public SocketAddress getLocalAddress() {
        return ADDRESS;
    }

    @Override
    public SocketChannel bind(SocketAddress local) {
        return this;
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) {
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw new UnsupportedOperationException(name.name());
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }

    @Override
    public SocketChannel shutdownInput() {
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() {
        return this;
    }

    @Override
    public Socket socket() {
        throw new UnsupportedOperationException("there is no socket");
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isConnectionPending() {
        return false;
    }

    @Override
    public boolean connect(SocketAddress remote) {
        return true;
    }

    @Override
    public boolean finishConnect() {
        return true;
    }
}
