/// The command line.
@NullMarked
package io.trilane.tools;

import org.jspecify.annotations.NullMarked;
