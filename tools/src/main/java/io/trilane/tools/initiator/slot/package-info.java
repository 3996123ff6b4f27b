/// What ways to a disk have in common: slots with their buffers, and what may be asked of a disk.
@NullMarked
package io.trilane.tools.initiator.slot;

import org.jspecify.annotations.NullMarked;
