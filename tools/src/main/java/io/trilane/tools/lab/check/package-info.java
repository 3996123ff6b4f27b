/// Judges the description of a controller before anybody loads it.
@NullMarked
package io.trilane.tools.lab.check;

import org.jspecify.annotations.NullMarked;
