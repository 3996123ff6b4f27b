/// Bytes for an initiator: sense data, INQUIRY, VPD and mode pages. Formats; decides nothing.
@NullMarked
package io.trilane.hba.page;

import org.jspecify.annotations.NullMarked;
