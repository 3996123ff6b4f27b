package io.trilane.tools.frontend;

import io.trilane.engine.Client;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskToken;
import java.io.IOException;
import java.nio.ByteBuffer;

/// What goes out on a connection: headers from a small ring and task data, gathered into few writes. A task whose data is
/// here stays claimed until it is written; then it is released. Belongs to its connection's event loop.
///
/// The pieces and the ring are bounded: ask [#hasRoom] before a message, and stop reading from a peer that does not read.
public final class Outbox {
    private static final int MAX_PIECES = 1024;
    private static final int PIECE_MASK = MAX_PIECES - 1;
    /// Pieces per write; more is no faster and less is more calls.
    private static final int GATHER = 128;
    private static final long HEADER = -1;

    private final ByteBuffer ring;
    private final DataWindows windows;
    private final long[] addresses = new long[MAX_PIECES];
    private final int[] offsets = new int[MAX_PIECES];
    private final int[] lengths = new int[MAX_PIECES];
    private final int[] wastes = new int[MAX_PIECES];
    private final long[] releases = new long[MAX_PIECES];
    private final ByteBuffer[] gather = new ByteBuffer[GATHER];
    private final ByteBuffer[] ringViews = new ByteBuffer[GATHER];
    private final DataWindows.Views[] dataViews = new DataWindows.Views[GATHER];
    private Transport transport;
    private Client client;
    private int first;
    private int last;
    /// Ring bytes [ringHead, ringTail) are in use, modulo its capacity; `ringUsed` tells full from empty.
    private int ringTail;
    private int ringUsed;
    private long queuedBytes;
    private long sentBytes;

    @SuppressWarnings("NullAway.Init")
    public Outbox(ByteBuffer ring, DataWindows windows, Transport transport) {
        this.ring = ring;
        this.windows = windows;
        this.transport = transport;
    }

    void setTransport(Transport newTransport) {
        transport = newTransport;
    }

    /// Whose tasks are released here.
    void setClient(Client newClient) {
        client = newClient;
    }

    /// True when a message of `pieces` pieces and `headerBytes` bytes of headers fits, wherever the ring stands.
    public boolean hasRoom(int pieces, int headerBytes) {
        return last - first + pieces < MAX_PIECES && 2 * headerBytes <= ring.capacity() - ringUsed;
    }

    /// Nothing waits to be written.
    public boolean isEmpty() {
        return first == last && !transport.hasUnsent();
    }

    /// Bytes that wait, without those inside the transport.
    public long queuedBytes() {
        return queuedBytes;
    }

    /// Bytes that went out since the connection began.
    public long sentBytes() {
        return sentBytes;
    }

    /// Adds `length` bytes of header, zeroed; returns where they start in [#ring]. They may be written to until the next
    /// [#flush]. Fails when there is no room.
    public int header(int length) {
        int rest = ring.capacity() - ringTail;
        int waste = rest < length ? rest : 0;
        if (ringUsed + waste + length > ring.capacity() || last - first >= MAX_PIECES) {
            throw new IllegalStateException("headerBytes=" + length + " > room=" + (ring.capacity() - ringUsed - waste)
                    + ", our bug: ask hasRoom first");
        }
        int start = rest < length ? 0 : ringTail;
        for (int i = 0; i < length; i++) {
            ring.put(start + i, (byte) 0);
        }
        ringTail = start + length;
        ringUsed += waste + length;
        add(HEADER, start, length, waste);
        return start;
    }

    /// The ring, for absolute puts. Big endian.
    public ByteBuffer ring() {
        return ring;
    }

    /// Adds the data at an address of region 0.
    public void data(long address, int length) {
        if (last - first >= MAX_PIECES) {
            throw new IllegalStateException("pieces=" + MAX_PIECES + ", our bug: ask hasRoom first");
        }
        if (length > 0) {
            add(address, 0, length, 0);
        }
    }

    /// When all that was added so far is written, the task goes back to the pool.
    public void thenRelease(Task task) {
        if (first == last || releases[last - 1 & PIECE_MASK] != TaskToken.NONE) {
            header(0);
        }
        releases[last - 1 & PIECE_MASK] = task.token();
    }

    /// Writes as much as goes; true when everything is out.
    public boolean flush() throws IOException {
        while (first != last) {
            int count = collect();
            long wanted = 0;
            for (int i = 0; i < count; i++) {
                wanted += gather[i].remaining();
            }
            long written = wanted == 0 ? 0 : transport.write(gather, count);
            retire(written);
            if (written < wanted) {
                return false;
            }
        }
        if (transport.hasUnsent()) {
            long _ = transport.write(gather, 0);
        }
        return !transport.hasUnsent();
    }

    /// The connection is gone: nothing is written any more, every task here goes back.
    void abandon() {
        while (first != last) {
            release(first & PIECE_MASK);
            first++;
        }
        queuedBytes = 0;
        ringUsed = 0;
        ringTail = 0;
    }

    private void add(long address, int offset, int length, int waste) {
        int index = last & PIECE_MASK;
        addresses[index] = address;
        offsets[index] = offset;
        // Waste before a header goes back to the ring with it.
        wastes[index] = waste;
        lengths[index] = length;
        releases[index] = TaskToken.NONE;
        queuedBytes += length;
        last++;
    }

    /// Fills [#gather] with the first pieces, neighbours in the ring as one; returns how many.
    private int collect() {
        int count = 0;
        int piece = first;
        while (piece != last && count < GATHER) {
            int index = piece & PIECE_MASK;
            int length = lengths[index];
            piece++;
            if (addresses[index] != HEADER) {
                gather[count] = dataView(count).view(addresses[index], length);
                count++;
            } else if (length > 0) {
                int end = offsets[index] + length;
                while (piece != last && addresses[piece & PIECE_MASK] == HEADER
                        && (offsets[piece & PIECE_MASK] == end || lengths[piece & PIECE_MASK] == 0)) {
                    end += lengths[piece & PIECE_MASK];
                    piece++;
                }
                gather[count] = ringView(count).limit(end).position(offsets[index]);
                count++;
            }
        }
        return count;
    }

    private void retire(long written) {
        long left = written;
        queuedBytes -= written;
        sentBytes += written;
        while (first != last) {
            int index = first & PIECE_MASK;
            if (lengths[index] > left) {
                advance(index, (int) left);
                return;
            }
            left -= lengths[index];
            if (addresses[index] == HEADER) {
                ringUsed -= wastes[index] + lengths[index];
            }
            release(index);
            first++;
        }
    }

    private void advance(int index, int bytes) {
        lengths[index] -= bytes;
        if (addresses[index] == HEADER) {
            offsets[index] += bytes;
            ringUsed -= wastes[index] + bytes;
            wastes[index] = 0;
        } else {
            addresses[index] += bytes;
        }
    }

    private void release(int index) {
        if (releases[index] != TaskToken.NONE) {
            boolean _ = client.release(releases[index]);
        }
    }

    private ByteBuffer ringView(int index) {
        ByteBuffer view = ringViews[index];
        if (view == null) {
            view = ring.duplicate();
            ringViews[index] = view;
        }
        return view;
    }

    private DataWindows.Views dataView(int index) {
        DataWindows.Views views = dataViews[index];
        if (views == null) {
            views = new DataWindows.Views(windows);
            dataViews[index] = views;
        }
        return views;
    }
}
