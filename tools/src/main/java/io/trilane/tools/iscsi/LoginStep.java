package io.trilane.tools.iscsi;

import org.jspecify.annotations.Nullable;

/// The answer to one Login or Text request: a Login Response, Text Response or Reject. The connection fills StatSN, ExpCmdSN and MaxCmdSN
/// in (all three at the same places in these PDUs), sends it and then looks at `finished` and `failure`.
///
/// @param header   48 bytes, DataSegmentLength set
/// @param data     the data segment, without padding; the connection has to split nothing
/// @param finished Login: what was agreed upon, when the login is complete with this answer. Text: what holds from the next PDU on, when
///                 the initiator declared another MaxRecvDataSegmentLength. Null otherwise
/// @param failure  why the connection must be closed after this answer; null: it goes on
record LoginStep(byte[] header, byte[] data, @Nullable SessionParameters finished, @Nullable String failure) {
    /// Status-Class and Status-Detail of a Login Response (RFC 7143 11.13.5).
    static final int STATUS = 36;
}
