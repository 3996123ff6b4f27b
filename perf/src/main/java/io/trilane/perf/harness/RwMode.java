package io.trilane.perf.harness;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Which requests a workload makes, with fio's names for them.
public enum RwMode {
    READ(true, false, false),
    WRITE(false, true, false),
    RANDREAD(true, false, true),
    RANDWRITE(false, true, true),
    RW(true, true, false),
    RANDRW(true, true, true);

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

    /// Reads fio's name.
    public static RwMode parse(String text) {
        return Arrays.stream(values()).filter(mode -> mode.option().equals(text)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("rw=" + text + " is unknown, choose one of "
                        + Arrays.stream(values()).map(RwMode::option).collect(Collectors.joining(", "))));
    }
}
