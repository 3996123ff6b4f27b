/// Picks the way to a disk by the text of a target. Each way has a package of its own below this one.
@NullMarked
package io.trilane.tools.initiator;

import org.jspecify.annotations.NullMarked;
