/// Workloads, measurement and reports.
@NullMarked
package io.trilane.perf;

import org.jspecify.annotations.NullMarked;
