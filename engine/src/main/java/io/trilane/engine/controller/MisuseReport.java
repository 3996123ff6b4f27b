package io.trilane.engine.controller;

import java.util.List;

/// One misuse that was met.
///
/// @param misuse what it is
/// @param detail `name=value relation name=value` of this case
/// @param chain  for a wait that cannot end: call by call who waits for whom; empty otherwise
/// @param timeNs when, by the engine's clock
public record MisuseReport(Misuse misuse, String detail, List<String> chain, long timeNs) {
    public MisuseReport {
        chain = List.copyOf(chain);
    }

    /// Several lines for a person: what, the chain, what macOS does and how that is known, the remedy.
    public String describe() {
        StringBuilder text = new StringBuilder();
        text.append(misuse).append(": ").append(detail).append('\n');
        for (String step : chain) {
            text.append("    ").append(step).append('\n');
        }
        text.append("  macOS: ").append(misuse.consequence()).append(" (").append(misuse.evidence()).append(")\n");
        text.append("  remedy: ").append(misuse.remedy()).append('\n');
        return text.toString();
    }
}
