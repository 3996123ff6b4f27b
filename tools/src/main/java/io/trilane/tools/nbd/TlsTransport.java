package io.trilane.tools.nbd;

import io.trilane.tools.frontend.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/// TLS on another transport, the server's end. Never blocks: what cannot be sent now waits in one record's buffer. Belongs
/// to its connection's event loop.
final class TlsTransport implements Transport {
    /// Records that one call writes before others have their turn.
    private static final int WRITE_RECORDS = 64;

    /// Records that one call opens before others have their turn.
    private static final int READ_RECORDS = 256;

    private final Transport plain;
    private final SSLEngine engine;
    /// Records that came, between position and limit.
    private final ByteBuffer incoming;
    /// Text that had no room where it was to go, between position and limit.
    private final ByteBuffer surplus;
    /// Records to be sent, between position and limit.
    private final ByteBuffer outgoing;
    private final ByteBuffer[] one = new ByteBuffer[1];
    private final ByteBuffer nothing = ByteBuffer.allocate(0);
    /// There is no whole record in [#incoming].
    private boolean isStarved = true;
    private boolean isEnded;
    private boolean hasHandshaken;

    TlsTransport(Transport plain, SSLEngine engine) {
        this.plain = plain;
        this.engine = engine;
        int packet = engine.getSession().getPacketBufferSize();
        this.incoming = ByteBuffer.allocateDirect(2 * packet).limit(0);
        this.outgoing = ByteBuffer.allocateDirect(2 * packet).limit(0);
        this.surplus = ByteBuffer.allocateDirect(engine.getSession().getApplicationBufferSize() + 64).limit(0);
    }

    @Override
    public long read(ByteBuffer[] targets, int count) throws IOException {
        long total = drainSurplus(targets, count);
        for (int i = 0; i < READ_RECORDS && (total == 0 || !isFull(targets, count)); i++) {
            settleHandshake();
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                // The socket takes no more: on with it when it does.
                return total;
            }
            if (isStarved && !fill()) {
                return total > 0 ? total : isEnded ? END : 0;
            }
            total += unwrap(targets, count);
            if (engine.isInboundDone()) {
                isEnded = true;
                return total > 0 ? total : END;
            }
        }
        return total;
    }

    @Override
    public long write(ByteBuffer[] sources, int count) throws IOException {
        settleHandshake();
        long total = 0;
        for (int i = 0; i < WRITE_RECORDS && drain() && hasHandshaken && !isEmpty(sources, count); i++) {
            outgoing.clear();
            SSLEngineResult result = engine.wrap(sources, 0, count, outgoing);
            outgoing.flip();
            if (result.getStatus() != Status.OK) {
                throw new IOException("TLS has ended: " + result.getStatus());
            }
            total += result.bytesConsumed();
        }
        boolean _ = drain();
        return total;
    }

    @Override
    public boolean hasUnsent() {
        return outgoing.hasRemaining() || plain.hasUnsent();
    }

    @Override
    public boolean hasUnread() {
        // The end counts: it may have come with the last bytes, and then the socket says nothing more.
        return surplus.hasRemaining() || !isStarved || isEnded || plain.hasUnread();
    }

    /// Says good-bye if there is room to say it.
    @Override
    public void close() throws IOException {
        engine.closeOutbound();
        if (drain()) {
            wrapNothing();
            boolean _ = drain();
        }
        plain.close();
    }

    /// Goes as far with the handshake as it goes without more from the peer.
    private void settleHandshake() throws IOException {
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            if (status == HandshakeStatus.NEED_TASK) {
                runTasks();
            } else if (status == HandshakeStatus.NEED_WRAP) {
                if (!drain()) {
                    return;
                }
                wrapNothing();
                boolean _ = drain();
            } else {
                return;
            }
        }
    }

    private void runTasks() {
        Runnable task;
        while ((task = engine.getDelegatedTask()) != null) {
            task.run();
        }
    }

    private void wrapNothing() throws IOException {
        outgoing.clear();
        SSLEngineResult result = engine.wrap(nothing, outgoing);
        outgoing.flip();
        note(result);
    }

    /// Opens one record; returns the bytes that reached the targets.
    private long unwrap(ByteBuffer[] targets, int count) throws IOException {
        SSLEngineResult result = engine.unwrap(incoming, targets, 0, count);
        long produced = result.bytesProduced();
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            surplus.clear();
            result = engine.unwrap(incoming, surplus);
            surplus.flip();
            produced = drainSurplus(targets, count);
        }
        isStarved = result.getStatus() == Status.BUFFER_UNDERFLOW || !incoming.hasRemaining();
        note(result);
        return produced;
    }

    private void note(SSLEngineResult result) throws IOException {
        HandshakeStatus status = result.getHandshakeStatus();
        if (status == HandshakeStatus.FINISHED) {
            hasHandshaken = true;
        } else if (hasHandshaken && status == HandshakeStatus.NEED_TASK
                && engine.getSession().getProtocol().equals("TLSv1.2")) {
            throw new IOException("peer asks for renegotiation, which is refused");
        }
    }

    /// More records from the socket; false when there are none now, or never.
    private boolean fill() throws IOException {
        incoming.compact();
        one[0] = incoming;
        long got = plain.read(one, 1);
        incoming.flip();
        if (got < 0) {
            isEnded = true;
            if (!hasHandshaken) {
                throw new EOFException("peer has left in the TLS handshake");
            }
            return false;
        }
        isStarved = got == 0;
        return got > 0;
    }

    /// True when nothing waits to be sent.
    private boolean drain() throws IOException {
        one[0] = outgoing;
        while (outgoing.hasRemaining()) {
            if (plain.write(one, 1) == 0) {
                return false;
            }
        }
        return !plain.hasUnsent();
    }

    private long drainSurplus(ByteBuffer[] targets, int count) {
        long moved = 0;
        for (int i = 0; i < count && surplus.hasRemaining(); i++) {
            int length = Math.min(surplus.remaining(), targets[i].remaining());
            targets[i].put(targets[i].position(), surplus, surplus.position(), length);
            targets[i].position(targets[i].position() + length);
            surplus.position(surplus.position() + length);
            moved += length;
        }
        return moved;
    }

    private static boolean isFull(ByteBuffer[] targets, int count) {
        return isEmpty(targets, count);
    }

    private static boolean isEmpty(ByteBuffer[] buffers, int count) {
        for (int i = 0; i < count; i++) {
            if (buffers[i].hasRemaining()) {
                return false;
            }
        }
        return true;
    }
}
