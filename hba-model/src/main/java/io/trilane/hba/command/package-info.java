/// SCSI commands: the table of them, the checks before them, one class per family. Decides legality; never touches
/// queues, roles, threads or clocks.
@NullMarked
package io.trilane.hba.command;

import org.jspecify.annotations.NullMarked;
