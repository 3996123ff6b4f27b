package io.trilane.perf.harness;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Which requests a workload makes, with fio's names for them. fio's `trimwrite` is not here: it relies on a write not
/// overtaking the trim before it, which holds at depth 1 only; a share of unmaps ([RequestMix#unmapPercent]) mixes them.
public enum RwMode {
    READ(true, false, false),
    WRITE(false, true, false),
    RANDREAD(true, false, true),
    RANDWRITE(false, true, true),
    RW(true, true, false),
    RANDRW(true, true, true),
    TRIM(false, false, false),
    RANDTRIM(false, false, true);

    private final boolean reads;
    private final boolean writes;
    private final boolean random;

    RwMode(boolean reads, boolean writes, boolean random) {
        this.reads = reads;
        this.writes = writes;
        this.random = random;
    }

    public boolean reads() {
        return reads;
    }

    public boolean writes() {
        return writes;
    }

    /// True when every request is an unmap.
    public boolean unmaps() {
        return !reads && !writes;
    }

    public boolean random() {
        return random;
    }

    public boolean mixed() {
        return reads && writes;
    }

    /// As fio writes it: `randread`.
    public String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Reads fio's name; `readwrite` is its other name for `rw`.
    public static RwMode parse(String text) {
        String name = text.equals("readwrite") ? RW.option() : text;
        return Arrays.stream(values()).filter(mode -> mode.option().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("rw=" + text + " is unknown, choose one of "
                        + Arrays.stream(values()).map(RwMode::option).collect(Collectors.joining(", "))));
    }
}
