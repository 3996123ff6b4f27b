/// Peers that mean harm, or are broken: what the front ends make of them, and what it costs the others.
@NullMarked
package io.trilane.tools.hostile;

import org.jspecify.annotations.NullMarked;
