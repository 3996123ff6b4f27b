package io.trilane.tools.nbd;

import io.trilane.tools.frontend.Connection;
import io.trilane.tools.frontend.Inbox;
import java.io.IOException;

/// Greets, reads the client's flags, then option after option, one at a time (proto.md, "Newstyle negotiation"). Belongs to its
/// connection's event loop.
final class Handshake {
    private static final int OPTION_BYTES = 16;
    /// Longest option that is understood; longer ones are read to their end and refused, up to the second limit.
    private static final int MAX_OPTION_BYTES = 32 << 10;
    private static final long MAX_DISCARDED_BYTES = 1 << 20;
    private static final int KNOWN_FLAGS = NbdCodes.FLAG_FIXED_NEWSTYLE | NbdCodes.FLAG_NO_ZEROES;

    /// Steps of one connection before others have their turn.
    private static final int TURN = 64;

    private final Connection connection;
    private final Inbox inbox;
    private final Options options;
    private boolean hasFlags;
    private boolean hasMore;
    /// Of an option that is too long, still to come.
    private int discarding;
    private int discardedOption;

    Handshake(Connection connection, Options options) {
        this.connection = connection;
        this.inbox = connection.inbox();
        this.options = options;
    }

    /// True when the phase is over.
    boolean onReadable() throws IOException {
        hasMore = false;
        for (int i = 0; !connection.isClosing() && !options.isOver(); i++) {
            if (i == TURN) {
                hasMore = true;
                return false;
            }
            if (!connection.outbox().isEmpty() && !connection.outbox().flush()) {
                // One option at a time: its answer goes out before the next is looked at.
                connection.pauseReading();
                return false;
            }
            if (options.wantsTls()) {
                options.startTls(inbox.available());
            }
            if (!step()) {
                return false;
            }
        }
        return options.isOver();
    }

    /// It stopped for the sake of other connections.
    boolean hasMore() {
        return hasMore;
    }

    private boolean step() throws IOException {
        if (!hasFlags) {
            return readFlags();
        }
        if (discarding > 0) {
            return discard();
        }
        if (!inbox.require(OPTION_BYTES)) {
            return false;
        }
        int at = inbox.position();
        long magic = inbox.staged().getLong(at);
        int option = inbox.staged().getInt(at + 8);
        long length = inbox.staged().getInt(at + 12) & 0xFFFF_FFFFL;
        if (magic != NbdCodes.OPTION_MAGIC) {
            throw new IOException("option magic=" + Long.toHexString(magic) + " != "
                    + Long.toHexString(NbdCodes.OPTION_MAGIC) + ", the peer does not speak NBD");
        }
        if (length > MAX_OPTION_BYTES) {
            skipLong(option, length);
            return true;
        }
        if (!inbox.require(OPTION_BYTES + (int) length)) {
            return false;
        }
        byte[] data = new byte[(int) length];
        inbox.staged().get(inbox.position() + OPTION_BYTES, data);
        inbox.skip(OPTION_BYTES + data.length);
        options.onOption(option, data);
        return true;
    }

    private boolean readFlags() throws IOException {
        if (!inbox.require(4)) {
            return false;
        }
        int flags = inbox.staged().getInt(inbox.position());
        inbox.skip(4);
        if ((flags & ~KNOWN_FLAGS) != 0) {
            throw new IOException("client flags=" + Integer.toHexString(flags) + " are not known");
        }
        options.setNoZeroes((flags & NbdCodes.FLAG_NO_ZEROES) != 0);
        hasFlags = true;
        return true;
    }

    private void skipLong(int option, long length) throws IOException {
        if (length > MAX_DISCARDED_BYTES || option == NbdCodes.OPT_EXPORT_NAME) {
            throw new IOException("option=" + option + " length=" + length + " > " + MAX_OPTION_BYTES);
        }
        inbox.skip(OPTION_BYTES);
        discarding = (int) length;
        discardedOption = option;
    }

    private boolean discard() throws IOException {
        int dropped = inbox.discard(discarding);
        discarding -= dropped;
        if (dropped > 0 && discarding == 0) {
            options.onTooLong(discardedOption);
        }
        return dropped > 0;
    }
}
