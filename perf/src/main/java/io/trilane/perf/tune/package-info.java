/// Searches request size, queue depth, bundle and jobs together for what serves a disk best, and says how sure it is.
@NullMarked
package io.trilane.perf.tune;

import org.jspecify.annotations.NullMarked;
