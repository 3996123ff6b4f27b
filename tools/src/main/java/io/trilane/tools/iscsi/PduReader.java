package io.trilane.tools.iscsi;

import io.trilane.engine.task.HotPath;
import io.trilane.tools.frontend.DataWindows;
import io.trilane.tools.frontend.Inbox;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Takes PDUs apart: [#readHeader], then the owner says where the data segment goes, then [#readData]. Belongs to the
/// connection's event loop.
@HotPath
public final class PduReader {
    private static final int MAX_AHS_BYTES = 255 * 4;
    private static final byte[] NO_BYTES = {};

    private final Inbox inbox;
    private final DataWindows.Views views;
    private final ByteBuffer staged;
    private final ByteBuffer header = ByteBuffer.allocate(Pdu.HEADER_BYTES + MAX_AHS_BYTES);
    private final CRC32C crc = new CRC32C();
    private boolean hasHeaderDigest;
    private boolean hasDataDigest;
    private int dataLength;
    private int remaining;
    private boolean isDiscarded;
    private boolean isDigestWrong;
    private long address;
    private byte[] bytes = NO_BYTES;
    private boolean intoBytes;
    private long consumedBytes;

    public PduReader(Inbox inbox, DataWindows windows) {
        this.inbox = inbox;
        this.views = new DataWindows.Views(windows);
        this.staged = inbox.staged().duplicate();
    }

    public void setDigests(boolean inHeaders, boolean inData) {
        hasHeaderDigest = inHeaders;
        hasDataDigest = inData;
    }

    /// True when [#header] and [#dataLength] are those of the next PDU. Its data is discarded unless the owner says otherwise.
    ///
    /// @throws IOException the header's digest is wrong: nothing in it can be believed (RFC 7143 7.8)
    public boolean readHeader() throws IOException {
        if (!inbox.require(Pdu.HEADER_BYTES)) {
            return false;
        }
        int first = inbox.staged().getInt(inbox.position() + Pdu.TOTAL_AHS_LENGTH);
        int headerBytes = Pdu.HEADER_BYTES + (first >>> 24) * 4;
        int total = headerBytes + (hasHeaderDigest ? Pdu.DIGEST_BYTES : 0);
        if (!inbox.require(total)) {
            return false;
        }
        if (hasHeaderDigest && !isDigestRight(headerBytes)) {
            throw new IOException("header digest is wrong");
        }
        header.clear();
        inbox.staged().get(inbox.position(), header.array(), 0, headerBytes);
        header.limit(headerBytes);
        inbox.skip(total);
        consumedBytes += total;
        dataLength = first & 0xFF_FFFF;
        remaining = dataLength;
        isDigestWrong = false;
        discard();
        crc.reset();
        return true;
    }

    /// How many bytes have ever come from the peer.
    public long receivedBytes() {
        return consumedBytes + inbox.available();
    }

    /// Basic header segment and additional ones, until the next [#readHeader]. Read it with absolute gets.
    public ByteBuffer header() {
        return header;
    }

    /// Bytes of the data segment without padding.
    public int dataLength() {
        return dataLength;
    }

    /// Nobody wants the data segment.
    public void discard() {
        isDiscarded = true;
        intoBytes = false;
    }

    /// The data segment goes to an address of region 0.
    public void readTo(long target) {
        isDiscarded = false;
        intoBytes = false;
        address = target;
    }

    /// The data segment goes to an array of its own: login, text.
    public void readToBytes() {
        isDiscarded = false;
        intoBytes = true;
        bytes = dataLength == 0 ? NO_BYTES : new byte[dataLength];
    }

    public byte[] bytes() {
        return bytes;
    }

    /// True when the data segment was read and its digest was not what its bytes say.
    public boolean isDigestWrong() {
        return isDigestWrong;
    }

    /// True when the data segment, its padding and its digest are read.
    public boolean readData() throws IOException {
        while (remaining > 0) {
            int got = readPiece();
            if (got == 0) {
                return false;
            }
            remaining -= got;
            consumedBytes += got;
        }
        int padding = Pdu.padded(dataLength) - dataLength;
        boolean isChecked = hasDataDigest && dataLength > 0;
        int trailer = padding + (isChecked ? Pdu.DIGEST_BYTES : 0);
        if (trailer > 0 && !inbox.require(trailer)) {
            return false;
        }
        if (isChecked && !isDiscarded) {
            int at = inbox.position();
            crc.update(staged.limit(at + padding).position(at));
            isDigestWrong = (int) crc.getValue() != Integer.reverseBytes(inbox.staged().getInt(at + padding));
        }
        inbox.skip(trailer);
        consumedBytes += trailer;
        return true;
    }

    private int readPiece() throws IOException {
        if (isDiscarded) {
            return inbox.discard(remaining);
        }
        int done = dataLength - remaining;
        if (intoBytes) {
            return readBytes(done);
        }
        int got = inbox.readInto(address + done, remaining);
        if (hasDataDigest && got > 0) {
            crc.update(views.view(address + done, got));
        }
        return got;
    }

    private int readBytes(int done) throws IOException {
        if (inbox.available() == 0 && !inbox.require(1)) {
            return 0;
        }
        int got = Math.min(inbox.available(), remaining);
        inbox.staged().get(inbox.position(), bytes, done, got);
        inbox.skip(got);
        if (hasDataDigest) {
            crc.update(bytes, done, got);
        }
        return got;
    }

    private boolean isDigestRight(int headerBytes) {
        int at = inbox.position();
        crc.reset();
        crc.update(staged.limit(at + headerBytes).position(at));
        return (int) crc.getValue() == Integer.reverseBytes(inbox.staged().getInt(at + headerBytes));
    }
}
