package io.trilane.tools.initiator.nbd;

import io.trilane.engine.task.HotPath;
import io.trilane.tools.nbd.NbdCodes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ScatteringByteChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads replies, simple ones and chunks, in any order (proto.md, "Simple reply message", "Structured reply chunk message").
/// Data goes into its slot's buffer: a part that came with the head is copied there, the rest is read there. Belongs to the
/// target's thread.
@HotPath
final class ReplyReader {
    private static final int SIMPLE_BYTES = 16;
    private static final int CHUNK_BYTES = 20;
    private static final int DATA_PREFIX_BYTES = 8;
    private static final int HOLE_BYTES = 12;
    private static final int ERROR_PREFIX_BYTES = 6;
    private static final int REPLY_OFFSET_HOLE = 2;
    private static final int ERROR_BIT = 1 << 15;
    /// An error with its text, and what else may be known about it.
    private static final int MAX_ERROR_BYTES = 64 << 10;
    private static final int MAX_REASON_BYTES = 200;
    /// Reads of one poll, so that requests go out in between.
    private static final int MAX_READS = 16;
    /// Many short replies come with one read; long ones go to their buffers, all but this.
    private static final int LONG_REPLY_BYTES = 16 << 10;
    private static final int STAGED_BYTES = 64 << 10;
    private static final int STAGED_BYTES_WITH_LONG = 4 << 10;

    private enum Stage {
        HEAD,
        DATA_PREFIX,
        DATA,
        HOLE,
        ERROR_PREFIX,
        ERROR_TEXT
    }

    private final ScatteringByteChannel channel;
    private final Transfers transfers;
    private final boolean isStructured;
    private final ByteBuffer staged;
    /// For reads into a buffer and what follows it.
    private final ByteBuffer[] scattered;
    private final byte[] reason = new byte[MAX_REASON_BYTES];
    private Stage stage = Stage.HEAD;
    private int slot;
    /// The reply ends with this chunk.
    private boolean isLast;
    /// Bytes of the chunk that have not been looked at.
    private int left;
    private int error;
    private int reasonBytes;
    private int reasonCount;
    private ByteBuffer room;

    /// @param longestBytes of any read
    ReplyReader(ScatteringByteChannel channel, Transfers transfers, boolean isStructured, long longestBytes) {
        this.channel = channel;
        this.transfers = transfers;
        this.isStructured = isStructured;
        this.staged = ByteBuffer
                .allocateDirect(longestBytes < LONG_REPLY_BYTES ? STAGED_BYTES : STAGED_BYTES_WITH_LONG).limit(0);
        this.scattered = new ByteBuffer[]{staged, staged};
        this.room = staged;
    }

    /// Takes what the socket has, up to a limit.
    ///
    /// @throws IOException the peer is gone, or is no NBD server
    void poll() throws IOException {
        for (int i = 0; i < MAX_READS; i++) {
            boolean hasMore = receive();
            while (step()) {
                // One thing after the other.
            }
            if (!hasMore) {
                return;
            }
        }
    }

    /// False: the socket is empty.
    private boolean receive() throws IOException {
        staged.compact();
        long wanted = staged.remaining();
        long read;
        try {
            if (stage == Stage.DATA) {
                wanted += room.remaining();
                scattered[0] = room;
                read = channel.read(scattered);
            } else {
                read = channel.read(staged);
            }
        } finally {
            staged.flip();
        }
        if (read < 0) {
            throw new EOFException("the server closed the connection");
        }
        return read == wanted;
    }

    /// True when there may be another.
    private boolean step() throws IOException {
        return switch (stage) {
            case HEAD -> head();
            case DATA_PREFIX -> dataPrefix();
            case DATA -> data();
            case HOLE -> hole();
            case ERROR_PREFIX -> errorPrefix();
            case ERROR_TEXT -> errorText();
        };
    }

    private boolean head() throws IOException {
        if (staged.remaining() < SIMPLE_BYTES) {
            return false;
        }
        int at = staged.position();
        int magic = staged.getInt(at);
        if (magic == NbdCodes.SIMPLE_REPLY_MAGIC) {
            staged.position(at + SIMPLE_BYTES);
            onSimple(staged.getInt(at + 4), staged.getLong(at + 8));
            return true;
        }
        if (magic != NbdCodes.STRUCTURED_REPLY_MAGIC || !isStructured) {
            throw new IOException("reply magic=" + Integer.toHexString(magic) + " is none that was agreed on");
        }
        if (staged.remaining() < CHUNK_BYTES) {
            return false;
        }
        staged.position(at + CHUNK_BYTES);
        slot = transfers.slot(staged.getLong(at + 8));
        isLast = (staged.getShort(at + 4) & NbdCodes.REPLY_FLAG_DONE) != 0;
        onChunk(staged.getShort(at + 6) & 0xFFFF, staged.getInt(at + 16) & 0xFFFF_FFFFL);
        return true;
    }

    private void onSimple(int newError, long cookie) throws IOException {
        slot = transfers.slot(cookie);
        isLast = true;
        if (transfers.isRead(slot) && isStructured) {
            throw new IOException("simple reply to a read, where structured replies were agreed on");
        }
        if (newError != 0) {
            transfers.onError(slot, newError, null);
            endChunk();
        } else if (transfers.isRead(slot)) {
            expectData(transfers.offset(slot), transfers.length(slot));
        } else {
            endChunk();
        }
    }

    private void onChunk(int type, long length) throws IOException {
        if (type == NbdCodes.REPLY_NONE && length == 0 && isLast) {
            endChunk();
        } else if (type == NbdCodes.REPLY_OFFSET_DATA && transfers.isRead(slot) && length > DATA_PREFIX_BYTES
                && length - DATA_PREFIX_BYTES <= transfers.missing(slot)) {
            expect(Stage.DATA_PREFIX, length);
        } else if (type == REPLY_OFFSET_HOLE && transfers.isRead(slot) && length == HOLE_BYTES) {
            expect(Stage.HOLE, length);
        } else if ((type & ERROR_BIT) != 0 && length >= ERROR_PREFIX_BYTES && length <= MAX_ERROR_BYTES) {
            expect(Stage.ERROR_PREFIX, length);
        } else {
            throw new IOException("chunk type=" + type + " length=" + length + " last=" + isLast
                    + " does not fit the request");
        }
    }

    private void expect(Stage newStage, long length) {
        stage = newStage;
        left = (int) length;
    }

    private void expectData(long offset, int length) throws IOException {
        room = transfers.room(slot, offset, length);
        expect(Stage.DATA, length);
    }

    private boolean dataPrefix() throws IOException {
        if (staged.remaining() < DATA_PREFIX_BYTES) {
            return false;
        }
        expectData(staged.getLong(), left - DATA_PREFIX_BYTES);
        return true;
    }

    private boolean data() {
        int copied = Math.min(staged.remaining(), room.remaining());
        room.put(room.position(), staged, staged.position(), copied);
        room.position(room.position() + copied);
        staged.position(staged.position() + copied);
        if (room.hasRemaining()) {
            return false;
        }
        transfers.onReceived(slot, left);
        endChunk();
        return true;
    }

    private boolean hole() throws IOException {
        if (staged.remaining() < HOLE_BYTES) {
            return false;
        }
        long offset = staged.getLong();
        int length = staged.getInt();
        if (length <= 0) {
            throw new IOException("hole length=" + Integer.toUnsignedString(length) + " does not fit the request");
        }
        ByteBuffer zeros = transfers.room(slot, offset, length);
        while (zeros.remaining() >= Long.BYTES) {
            zeros.putLong(0);
        }
        while (zeros.hasRemaining()) {
            zeros.put((byte) 0);
        }
        transfers.onReceived(slot, length);
        endChunk();
        return true;
    }

    private boolean errorPrefix() throws IOException {
        if (staged.remaining() < ERROR_PREFIX_BYTES) {
            return false;
        }
        error = staged.getInt();
        reasonBytes = staged.getShort() & 0xFFFF;
        left -= ERROR_PREFIX_BYTES;
        if (error == 0 || reasonBytes > left) {
            throw new IOException("error chunk error=" + error + " textLength=" + reasonBytes
                    + " is not what proto.md says");
        }
        reasonCount = 0;
        stage = Stage.ERROR_TEXT;
        return true;
    }

    /// Keeps the beginning of the text, goes over the rest.
    private boolean errorText() {
        while (left > 0 && staged.hasRemaining()) {
            byte next = staged.get();
            left--;
            if (reasonCount < Math.min(reasonBytes, MAX_REASON_BYTES)) {
                reason[reasonCount++] = next;
            }
        }
        if (left > 0) {
            return false;
        }
        transfers.onError(slot, error, transfers.wantsReason() ? reasonText() : null);
        endChunk();
        return true;
    }

    private void endChunk() {
        stage = Stage.HEAD;
        if (isLast) {
            transfers.finish(slot);
        }
    }

    /// The server's words, made harmless.
    private @Nullable String reasonText() {
        return new String(reason, 0, reasonCount, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    }
}
