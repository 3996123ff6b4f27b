/// Turns results into text for people and JSON for programs.
@NullMarked
package io.trilane.perf.report;

import org.jspecify.annotations.NullMarked;
