/// Counters in a mapped file that another process can read, and events for rare things.
@NullMarked
package io.trilane.engine.metrics;

import org.jspecify.annotations.NullMarked;
