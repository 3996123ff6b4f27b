package io.trilane.tools.nbd;

import io.trilane.engine.task.HotPath;
import io.trilane.tools.frontend.ServedUnit;

/// What a request must obey before it becomes commands (proto.md, "Request types", "Error values"). Immutable.
@HotPath
final class RequestRules {
    private final ServedUnit unit;
    private final boolean isStructured;
    private final boolean hasContext;
    private final int maxFragmentBytes;

    /// @param hasContext       base:allocation was selected
    /// @param maxFragmentBytes longest read that goes out as one chunk
    RequestRules(ServedUnit unit, boolean isStructured, boolean hasContext, int maxFragmentBytes) {
        this.unit = unit;
        this.isStructured = isStructured;
        this.hasContext = hasContext;
        this.maxFragmentBytes = maxFragmentBytes;
    }

    /// Notes the error in the request, if there is one.
    void check(Request request, long length) {
        int type = request.type;
        if (type < 0 || type > NbdCodes.CMD_BLOCK_STATUS || type == NbdCodes.CMD_DISC) {
            request.fail(NbdCodes.EINVAL, "unknown command");
        } else if ((request.flags & ~allowedFlags(type)) != 0) {
            request.fail(NbdCodes.EINVAL, "flag does not go with this command");
        } else if (isWriting(type) && unit.isReadOnly()) {
            request.fail(NbdCodes.EPERM, "export is read-only");
        } else if (type == NbdCodes.CMD_FLUSH) {
            if (request.offset != 0 || length != 0) {
                request.fail(NbdCodes.EINVAL, "offset and length of a flush must be 0");
            }
        } else {
            checkRange(request, length);
        }
    }

    private void checkRange(Request request, long length) {
        int type = request.type;
        boolean isWrite = type == NbdCodes.CMD_WRITE || type == NbdCodes.CMD_WRITE_ZEROES;
        if (request.offset < 0 || request.offset > unit.capacityBytes()
                || length > unit.capacityBytes() - request.offset) {
            request.fail(isWrite ? NbdCodes.ENOSPC : NbdCodes.EINVAL, "beyond the end of the export");
        } else if (type == NbdCodes.CMD_WRITE && length > NbdCodes.MAX_PAYLOAD_BYTES) {
            request.fail(NbdCodes.EINVAL, "longer than the maximum payload");
        } else if (type == NbdCodes.CMD_READ) {
            checkRead(request, length);
        } else if (type == NbdCodes.CMD_BLOCK_STATUS && (!hasContext || length == 0)) {
            request.fail(NbdCodes.EINVAL, hasContext ? "length is 0" : "no metadata context was selected");
        }
    }

    private void checkRead(Request request, long length) {
        boolean isLong = length > NbdCodes.MAX_PAYLOAD_BYTES;
        boolean isFragmented = request.has(NbdCodes.CMD_FLAG_DF) && length > maxFragmentBytes;
        if (isLong && !isStructured) {
            request.fail(NbdCodes.EINVAL, "longer than the maximum payload");
        } else if (isLong || isFragmented) {
            request.fail(NbdCodes.EOVERFLOW, isLong ? "longer than the maximum payload" : "too long for one chunk");
        }
    }

    /// FUA is valid everywhere (proto.md, "Command flags").
    private int allowedFlags(int type) {
        return NbdCodes.CMD_FLAG_FUA | switch (type) {
            case NbdCodes.CMD_READ -> isStructured ? NbdCodes.CMD_FLAG_DF : 0;
            case NbdCodes.CMD_WRITE_ZEROES -> NbdCodes.CMD_FLAG_NO_HOLE | NbdCodes.CMD_FLAG_FAST_ZERO;
            case NbdCodes.CMD_BLOCK_STATUS -> NbdCodes.CMD_FLAG_REQ_ONE;
            default -> 0;
        };
    }

    private static boolean isWriting(int type) {
        return type == NbdCodes.CMD_WRITE || type == NbdCodes.CMD_TRIM || type == NbdCodes.CMD_WRITE_ZEROES;
    }
}
