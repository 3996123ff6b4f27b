package io.trilane.perf.harness;

import io.trilane.hba.image.DiskImage;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One engine under load on one thread, with its share of the regions and its copy contenders. Opened, used and closed
/// by that thread; only [#stop] is for others.
final class Job implements Crew.Job {
    private final BenchPlan plan;
    private final List<Region> regions;
    private final JobEngine engine;
    private final EngineLoadTarget target;
    private final OffsetSequence sequence;
    private final LoadDriver driver;
    private final LatencyRecorder latency;
    private final @Nullable StageRecorder stages;
    private final @Nullable OpenLoopJob open;
    private final ThreadMeter meter;
    private final LongSupplier nanoClock;
    private final Arena arena = Arena.ofShared();
    private final @Nullable StampVerifier verifier;
    private final List<CopyContender> contenders = new ArrayList<>();
    private long roundStart;

    private Job(int index, BenchPlan plan, List<BenchDisk> disks, JobEngine engine, LongSupplier nanoClock) {
        Workload workload = plan.workload();
        this.plan = plan;
        this.engine = engine;
        this.nanoClock = nanoClock;
        this.regions = disks.stream().map(disk -> disk.region().share(index, plan.jobs(), workload.requestBytes()))
                .toList();
        this.target = engine.target(workload);
        this.sequence = new OffsetSequence(workload, regions, index);
        this.driver = new LoadDriver(target, sequence, workload);
        this.verifier = verifier(disks);
        this.latency = new LatencyRecorder(nanoClock, target.slots());
        this.stages = plan.latency().stages() ? new StageRecorder() : null;
        this.open = plan.latency().openLoop()
                .map(rate -> OpenLoopDriver.Schedule.of(rate, workload.seed(), index, Pacing.of(nanoClock)))
                .map(schedule -> new OpenLoopJob(schedule, workload, target, sequence, latency)).orElse(null);
        this.meter = new ThreadMeter("trilane-" + index + "-");
    }

    static Job open(int index, BenchPlan plan, List<BenchDisk> disks, LongSupplier nanoClock) {
        Workload workload = plan.workload();
        List<DiskImage> images = new ArrayList<>();
        try {
            for (BenchDisk disk : disks) {
                images.add(disk.opener().get());
            }
        } catch (RuntimeException e) {
            images.forEach(DiskImage::close);
            throw e;
        }
        // A disk that cannot unmap is what most are: thin only where it is asked for.
        JobEngine engine = JobEngine.launch(new JobEngine.Plan(index, plan.threading(), workload.depth(),
                workload.bufferBytes() + SequentialPass.bufferBytes(workload.depth()),
                JobEngine.provisioning(workload)), images,
                controller -> controller);
        try {
            Job job = new Job(index, plan, disks, engine, nanoClock);
            job.prepare(disks);
            return job;
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /// Sets up the contenders on regions that stand for this job's disks.
    void addContenders(List<CopyContender.Placed> placed) {
        contenders.addAll(CopyContender.all(plan.workload(), sequence, placed, arena));
    }

    void removeContenders() {
        contenders.clear();
    }

    List<CopyContender> contenders() {
        return contenders;
    }

    /// A measured round of the engine; in an open loop, with latencies.
    RoundSample engineRound(long operations) {
        if (open != null) {
            target.observeStages(stages);
            return open.round(operations, meter);
        }
        roundStart = driver.position();
        sequence.prepare(roundStart);
        meter.begin();
        long startNs = nanoClock.getAsLong();
        long done = driver.run(operations);
        long elapsedNs = nanoClock.getAsLong() - startNs;
        meter.end();
        return new RoundSample(done, sequence.counts(roundStart, done), elapsedNs);
    }

    /// The same requests as the engine's last round, copied only.
    RoundSample contenderRound(int index, long operations) {
        sequence.prepare(roundStart);
        long startNs = nanoClock.getAsLong();
        contenders.get(index).run(roundStart, operations);
        return new RoundSample(operations, new RequestCounts(), nanoClock.getAsLong() - startNs);
    }

    /// A round with a clock call around each request; not part of the throughput.
    void latencyRound(long operations) {
        target.observe(latency);
        target.observeStages(stages);
        long _ = driver.run(operations);
        target.observeStages(null);
        target.observe(null);
    }

    /// Forgets what warm-up measured, but no error.
    void resetMeasurements() {
        latency.reset();
        meter.reset();
        if (stages != null) {
            stages.reset();
        }
        if (open != null) {
            open.reset();
        }
    }

    /// What part of the job's regions a sequential workload has been through, 1 and more: all.
    double passes() {
        long position = open == null ? driver.position() : open.position();
        return (double) position / sequence.onePass();
    }

    LatencyRecorder latency() {
        return latency;
    }

    Optional<StageRecorder> stages() {
        return Optional.ofNullable(stages);
    }

    Optional<OpenLoopJob> open() {
        return Optional.ofNullable(open);
    }

    ThreadMeter meter() {
        return meter;
    }

    EngineLoadTarget target() {
        return target;
    }

    @Nullable
    StampVerifier verifier() {
        return verifier;
    }

    /// Reads every stamp that is known back through the engine.
    SequentialPass.Result verifyPass(SequentialPass.Progress progress) {
        StampVerifier checking = Objects.requireNonNull(verifier);
        Workload pass = passWorkload(RwMode.READ);
        checking.beginPass(pass.requestBytes(), true);
        return SequentialPass.run(engine, pass, regions, checking, progress);
    }

    @Override
    public void stop() {
        driver.stop();
        if (open != null) {
            open.stop();
        }
    }

    @Override
    public void close() {
        try {
            engine.close();
        } finally {
            if (verifier != null) {
                verifier.close();
            }
            arena.close();
        }
    }

    private @Nullable StampVerifier verifier(List<BenchDisk> disks) {
        Workload workload = plan.workload();
        boolean allStamped = disks.stream().allMatch(disk -> disk.stamps().isPresent());
        if (!workload.verify() && !(allStamped && !workload.mix().changesMedium())) {
            return null;
        }
        List<StampIdentity> identities = new ArrayList<>();
        for (int unit = 0; unit < disks.size(); unit++) {
            identities.add(identity(unit, disks.get(unit)));
        }
        return new StampVerifier(engine.images(), regions, workload.requestBytes(), identities);
    }

    /// A stamped image keeps its seed, so that old and new stamps in it stay one set.
    private StampIdentity identity(int unit, BenchDisk disk) {
        if (disk.stamps().isPresent() || disk.kind() == BenchDisk.Kind.MEMORY) {
            return disk.stamps().orElse(plan.stamps());
        }
        OptionalLong seed = StampProbe.seed(target, engine.images().get(unit), unit, regions.get(unit),
                plan.workload().requestBytes());
        if (seed.isEmpty() && plan.workload().mode().reads()) {
            throw new IllegalArgumentException("verify=crc32c image=" + disk.name()
                    + " has no stamps to check, write them first with --rw write --verify crc32c");
        }
        return new StampIdentity(seed.orElse(plan.stamps().seed()), plan.stamps().firstGeneration());
    }

    /// Memory images are filled or stamped; from then on stamped images are checked.
    private void prepare(List<BenchDisk> disks) {
        target.fillBuffers(plan.workload().depth());
        if (disks.stream().allMatch(disk -> disk.kind() == BenchDisk.Kind.MEMORY)) {
            Workload pass = passWorkload(RwMode.WRITE);
            SequentialPass.Result result = SequentialPass.run(engine, pass, regions, stamping(pass.requestBytes()),
                    SequentialPass.Progress.NONE);
            if (result.errors() > 0) {
                throw new IllegalStateException("filling the memory image failed: " + result.firstError());
            }
        } else if (verifier != null && disks.stream().allMatch(disk -> disk.stamps().isPresent())) {
            verifier.expectStamped();
        }
        if (verifier != null) {
            verifier.beginPass(plan.workload().requestBytes(), false);
        }
        target.check(plan.workload().verify() ? verifier : null);
    }

    private @Nullable StampVerifier stamping(long requestBytes) {
        if (verifier != null) {
            verifier.beginPass(requestBytes, false);
        }
        return verifier;
    }

    private Workload passWorkload(RwMode mode) {
        int block = engine.images().stream().mapToInt(DiskImage::blockBytes).max().orElseThrow();
        return SequentialPass.workload(plan.workload(), mode, regions, block);
    }
}
