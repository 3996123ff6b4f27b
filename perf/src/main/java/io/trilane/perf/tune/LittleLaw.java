package io.trilane.perf.tune;

/// Checks a cell's figures against each other by Little's law (1961). Stateless.
final class LittleLaw {
    /// Further off than this, a cell is worth a note.
    static final double TOLERANCE = 0.2;

    private LittleLaw() {}

    static LittleCheck check(CellResult result) {
        double inFlight = result.iops().median() * result.latency().meanNs() / 1e9;
        return new LittleCheck(result.cell(), inFlight / result.cell().concurrency());
    }

    static boolean isFar(LittleCheck check) {
        return Math.abs(check.ratio() - 1) > TOLERANCE;
    }
}
