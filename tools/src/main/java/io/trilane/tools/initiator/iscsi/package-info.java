/// An iSCSI initiator (RFC 7143, ErrorRecoveryLevel 0, one connection per session) that puts load on anybody's disk.
///
/// [IscsiLoadDisk] asks what the disk is; each [IscsiLoadTarget] is a session of its own, used by one thread.
/// Everything that the target says is checked before it is used: what is wrong ends the session with an
/// [java.io.IOException].
@NullMarked
package io.trilane.tools.initiator.iscsi;

import org.jspecify.annotations.NullMarked;
