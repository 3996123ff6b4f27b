/// An NBD client that puts load on an export.
///
/// ```text
/// NbdLoadDisk ── NbdUri, PatientChannel, Negotiation ── NbdExport
///   └── NbdLoadTarget ── RequestSender ─► socket ─► ReplyReader ── Transfers ── RequestSlots
/// ```
@NullMarked
package io.trilane.tools.initiator.nbd;

import org.jspecify.annotations.NullMarked;
