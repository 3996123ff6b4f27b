package io.trilane.perf.tune;

import io.trilane.perf.harness.Crew;
import io.trilane.perf.harness.LoadDisk;
import io.trilane.perf.harness.RwMode;
import io.trilane.perf.harness.Workload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Puts cells on a disk, each job with its own share of it and its own way in. Cells stay open between their repetitions as long
/// as ways and memory allow; the one that was not measured for the longest time makes room, and is opened and warmed up again
/// when its turn comes. On the search's thread; only [#stop] is for others.
///
/// Where a request takes more than 5 us, every request is timed. Where it is faster, four fifths of a round are without the
/// observer and give the throughput, and one fifth is with it and gives the latency.
public final class LoadCellMeter implements CellMeter {
    /// Most bytes in flight of all cells that are open.
    public static final long OPEN_BYTES = 1L << 30;
    /// Most ways in that are open, as far as one cell does not need more.
    public static final int OPEN_WAYS = 8;

    private static final long LONGEST_WARM_UP_NS = 200_000_000;
    private static final int WARM_UPS_PER_BUDGET = 600;

    private final LoadDisk disk;
    private final RwMode mode;
    private final int rwMixRead;
    private final long seed;
    private final long warmUpNs;
    private final int maxWays;
    private final BitSet ways = new BitSet();
    /// Least recently measured first.
    private final Deque<OpenCell> live = new ArrayDeque<>();
    private volatile @Nullable Crew<CellJob> atWork;
    private volatile boolean stopped;

    /// @param disk     stays open; closed by its owner
    /// @param warmUpNs load on a cell after it was opened, before it is measured
    public LoadCellMeter(LoadDisk disk, RwMode mode, int rwMixRead, long seed, long warmUpNs) {
        if (mode.writes() && !disk.limits().isWritable()) {
            throw new IllegalArgumentException("rw=" + mode.option() + " target=" + disk.name()
                    + " cannot be written, use --rw read or --rw randread");
        }
        this.disk = disk;
        this.mode = mode;
        this.rwMixRead = rwMixRead;
        this.seed = seed;
        this.warmUpNs = warmUpNs;
        this.maxWays = disk.limits().maxJobs();
    }

    /// With a warm-up as given, or where that is 0, one that the budget has room for.
    public static LoadCellMeter of(LoadDisk disk, TuneGoal goal, long warmUpNs) {
        return warmUpNs == 0 ? of(disk, goal)
                : new LoadCellMeter(disk, goal.mode(), goal.rwMixRead(), goal.seed(), warmUpNs);
    }

    /// With a warm-up that the budget has room for.
    public static LoadCellMeter of(LoadDisk disk, TuneGoal goal) {
        return new LoadCellMeter(disk, goal.mode(), goal.rwMixRead(), goal.seed(),
                Math.min(LONGEST_WARM_UP_NS, goal.budgetNs() / WARM_UPS_PER_BUDGET));
    }

    @Override
    public Load open(Cell cell) {
        if (cell.jobs() > maxWays) {
            throw new IllegalArgumentException("numjobs=" + cell.jobs() + " > maxJobs=" + maxWays + " of target="
                    + disk.name() + ", lower --numjobs");
        }
        OpenCell opened = new OpenCell(cell);
        opened.enliven();
        return opened;
    }

    @Override
    public LongSupplier nanoClock() {
        return disk.nanoClock();
    }

    @Override
    public void stop() {
        stopped = true;
        Crew<CellJob> crew = atWork;
        if (crew != null) {
            crew.stop();
        }
    }

    /// Closes the cells that are still open.
    @Override
    public void close() {
        while (!live.isEmpty()) {
            live.getFirst().close();
        }
    }

    /// Cells that hold ways in at the moment.
    int liveCells() {
        return live.size();
    }

    private void makeRoom(Cell cell) {
        int mostWays = Math.min(maxWays, Math.max(OPEN_WAYS, cell.jobs()));
        while (!live.isEmpty() && (ways.cardinality() + cell.jobs() > mostWays
                || liveBytes() + cell.bytesInFlight() > OPEN_BYTES)) {
            live.getFirst().close();
        }
    }

    private long liveBytes() {
        return live.stream().mapToLong(open -> open.cell.bytesInFlight()).sum();
    }

    private <T> List<T> work(Crew<CellJob> crew, Function<CellJob, T> work) {
        atWork = crew;
        try {
            if (stopped) {
                // It came before the crew was known.
                crew.stop();
            }
            return crew.run(work);
        } finally {
            atWork = null;
        }
    }

    private final class OpenCell implements Load {
        private final Cell cell;
        private final List<Integer> taken = new ArrayList<>();
        private @Nullable Crew<CellJob> crew;

        OpenCell(Cell cell) {
            this.cell = cell;
        }

        @Override
        public Sample measure(long wantedNs) {
            Crew<CellJob> open = enliven();
            List<CellJob.Part> parts = work(open, job -> job.measure(wantedNs));
            Histogram latency = new Histogram(CellRecorder.LONGEST_NS, CellRecorder.DIGITS);
            parts.forEach(part -> latency.add(part.latency()));
            return new Sample(parts.stream().mapToLong(CellJob.Part::requests).sum(),
                    parts.stream().mapToLong(CellJob.Part::elapsedNs).max().orElseThrow(),
                    parts.stream().mapToDouble(CellJob.Part::perSecond).sum(), latency,
                    parts.stream().mapToLong(CellJob.Part::errors).sum());
        }

        /// Opens it where it is not, and makes it the one that was used last.
        Crew<CellJob> enliven() {
            Crew<CellJob> open = crew;
            if (open != null) {
                live.remove(this);
                live.addLast(this);
                return open;
            }
            makeRoom(cell);
            Workload workload = new Workload(mode, rwMixRead, cell.requestBytes(), cell.depth(), cell.bundle(), false,
                    seed, false);
            for (int i = 0; i < cell.jobs(); i++) {
                int way = ways.nextClearBit(0);
                ways.set(way);
                taken.add(way);
            }
            live.addLast(this);
            try {
                open = new Crew<>("trilane-tune-job-", true);
                open.open(cell.jobs(),
                        index -> new CellJob(disk, taken.get(index), index, cell.jobs(), workload));
                crew = open;
                List<Boolean> _ = work(open, job -> {
                    job.warmUp(warmUpNs);
                    return true;
                });
                return open;
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }

        @Override
        public void close() {
            Crew<CellJob> open = crew;
            crew = null;
            live.remove(this);
            try {
                if (open != null) {
                    open.close();
                }
            } finally {
                taken.forEach(ways::clear);
                taken.clear();
            }
        }
    }
}
