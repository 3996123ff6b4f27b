package io.trilane.engine.controller;

import io.trilane.engine.controller.CallTrace.Direction;
import io.trilane.engine.controller.CallTrace.Span;
import java.util.List;
import java.util.Locale;

/// Spans as text: one line each, in the order in which they began.
///
/// ```text
///     time µs  track       → framework to controller, ← controller to framework, · note
///         3.0  CONTROL     → start(framework) = true, 9.0 µs
///         4.0  CONTROL       ← contract() = ENGINE, 1.0 µs
/// ```
final class CallTree {
    private static final double NS_PER_US = 1_000;
    private static final int LEAST_TRACK_WIDTH = 9;

    private final List<Span> spans;
    private final String format;

    CallTree(List<Span> spans) {
        this.spans = spans;
        int width = spans.stream().mapToInt(span -> span.track().length()).max().orElse(0);
        this.format = "%12s  %-" + Math.max(width, LEAST_TRACK_WIDTH) + "s  %s\n";
    }

    String text() {
        StringBuilder text = new StringBuilder(line("time µs", "track",
                "→ framework to controller, ← controller to framework, · note"));
        for (Span span : spans) {
            text.append(line(micros(span.startNs()), span.track(), "  ".repeat(span.depth()) + span.direction().sign()
                    + " " + what(span)));
        }
        return text.toString();
    }

    private static String what(Span span) {
        if (span.direction() == Direction.NOTE) {
            return span.call();
        }
        String call = span.call() + "(" + span.arguments() + ")";
        if (span.isOpen()) {
            return call + ", has not returned";
        }
        return call + (span.result().isEmpty() ? "" : " = " + span.result()) + ", " + micros(span.durationNs()) + " µs";
    }

    private String line(String time, String track, String what) {
        return String.format(Locale.ROOT, format, time, track, what);
    }

    private static String micros(long ns) {
        return String.format(Locale.ROOT, "%.1f", ns / NS_PER_US);
    }
}
