package io.trilane.perf.report;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What a terminal can show.
public enum TerminalStyle {
    /// 256 colours and Unicode.
    COLOR,
    /// Unicode blocks without colour.
    SHADES,
    /// ASCII alone.
    NUMBERS;

    /// Colours on a terminal, unless `NO_COLOR` is there and not empty (no-color.org) or `TERM` is `dumb`; blocks where the
    /// output can carry them.
    ///
    /// @param environment of the process
    /// @param charset     of the output
    public static TerminalStyle choose(boolean isTerminal, Map<String, String> environment, Charset charset) {
        if (!charset.equals(StandardCharsets.UTF_8)) {
            return NUMBERS;
        }
        boolean wantsColor = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        return isTerminal && wantsColor ? COLOR : SHADES;
    }
}
