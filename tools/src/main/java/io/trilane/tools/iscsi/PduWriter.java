package io.trilane.tools.iscsi;

import io.trilane.engine.task.HotPath;
import io.trilane.tools.frontend.DataWindows;
import io.trilane.tools.frontend.Outbox;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Puts PDUs together in the outbox, with the session's numbers and the digests. Ask [#hasRoom] before each. Belongs to the
/// connection's event loop.
///
/// ```java
/// int at = writer.start(Pdu.NOP_IN, Pdu.FINAL, 0);
/// writer.putInt(at + Pdu.INITIATOR_TASK_TAG, tag);
/// writer.putStatus(at);
/// writer.finish(at);
/// ```
@HotPath
public final class PduWriter {
    /// A PDU is at most a header, its data, and what is behind its data.
    /// Left free by all who ask: what the end of a PDU that was begun may need (R2Ts, an echo, a text answer, a reject).
    private static final int RESERVED_PIECES = 16;
    private static final int RESERVED_BYTES = 9 << 10;
    private static final int PIECES = 4;
    /// Longest data segment that [#start] takes: a rejected header, sense data.
    public static final int MAX_SMALL_DATA_BYTES = 1536;
    private static final int HEADER_ROOM_BYTES = Pdu.HEADER_BYTES + 3 * Pdu.DIGEST_BYTES;

    private final Outbox outbox;
    private final ByteBuffer ring;
    private final ByteBuffer ringView;
    private final DataWindows.Views views;
    private final SerialNumbers numbers;
    private final CRC32C crc = new CRC32C();
    private boolean hasHeaderDigest;
    private boolean hasDataDigest;

    /// For an initiator, which puts its own numbers.
    public PduWriter(Outbox outbox, DataWindows windows) {
        this(outbox, windows, new SerialNumbers());
    }

    PduWriter(Outbox outbox, DataWindows windows, SerialNumbers numbers) {
        this.outbox = outbox;
        this.ring = outbox.ring();
        this.ringView = ring.duplicate();
        this.views = new DataWindows.Views(windows);
        this.numbers = numbers;
    }

    public void setDigests(boolean inHeaders, boolean inData) {
        hasHeaderDigest = inHeaders;
        hasDataDigest = inData;
    }

    /// True when `pdus` PDUs with data of tasks or without data fit.
    public boolean hasRoom(int pdus) {
        return outbox.hasRoom(RESERVED_PIECES + pdus * PIECES, RESERVED_BYTES + pdus * HEADER_ROOM_BYTES);
    }

    /// True when a PDU with this much data in the ring fits.
    public boolean hasRoomForBytes(int dataBytes) {
        return outbox.hasRoom(RESERVED_PIECES + PIECES, RESERVED_BYTES + HEADER_ROOM_BYTES + Pdu.padded(dataBytes));
    }

    /// Begins a PDU whose `dataBytes` bytes of data the caller writes at [#data]; returns where its header is. All of it is
    /// zero but operation code, flags and data segment length.
    public int start(int opcode, int flags, int dataBytes) {
        int at = outbox.header(Pdu.HEADER_BYTES + digest(hasHeaderDigest)
                + (dataBytes == 0 ? 0 : Pdu.padded(dataBytes) + digest(hasDataDigest)));
        putBasics(at, opcode, flags, dataBytes);
        return at;
    }

    /// Begins a PDU whose data is added by [#finishWithData].
    public int startForData(int opcode, int flags, int dataBytes) {
        int at = outbox.header(Pdu.HEADER_BYTES + digest(hasHeaderDigest));
        putBasics(at, opcode, flags, dataBytes);
        return at;
    }

    /// Where the data of the PDU at `at` begins, for [#start].
    public int data(int at) {
        return at + Pdu.HEADER_BYTES + digest(hasHeaderDigest);
    }

    public void putByte(int at, int value) {
        ring.put(at, (byte) value);
    }

    public void putShort(int at, int value) {
        ring.putShort(at, (short) value);
    }

    public void putInt(int at, int value) {
        ring.putInt(at, value);
    }

    public void putLong(int at, long value) {
        ring.putLong(at, value);
    }

    public void putBytes(int at, byte[] source, int length) {
        ring.put(at, source, 0, length);
    }

    /// A response: takes a StatSN.
    public void putStatus(int at) {
        ring.putInt(at + Pdu.STAT_SN, numbers.takeStatSn());
        putWindow(at);
    }

    /// Not a response: tells the next StatSN.
    public void putNextStatus(int at) {
        ring.putInt(at + Pdu.STAT_SN, numbers.statSn());
        putWindow(at);
    }

    /// ExpCmdSN and MaxCmdSN.
    public void putWindow(int at) {
        ring.putInt(at + Pdu.EXP_CMD_SN, numbers.expCmdSn());
        ring.putInt(at + Pdu.MAX_CMD_SN, numbers.maxCmdSn());
    }

    /// Ends a PDU that was begun with [#start].
    public void finish(int at) {
        finishHeader(at);
        int dataBytes = ring.getInt(at + Pdu.TOTAL_AHS_LENGTH) & 0xFF_FFFF;
        if (hasDataDigest && dataBytes > 0) {
            int end = data(at) + Pdu.padded(dataBytes);
            ring.putInt(end, digestOfRing(data(at), end));
        }
    }

    /// Ends a PDU that was begun with [#startForData]: its data are bytes of region 0, at least one.
    public void finishWithData(int at, long address, int dataBytes) {
        finishHeader(at);
        outbox.data(address, dataBytes);
        int padding = Pdu.padded(dataBytes) - dataBytes;
        int trailer = padding + digest(hasDataDigest);
        if (trailer > 0) {
            int end = outbox.header(trailer);
            if (hasDataDigest) {
                crc.reset();
                crc.update(views.view(address, dataBytes));
                crc.update(ringView.limit(end + padding).position(end));
                ring.putInt(end + padding, Integer.reverseBytes((int) crc.getValue()));
            }
        }
    }

    private void putBasics(int at, int opcode, int flags, int dataBytes) {
        ring.put(at + Pdu.OPCODE, (byte) opcode);
        ring.put(at + Pdu.FLAGS, (byte) flags);
        ring.putInt(at + Pdu.TOTAL_AHS_LENGTH, dataBytes);
    }

    private void finishHeader(int at) {
        if (hasHeaderDigest) {
            ring.putInt(at + Pdu.HEADER_BYTES, digestOfRing(at, at + Pdu.HEADER_BYTES));
        }
    }

    /// As it stands on the wire, least significant byte first (RFC 7143 13.1).
    private int digestOfRing(int start, int end) {
        crc.reset();
        crc.update(ringView.limit(end).position(start));
        return Integer.reverseBytes((int) crc.getValue());
    }

    private static int digest(boolean isOn) {
        return isOn ? Pdu.DIGEST_BYTES : 0;
    }
}
