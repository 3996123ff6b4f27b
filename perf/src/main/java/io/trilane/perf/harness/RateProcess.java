package io.trilane.perf.harness;

import java.util.Locale;

/// How arrivals of an open loop are spread over time; fio's `--rate_process`.
public enum RateProcess {
    /// One after the other at equal distances.
    LINEAR,
    /// Independent of each other: the distances are exponential. What many clients together look like.
    POISSON;

    public String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException for a name that is not one of fio's
    public static RateProcess parse(String option) {
        return switch (option.toLowerCase(Locale.ROOT)) {
            case "linear" -> LINEAR;
            case "poisson" -> POISSON;
            default -> throw new IllegalArgumentException("rate_process=" + option
                    + " is unknown, choose linear or poisson");
        };
    }
}
