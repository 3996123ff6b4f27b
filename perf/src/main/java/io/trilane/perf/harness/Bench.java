package io.trilane.perf.harness;

import io.trilane.hba.image.DiskImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One run: opens the jobs, warms up, alternates rounds of the engine, of the copy contenders and of latency taking, and
/// reads every stamp back. Used once, by one thread; anyone may stop it, and it still has a result.
public final class Bench {
    private static final long ROUND_NS = 200_000_000;
    private static final long SLOWEST_ROUND_NS = 1_000_000_000;
    private static final long WARM_UP_ROUND_NS = 20_000_000;
    /// A latency round is this part of a measured one.
    private static final int LATENCY_SHARE = 4;
    /// A shorter round is served from caches, to whoever comes second.
    private static final long LEAST_COPIED_BYTES = 64L << 20;
    private static final String TOO_SHORT = "rounds are too short to be more than cache hits, raise --runtime or"
            + " --number_ios, or use --copy-limit on";
    private static final String NOT_PLAIN = "a copy has one length and no flushes or unmaps";
    private static final long FIRST_ROUND_REQUESTS = 256;

    private final BenchPlan plan;
    private final List<BenchDisk> disks;
    private final BenchListener listener;
    private final LongSupplier nanoClock;
    private final Crew<Job> crew = new Crew<>("trilane-bench-job-", false);
    private final List<String> notes = new ArrayList<>();
    /// Keeps every file mapped and prefaulted from the first look at it to the end.
    private final List<DiskImage> held = new ArrayList<>();
    private volatile boolean stopped;
    private @Nullable LatencyLog log;

    public Bench(BenchPlan plan, List<BenchDisk> disks, BenchListener listener) {
        this.plan = plan;
        this.disks = List.copyOf(disks);
        this.listener = listener;
        this.nanoClock = System::nanoTime;
        requireVerifiable();
        requireComparable();
    }

    /// Writes the latencies of each interval there; before [#run]. The log stays open.
    public void logTo(LatencyLog newLog) {
        log = newLog;
    }

    /// Runs everything. Whatever was opened is closed again, also on failure.
    public RunResult run() {
        Workload workload = plan.workload();
        CopyRegions regions = null;
        String copyNote = plan.copyLimit() == BenchPlan.CopyLimitMode.OFF ? "switched off"
                : isOpenLoop() ? "requests come at a given rate"
                : plan.workload().verify() ? "checking stamps is part of every request" : NOT_PLAIN;
        try {
            listener.onPhase("opening");
            prefault();
            if (wantsCopyLimit()) {
                try {
                    regions = CopyRegions.of(disks, workload.mode().writes());
                    copyNote = regions.description();
                } catch (CopyRegions.Unavailable e) {
                    copyNote = unavailable(e);
                }
            }
            crew.open(plan.jobs(), index -> Job.open(index, plan, disks, nanoClock));
            listener.onOpened();
            Rounds rounds = measure(regions);
            copyNote = rounds.contenders().isEmpty() && regions != null ? TOO_SHORT
                    : rounds.count() == 0 ? "interrupted" : copyNote;
            return new ResultBuilder(plan, disks, crew.jobs(), rounds).build(copyNote, verify(), stopped, notes);
        } finally {
            crew.close();
            if (regions != null) {
                regions.close();
            }
            held.forEach(DiskImage::close);
        }
    }

    /// Any thread: ends the run soon.
    public void stop() {
        stopped = true;
        crew.stop();
    }

    private Rounds measure(@Nullable CopyRegions regions) {
        if (regions != null) {
            List<CopyContender.Placed> placed = regions.placed();
            crew.jobs().forEach(job -> job.addContenders(placed));
        }
        Rounds rounds = new Rounds(crew, plan.jobs());
        listener.onPhase("warming up");
        Optional<OpenLoop> openLoop = plan.latency().openLoop();
        long operations = openLoop.isPresent() ? warmUp(rounds, openLoop.get()) : warmUp(rounds);
        if (!isOpenLoop() && plan.copyLimit() == BenchPlan.CopyLimitMode.AUTO
                && operations * plan.workload().requestBytes() < LEAST_COPIED_BYTES) {
            crew.jobs().forEach(Job::removeContenders);
            rounds = new Rounds(crew, plan.jobs());
        }
        crew.jobs().forEach(Job::resetMeasurements);
        rounds.clear();
        listener.onPhase(stopped ? "stopping" : "measuring");
        long startNs = nanoClock.getAsLong();
        long done = 0;
        LatencyIntervals intervals = startLog(startNs);
        long lastNs = startNs;
        while (!stopped) {
            long wanted = plan.numberIos() > 0 ? Math.min(operations, plan.numberIos() - done) : operations;
            done += rounds.cycle(wanted, isOpenLoop() ? 0 : Math.max(1, wanted / LATENCY_SHARE));
            operations = shorterIfSlow(operations, rounds.lastIops());
            long nowNs = nanoClock.getAsLong();
            if (intervals != null) {
                intervals.end(lastNs, nowNs);
            }
            lastNs = nowNs;
            long elapsedNs = nowNs - startNs;
            double byTime = (double) elapsedNs / plan.runtimeNs();
            double byCount = byCount(done);
            listener.onRound(Math.min(1, Math.max(byTime, byCount)), rounds.lastIops());
            if (byCount >= 1 || byTime >= 1 && rounds.count() >= minRounds(!rounds.contenders().isEmpty())) {
                break;
            }
        }
        return rounds;
    }

    /// A disk that has become slow (a truncated file, a full cache) must not make a round last for ever.
    private long shorterIfSlow(long operations, double iops) {
        return Math.clamp((long) (iops / plan.jobs() * SLOWEST_ROUND_NS / 1e9), 1, operations);
    }

    /// What part is done of the requests that were asked for, if any were.
    private double byCount(long done) {
        if (plan.numberIos() == BenchPlan.ONE_PASS) {
            return crew.jobs().stream().mapToDouble(Job::passes).min().orElse(1);
        }
        return plan.numberIos() == 0 ? 0 : (double) done / plan.numberIos();
    }

    /// Runs short cycles until the ramp is over; returns how many requests make a full round.
    private long warmUp(Rounds rounds) {
        int phases = 1 + crew.jobs().getFirst().contenders().size();
        long startNs = nanoClock.getAsLong();
        long operations = FIRST_ROUND_REQUESTS;
        do {
            long _ = rounds.cycle(operations, Math.max(1, operations / LATENCY_SHARE));
            operations = reachedIn(rounds, WARM_UP_ROUND_NS);
        } while (nanoClock.getAsLong() - startNs < plan.rampNs() && !stopped);
        // Enough rounds must fit into the time that was asked for.
        long roundNs = Math.min(ROUND_NS, plan.runtimeNs() / CopyLimit.MIN_ROUNDS / (phases + 1));
        long full = reachedIn(rounds, roundNs);
        if (phases > 1) {
            // A little longer than asked for, rather than a ratio of cache hits.
            full = Math.clamp(LEAST_COPIED_BYTES / plan.workload().requestBytes() + 1, full, 4 * full);
        }
        return plan.numberIos() <= 0 ? full
                : Math.min(full, Math.max(1, plan.numberIos() / CopyLimit.MIN_ROUNDS));
    }

    /// Runs at the rate, or as fast as it goes; returns how many requests make a round.
    private long warmUp(Rounds rounds, OpenLoop rate) {
        long startNs = nanoClock.getAsLong();
        long operations = Math.min(FIRST_ROUND_REQUESTS, rate.arrivalsIn(WARM_UP_ROUND_NS));
        do {
            long _ = rounds.engine(operations);
            operations = Math.min(rate.arrivalsIn(WARM_UP_ROUND_NS), reachedIn(rounds, WARM_UP_ROUND_NS));
        } while (nanoClock.getAsLong() - startNs < plan.rampNs() && !stopped);
        long roundNs = Math.min(ROUND_NS, plan.runtimeNs());
        return Math.min(rate.arrivalsIn(roundNs), reachedIn(rounds, roundNs));
    }

    /// How many requests a job would make in this time, as fast as in the last round.
    private long reachedIn(Rounds rounds, long ns) {
        return Math.max(1, (long) (rounds.lastIops() / plan.jobs() * ns / 1e9));
    }

    private @Nullable LatencyIntervals startLog(long startNs) {
        if (log == null) {
            return null;
        }
        log.begin(System.currentTimeMillis());
        return new LatencyIntervals(log, crew.jobs(), startNs);
    }

    private boolean isOpenLoop() {
        return plan.latency().openLoop().isPresent();
    }

    private int minRounds(boolean withCopyLimit) {
        return withCopyLimit ? CopyLimit.MIN_ROUNDS : 1;
    }

    private RunResult.Verification verify() {
        boolean checks = crew.jobs().getFirst().verifier() != null;
        boolean complete = checks && !stopped;
        if (checks && stopped) {
            notes.add("stamps were not read back: interrupted");
        } else if (checks) {
            listener.onPhase("reading every stamp back");
            SequentialPass.Progress progress = new SequentialPass.Progress(listener::onPass, () -> stopped);
            for (SequentialPass.Result result : crew.run(plan.jobs(), job -> job.verifyPass(progress))) {
                complete &= result.complete() && result.errors() == 0;
                result.firstError().ifPresent(error -> notes.add("reading back: " + error));
            }
        }
        return Verifications.sum(crew.jobs(), complete);
    }

    private boolean wantsCopyLimit() {
        return plan.copyLimit() == BenchPlan.CopyLimitMode.ON
                || !isOpenLoop() && plan.copyLimit() == BenchPlan.CopyLimitMode.AUTO && !plan.workload().verify()
                        && plan.workload().mix().isPlain();
    }

    private String unavailable(CopyRegions.Unavailable e) {
        if (plan.copyLimit() == BenchPlan.CopyLimitMode.ON) {
            throw new IllegalArgumentException("copy-limit=on cannot be measured (" + e.getMessage()
                    + "), use --copy-limit off", e);
        }
        return String.valueOf(e.getMessage());
    }

    private void prefault() {
        for (BenchDisk disk : disks) {
            if (disk.file().isEmpty()) {
                continue;
            }
            DiskImage image = disk.opener().get();
            held.add(image);
            String note = Prefault.of(disk.name(), disk.file().orElseThrow(), image, plan.workload().mode().random());
            if (!note.isEmpty()) {
                notes.add(note);
            }
        }
    }

    private void requireComparable() {
        if (plan.copyLimit() == BenchPlan.CopyLimitMode.ON && !plan.workload().mix().isPlain()) {
            throw new IllegalArgumentException("copy-limit=on cannot be measured (" + NOT_PLAIN
                    + "), use --copy-limit off");
        }
    }

    private void requireVerifiable() {
        boolean memory = disks.stream().anyMatch(disk -> disk.kind() == BenchDisk.Kind.MEMORY);
        boolean all = disks.stream().allMatch(disk -> disk.kind() == BenchDisk.Kind.MEMORY);
        if (plan.workload().verify() && disks.stream().anyMatch(disk -> disk.kind() == BenchDisk.Kind.NULL)) {
            throw new IllegalArgumentException("verify=crc32c image=null: keeps no data, use memory: or a file");
        }
        if (plan.workload().verify() && memory && !all) {
            throw new IllegalArgumentException(
                    "verify=crc32c memory: images are stamped first and files are not, verify them in separate runs");
        }
    }
}
