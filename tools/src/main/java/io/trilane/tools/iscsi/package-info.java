/// An iSCSI target (RFC 7143, ErrorRecoveryLevel 0) as a front end of the engine.
@NullMarked
package io.trilane.tools.iscsi;

import org.jspecify.annotations.NullMarked;
