package io.trilane.tools.frontend;

import io.trilane.engine.task.Task;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/// What came in on a connection. Headers are staged in a small buffer; payload goes from the socket to the task's data,
/// except for the part that was staged together with its header. Belongs to its connection's event loop.
public final class Inbox {
    /// Payloads from here on are read past the staging buffer, which then only takes what is about a header.
    private static final int LARGE_PAYLOAD_BYTES = 16 << 10;
    private static final int HEADER_FILL_BYTES = 512;

    private final ByteBuffer staging;
    private final DataWindows.Views views;
    private final ByteBuffer[] targets = new ByteBuffer[2];
    private Transport transport;
    /// Bytes [head, tail) of the staging buffer are unread.
    private int head;
    private int tail;
    private int lastPayloadBytes;
    /// The last read got less than there was room for: the next would find nothing until the socket is readable again.
    private boolean isDrained;

    public Inbox(ByteBuffer staging, DataWindows windows, Transport transport) {
        this.staging = staging;
        this.views = new DataWindows.Views(windows);
        this.transport = transport;
    }

    void setTransport(Transport newTransport) {
        transport = newTransport;
        isDrained = false;
    }

    /// The socket is readable.
    public void refill() {
        isDrained = false;
    }

    /// Longest header that [#require] can be asked for, in bytes.
    public int capacity() {
        return staging.capacity();
    }

    /// Staged bytes.
    public int available() {
        return tail - head;
    }

    /// True when `length` bytes are staged; reads once from the socket if they are not.
    ///
    /// @throws EOFException the peer has ended
    public boolean require(int length) throws IOException {
        if (tail - head >= length) {
            return true;
        }
        if (isDrained) {
            return false;
        }
        compact();
        staging.limit(lastPayloadBytes >= LARGE_PAYLOAD_BYTES
                ? Math.min(staging.capacity(), Math.max(tail + HEADER_FILL_BYTES, length))
                : staging.capacity()).position(tail);
        targets[0] = staging;
        tail += (int) read(1);
        return tail - head >= length;
    }

    /// The staging buffer; staged byte `i` is at absolute index [#position] + i. Big endian.
    public ByteBuffer staged() {
        return staging.limit(staging.capacity());
    }

    public int position() {
        return head;
    }

    /// Consumes staged bytes.
    public void skip(int length) {
        head += length;
    }

    /// Moves payload into the first piece of a task's data, from byte `dataOffset` on; returns how many of the `length` bytes
    /// came, 0 when there are none now.
    ///
    /// @throws EOFException the peer has ended
    public int readInto(Task task, long dataOffset, int length) throws IOException {
        return readInto(task.extents().address(0) + dataOffset, length);
    }

    /// The same for an address of region 0.
    public int readInto(long address, int length) throws IOException {
        lastPayloadBytes = length;
        int staged = Math.min(available(), length);
        if (staged > 0) {
            views.view(address, staged).put(staging.limit(head + staged).position(head));
            // Absolute reads of what is staged behind the payload go on.
            staging.limit(staging.capacity());
            head += staged;
            return staged;
        }
        if (isDrained) {
            return 0;
        }
        head = 0;
        tail = 0;
        ByteBuffer view = views.view(address, length);
        targets[0] = view;
        targets[1] = staging.limit(Math.min(HEADER_FILL_BYTES, staging.capacity())).position(0);
        long got = read(2);
        int payload = (int) Math.min(got, length);
        tail = (int) (got - payload);
        return payload;
    }

    /// Drops payload that nobody wants; returns how many of the `length` bytes came.
    public int discard(int length) throws IOException {
        lastPayloadBytes = 0;
        if (available() == 0 && !require(1)) {
            return 0;
        }
        int dropped = Math.min(available(), length);
        head += dropped;
        return dropped;
    }

    private void compact() {
        if (head == 0) {
            return;
        }
        if (tail > head) {
            staging.limit(tail).position(head);
            staging.compact();
        }
        tail -= head;
        head = 0;
    }

    private long read(int count) throws IOException {
        int room = targets[0].remaining() + (count == 2 ? targets[1].remaining() : 0);
        long got = transport.read(targets, count);
        isDrained = got >= 0 && got < room && !transport.hasUnread();
        if (got < 0) {
            throw new EOFException("peer has closed the connection");
        }
        return got;
    }
}
