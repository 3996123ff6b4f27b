package io.trilane.tools.initiator.nbd;

import io.trilane.tools.nbd.NbdCodes;

/// What a server said about an export (proto.md, "Transmission flags", "Block size constraints"). Immutable.
///
/// @param sizeBytes      of the export
/// @param flags          transmission flags
/// @param minBytes       offsets and lengths are multiples of it
/// @param preferredBytes best multiple of offsets and lengths
/// @param maxBytes       longest payload of a request
/// @param isStructured   replies come in chunks
record NbdExport(long sizeBytes, int flags, int minBytes, int preferredBytes, long maxBytes, boolean isStructured) {
    /// @param flag one of the transmission flags in [NbdCodes]
    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
