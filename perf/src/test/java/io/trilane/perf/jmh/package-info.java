/// JMH benchmarks: where the nanoseconds go, piece by piece. Never shipped. Each also runs once, tiny, as a test.
@NullMarked
package io.trilane.perf.jmh;

import org.jspecify.annotations.NullMarked;
