package io.trilane.tools;

import io.trilane.hba.image.ByteSize;
import io.trilane.perf.report.Units;
import io.trilane.perf.tune.Cell;
import io.trilane.perf.tune.TuneListener;
import java.io.PrintWriter;
import java.util.Locale;

/// Tells a person how far a search is: one line that changes, on a terminal; one line per phase, elsewhere.
final class TuneProgress implements TuneListener {
    private static final String ERASE = "\r\u001b[K";
    private static final double NS_PER_SECOND = 1e9;

    private final PrintWriter err;
    private final boolean terminal;
    private String phase = "";

    TuneProgress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    @Override
    public void onProgress(Progress progress) {
        if (terminal) {
            show(line(progress));
        } else if (!phase.equals(progress.phase())) {
            err.println(progress.phase());
            err.flush();
        }
        phase = progress.phase();
    }

    /// Leaves the line to the result.
    void end() {
        if (terminal) {
            show("");
        }
    }

    private static String line(Progress progress) {
        String cell = progress.cell().map(TuneProgress::text).orElse("");
        return String.format(Locale.ROOT, "%s %d/%d  %.0f s left  %s  (last %s)", progress.phase(), progress.done(),
                progress.planned(), progress.remainingNs() / NS_PER_SECOND, cell,
                Units.rate(progress.bytesPerSecond()));
    }

    /// `64k x 8 x 2 jobs, bundle 8`.
    static String text(Cell cell) {
        return ByteSize.format(cell.requestBytes()) + " x " + cell.depth()
                + (cell.jobs() > 1 ? " x " + cell.jobs() + " jobs" : "") + ", bundle " + cell.bundle();
    }

    private void show(String text) {
        err.print(ERASE + text);
        err.flush();
    }
}
