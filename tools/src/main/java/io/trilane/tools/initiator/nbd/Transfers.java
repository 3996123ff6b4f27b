package io.trilane.tools.initiator.nbd;

import io.trilane.engine.task.HotPath;
import io.trilane.tools.initiator.slot.RequestSlots;
import io.trilane.tools.nbd.NbdCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What is known of each request in flight: what a reply is checked against before it is believed. Belongs to the target's
/// thread.
@HotPath
final class Transfers {
    private static final int SLOT_BITS = 32;

    private final RequestSlots slots;
    /// Slot, with the number of its use above: an answer that comes twice does not hit the next user.
    private final long[] cookies;
    private final int[] commands;
    private final long[] offsets;
    private final int[] lengths;
    /// Bytes of a read that are there.
    private final int[] received;
    /// 0: none.
    private final int[] errors;
    private final @Nullable String[] reasons;
    /// Everything of the request has left.
    private final boolean[] isSent;

    Transfers(RequestSlots slots) {
        int count = slots.count();
        this.slots = slots;
        this.cookies = new long[count];
        this.commands = new int[count];
        this.offsets = new long[count];
        this.lengths = new int[count];
        this.received = new int[count];
        this.errors = new int[count];
        this.reasons = new String[count];
        this.isSent = new boolean[count];
        for (int slot = 0; slot < count; slot++) {
            cookies[slot] = slot;
        }
    }

    /// Returns the cookie of the request.
    long begin(int slot, int command, long offset, int length) {
        cookies[slot] += 1L << SLOT_BITS;
        commands[slot] = command;
        offsets[slot] = offset;
        lengths[slot] = length;
        received[slot] = 0;
        errors[slot] = 0;
        reasons[slot] = null;
        isSent[slot] = false;
        return cookies[slot];
    }

    void onSent(int slot) {
        isSent[slot] = true;
    }

    /// @throws IOException no request with this cookie waits for a reply
    int slot(long cookie) throws IOException {
        int slot = (int) cookie;
        boolean isKnown = slot >= 0 && slot < cookies.length && slots.isBusy(slot) && cookies[slot] == cookie
                && isSent[slot];
        if (!isKnown) {
            throw new IOException("reply cookie=" + Long.toHexString(cookie) + " answers no request in flight");
        }
        return slot;
    }

    boolean isRead(int slot) {
        return commands[slot] == NbdCodes.CMD_READ;
    }

    int length(int slot) {
        return lengths[slot];
    }

    long offset(int slot) {
        return offsets[slot];
    }

    /// Bytes of a read that may still come.
    int missing(int slot) {
        return lengths[slot] - received[slot];
    }

    /// Where bytes at `offset` of the export belong, `length` of them.
    ///
    /// @throws IOException they are not part of the request
    ByteBuffer room(int slot, long offset, int length) throws IOException {
        long at = offset - offsets[slot];
        if (at < 0 || at > lengths[slot] - (long) length || length > missing(slot)) {
            throw new IOException("reply offset=" + offset + " length=" + length + " is outside of request offset="
                    + offsets[slot] + " length=" + lengths[slot]);
        }
        return slots.buffer(slot).limit((int) at + length).position((int) at);
    }

    void onReceived(int slot, int length) {
        received[slot] += length;
    }

    /// @param reason the server's words, or null; asked for when nothing failed before
    void onError(int slot, int error, @Nullable String reason) {
        errors[slot] = error;
        reasons[slot] = reason;
    }

    /// The server's words are wanted.
    boolean wantsReason() {
        return slots.errors() == 0;
    }

    /// The reply is complete.
    void finish(int slot) {
        if (errors[slot] != 0) {
            slots.fail(slot, lengths[slot], wantsReason() ? describe(slot) : "");
        } else if (isRead(slot) && missing(slot) != 0) {
            slots.fail(slot, lengths[slot], wantsReason() ? "missingBytes=" + missing(slot) : "");
        } else {
            slots.finish(slot);
        }
    }

    /// No reply comes any more.
    void failAll(String reason) {
        for (int slot = 0; slot < slots.count(); slot++) {
            if (slots.isBusy(slot)) {
                slots.fail(slot, lengths[slot], reason);
            }
        }
    }

    private String describe(int slot) {
        String reason = reasons[slot];
        return name(errors[slot]) + (reason == null || reason.isEmpty() ? "" : " (" + reason + ")");
    }

    /// proto.md, "Error values".
    private static String name(int error) {
        return switch (error) {
            case NbdCodes.EPERM -> "EPERM";
            case NbdCodes.EIO -> "EIO";
            case 12 -> "ENOMEM";
            case NbdCodes.EINVAL -> "EINVAL";
            case NbdCodes.ENOSPC -> "ENOSPC";
            case NbdCodes.EOVERFLOW -> "EOVERFLOW";
            case NbdCodes.ENOTSUP -> "ENOTSUP";
            case NbdCodes.ESHUTDOWN -> "ESHUTDOWN";
            default -> "error=" + Integer.toUnsignedString(error);
        };
    }
}
