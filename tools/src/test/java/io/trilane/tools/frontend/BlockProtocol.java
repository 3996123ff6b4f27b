package io.trilane.tools.frontend;

import io.trilane.engine.Client;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The smallest protocol with data: a request is `kind u8 (0 read, 1 write), pad u8[3], blocks i32, lba i64, tag i64`, a
/// write's data behind it; an answer is `status i32 (0 good), length i32, tag i64`, a read's data behind it.
class BlockProtocol implements Protocol {
    static final int REQUEST_BYTES = 24;
    static final int ANSWER_BYTES = 16;

    private final Connection connection;
    private final Client client;
    private @Nullable Task filling;
    private int filled;
    private int expected;
    private boolean stopped;

    private final AtomicInteger begunWrites;

    BlockProtocol(Connection connection, AtomicInteger begunWrites) throws IOException {
        this.connection = connection;
        this.begunWrites = begunWrites;
        this.client = connection.openClient("test " + connection.peer(), "target");
    }

    static FrontEnd frontEnd() {
        return frontEnd(new AtomicInteger());
    }

    /// @param begunWrites counts writes whose data has begun to come
    static FrontEnd frontEnd(AtomicInteger begunWrites) {
        return new FrontEnd() {
            @Override
            public String name() {
                return "block";
            }

            @Override
            public Protocol accept(Connection connection) {
                try {
                    return new BlockProtocol(connection, begunWrites);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    @Override
    public boolean onReadable() throws IOException {
        Inbox inbox = connection.inbox();
        while (!stopped || filling != null) {
            if (filling != null) {
                int got = inbox.readInto(filling, filled, expected - filled);
                filled += got;
                if (filled < expected) {
                    if (got == 0) {
                        return false;
                    }
                    continue;
                }
                submit(Objects.requireNonNull(filling));
                filling = null;
                continue;
            }
            if (!inbox.require(REQUEST_BYTES) || !take(inbox)) {
                return false;
            }
        }
        return false;
    }

    /// False when there is no room.
    private boolean take(Inbox inbox) throws IOException {
        ByteBuffer staged = inbox.staged();
        int at = inbox.position();
        int kind = staged.get(at);
        int blocks = staged.getInt(at + 4);
        Task task = connection.outbox().hasRoom(2 * MemoryServer.TASKS, ANSWER_BYTES * MemoryServer.TASKS)
                ? client.claim((long) blocks * MemoryServer.BLOCK) : null;
        if (task == null) {
            connection.statistics().refused(0);
            connection.pauseReading();
            return false;
        }
        task.setTargetId(0);
        task.setLun(0);
        task.setCdbWord(0, (kind == 0 ? 0x88L : 0x8AL) << 56 | staged.getLong(at + 8) >>> 16);
        task.setCdbWord(1, staged.getLong(at + 8) << 48 | (long) blocks << 16);
        int bytes = blocks * MemoryServer.BLOCK;
        task.setControl(16, kind == 0 ? TransferDirection.FROM_TARGET : TransferDirection.TO_TARGET, bytes);
        task.setUserData(staged.getLong(at + 16));
        inbox.skip(REQUEST_BYTES);
        if (kind == 0) {
            submit(task);
        } else {
            filling = task;
            filled = 0;
            expected = bytes;
            begunWrites.incrementAndGet();
        }
        return true;
    }

    private void submit(Task task) throws IOException {
        if (!connection.submit(task)) {
            throw new IOException("refused");
        }
    }

    @Override
    public void onTask(Task task) {
        Outbox outbox = connection.outbox();
        boolean isRead = task.cdbByte(0) == 0x88;
        int length = isRead && task.isGood() ? (int) task.transferCount() : 0;
        int at = outbox.header(ANSWER_BYTES);
        outbox.ring().putInt(at, task.isGood() ? 0 : task.status().code());
        outbox.ring().putInt(at + 4, length);
        outbox.ring().putLong(at + 8, task.userData());
        outbox.data(length == 0 ? 0 : task.extents().address(0), length);
        outbox.thenRelease(task);
    }

    @Override
    public long deadlineNs() {
        return NEVER;
    }

    @Override
    public void onDeadline(long nowNs) {
        throw new IllegalStateException("there is none");
    }

    @Override
    public void onStop() {
        stopped = true;
    }

    @Override
    public boolean isIdle() {
        return client.inFlight() == 0 && filling == null;
    }

    @Override
    public void onClosed() {
        if (filling != null) {
            boolean _ = client.release(filling.token());
        }
    }
}
