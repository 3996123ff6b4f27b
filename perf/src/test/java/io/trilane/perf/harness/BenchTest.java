package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.ThreadingMode;
import io.trilane.hba.image.CorruptingImage;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.DroppingImage;
import io.trilane.hba.image.ImageFiles;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.hba.image.MisplacingImage;
import io.trilane.hba.image.NullImage;
import io.trilane.hba.image.Trigger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(value = RwMode.class, names = {"TRIM", "RANDTRIM"}, mode = EnumSource.Mode.EXCLUDE)
    void runsEveryModeWithVerification(RwMode mode) {
        RunResult result = Disks.run(Disks.plan(Disks.workload(mode, 4096, true), 5000), Disks.memory());

        assertThat(result.isGood()).as("%s", result).isTrue();
        assertThat(result.read().ios() + result.write().ios()).isEqualTo(5000);
        assertThat(result.read().ios() > 0).isEqualTo(mode.reads());
        assertThat(result.write().ios() > 0).isEqualTo(mode.writes());
        assertThat(result.read().latency().count() > 0).isEqualTo(mode.reads());
        assertThat(result.verification().checkedBlocks()).isGreaterThanOrEqualTo(Disks.SIZE / 512);
        assertThat(result.verification().complete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {512, 4096, 128 << 10, 1 << 20, 3 * 512})
    void runsEverySize(long requestBytes) {
        RunResult result =
                Disks.run(Disks.plan(Disks.workload(RwMode.RANDRW, requestBytes, true), 300), Disks.memory());
        assertThat(result.isGood()).as("%s", result).isTrue();
    }

    @Test
    void neverRequestsABlockTwiceAtOnceWhileItVerifies() {
        BenchDisk large = Disks.memory();
        BenchDisk tiny =
                new BenchDisk(large.name(), large.kind(), large.file(), large.opener(), new Region(4096, 16 << 10),
                        large.stamps());
        RunResult result = Disks.run(Disks.plan(Disks.workload(RwMode.RANDRW, 4096, true), ThreadingMode.DEDICATED, 1,
                3000, BenchPlan.CopyLimitMode.OFF), tiny);
        assertThat(result.isGood()).as("%s", result.verification()).isTrue();
    }

    @Test
    void runsOnThreadsOfTheEngine() {
        RunResult result =
                Disks.run(Disks.plan(Disks.workload(RwMode.RANDRW, 4096, true), ThreadingMode.DEDICATED, 1, 2000,
                        BenchPlan.CopyLimitMode.OFF), Disks.memory());
        assertThat(result.isGood()).isTrue();
    }

    @Test
    void jobsShareAFileInDisjointRegions() {
        Path image = image();
        RunResult result = Disks.run(Disks.plan(Disks.workload(RwMode.RANDWRITE, 4096, true), ThreadingMode.INVOKER, 3,
                2000, BenchPlan.CopyLimitMode.OFF), Disks.file(image, false, UnaryOperator.identity()));
        assertThat(result.isGood()).isTrue();
        assertThat(result.jobs()).hasSize(3);
        assertThat(result.write().ios()).isEqualTo(6000);
    }

    @ParameterizedTest
    @EnumSource(value = RwMode.class, names = {"RANDREAD", "RANDWRITE", "RANDRW"})
    void comparesWithTheCopyLimitInFiveRoundsOrMore(RwMode mode) {
        RunResult result = Disks.run(Disks.plan(Disks.workload(mode, 4096, false), ThreadingMode.INVOKER, 2, 2000,
                BenchPlan.CopyLimitMode.ON), Disks.file(image(), false, UnaryOperator.identity()));
        CopyLimit limit = result.copyLimit().orElseThrow();
        assertThat(limit.ratios()).hasSizeGreaterThanOrEqualTo(CopyLimit.MIN_ROUNDS);
        assertThat(limit.ratio()).isPositive().isFinite();
        assertThat(limit.contenders()).extracting(CopyLimit.Contender::name).containsExactly("memcpy", "segment");
        assertThat(limit.place()).startsWith("a scratch file in ");
        assertThat(directory.toFile().list()).containsExactly("disk.img");
    }

    @Test
    void aNullImageHasNoCopyLimit() {
        BenchDisk disk =
                new BenchDisk("null:1g", BenchDisk.Kind.NULL, Optional.empty(), () -> new NullImage(1L << 30, 512),
                        new Region(0, 1L << 30), Optional.empty());
        Workload workload = Disks.workload(RwMode.RANDREAD, 4096, false);
        RunResult result =
                Disks.run(Disks.plan(workload, ThreadingMode.INVOKER, 1, 1000, BenchPlan.CopyLimitMode.AUTO), disk);
        assertThat(result.copyLimit()).isEmpty();
        assertThatThrownBy(() -> Disks.run(Disks.plan(workload, ThreadingMode.INVOKER, 1, 1000,
                BenchPlan.CopyLimitMode.ON), disk)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("copy-limit=on");
    }

    @ParameterizedTest
    @EnumSource(value = RwMode.class, names = {"RANDREAD", "RANDWRITE", "RANDRW"})
    void allocatesNothingPerRequest(RwMode mode) {
        BenchPlan plan = new BenchPlan(Workload.of(mode, 4096, 32), ThreadingMode.INVOKER, 1, 60_000_000_000L,
                300_000_000L, 1_000_000, BenchPlan.CopyLimitMode.OFF, Disks.STAMPS);
        RunResult result = Disks.run(plan, Disks.memory());
        assertThat(result.read().ios() + result.write().ios()).isEqualTo(1_000_000);
        assertThat(result.jobs().getFirst().allocatedPerIo()).isLessThan(0.01);
    }

    @Test
    void findsACorruptedWriteAndSaysWhere() {
        RunResult result = spoilt(image -> CorruptingImage.onWrite(image, Trigger.nth(500), 4000));
        StampFailure failure = onlyFailure(result);
        assertThat(failure.verdict()).isEqualTo(Stamp.Verdict.CORRUPT);
        assertThat(failure.lba()).isEqualTo(499 * 8);
    }

    @Test
    void findsACorruptedRead() {
        Path image = image();
        stamp(image);
        RunResult result = Disks.run(Disks.plan(Disks.workload(RwMode.READ, 4096, true), 4096), Disks.file(image, true,
                inner -> CorruptingImage.onRead(inner, Trigger.nth(300), 5 * 512 * 8 + 3000)));
        assertThat(onlyFailure(result).verdict()).isEqualTo(Stamp.Verdict.CORRUPT);
    }

    @Test
    void findsADroppedWriteOnAFreshImage() {
        RunResult result = spoilt(image -> new DroppingImage(image, Trigger.nth(500)));
        assertThat(result.verification().failedBlocks()).isEqualTo(8);
        assertThat(result.verification().failures()).extracting(StampFailure::verdict)
                .containsOnly(Stamp.Verdict.UNSTAMPED);
        assertThat(result.verification().failures().getFirst().lba()).isEqualTo(499 * 8);
    }

    @Test
    void findsADroppedOverwrite() {
        RunResult result = overwritten(image -> new DroppingImage(image, Trigger.nth(5000)));
        assertThat(result.verification().failedBlocks()).isEqualTo(8);
        assertThat(result.verification().failures()).extracting(StampFailure::verdict)
                .containsOnly(Stamp.Verdict.STALE);
        assertThat(result.verification().failures().getFirst().lba()).isEqualTo((5000 - 4096 - 1) * 8);
    }

    @Test
    void findsAMisplacedWriteInBothPlaces() {
        RunResult result = overwritten(image -> new MisplacingImage(image, Trigger.nth(5000), 100 * 4096));
        long meant = 5000 - 4096 - 1;
        assertThat(result.verification().failures()).extracting(StampFailure::verdict)
                .contains(Stamp.Verdict.STALE);
        assertThat(result.verification().failures()).extracting(StampFailure::lba).contains(meant * 8);
        assertThat(result.isGood()).isFalse();
    }

    @Test
    void findsWhatAMisplacedWriteLandedOn() {
        // Nothing overwrites the victim afterwards: the run ends with this write.
        RunResult result = spoilt(image -> new MisplacingImage(image, Trigger.nth(4096), -100 * 4096));
        assertThat(result.verification().failures()).extracting(StampFailure::verdict)
                .contains(Stamp.Verdict.MISPLACED, Stamp.Verdict.UNSTAMPED);
        assertThat(result.verification().failedBlocks()).isEqualTo(16);
    }

    @Test
    void refusesToVerifyReadsOfAnUnstampedImage() {
        BenchDisk disk = Disks.file(image(), true, UnaryOperator.identity());
        assertThatThrownBy(() -> Disks.run(Disks.plan(Disks.workload(RwMode.RANDREAD, 4096, true), 100), disk))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("has no stamps to check");
    }

    @Test
    void verifiesWhatAnEarlierRunStamped() {
        Path image = image();
        stamp(image);
        RunResult result = Disks.run(Disks.plan(Disks.workload(RwMode.RANDREAD, 512, true), 3000),
                Disks.file(image, true, UnaryOperator.identity()));
        assertThat(result.isGood()).isTrue();
        assertThat(result.verification().checkedBlocks()).isGreaterThanOrEqualTo(3000);
    }

    @Test
    void stopsEarlyWithAResult() {
        Bench bench = new Bench(Disks.plan(Disks.workload(RwMode.RANDREAD, 4096, false), 0), List.of(Disks.memory()),
                new BenchListener() {});
        bench.stop();
        RunResult result = bench.run();
        assertThat(result.interrupted()).isTrue();
    }

    @Test
    void aTemporaryImageIsStampedAndLeavesNothingBehind() {
        ImageRegistry registry = new ImageRegistry();
        Path path;
        try (TemporaryImage image = TemporaryImage.create(registry, Disks.SIZE, Disks.SIZE, 512, Disks.STAMPS)) {
            path = image.path();
            assertThat(path).exists();
            BenchDisk disk = new BenchDisk("temporary", BenchDisk.Kind.TEMPORARY_FILE, Optional.of(path),
                    () -> registry.open(path, false, 512), new Region(0, image.sizeBytes()),
                    Optional.of(image.stamps()));
            RunResult result = Disks.run(Disks.plan(Disks.workload(RwMode.RANDREAD, 4096, false), ThreadingMode.INVOKER,
                    1, 1000, BenchPlan.CopyLimitMode.ON), disk);
            assertThat(result.verification())
                    .isEqualTo(new RunResult.Verification(Disks.SIZE / 512, 0, true, List.of()));
            assertThat(result.copyLimit().orElseThrow().place()).isEqualTo("the image itself");
        }
        assertThat(path).doesNotExist();
    }

    /// Writes a fresh image once from end to end through a faulty one, then reads it back.
    private RunResult spoilt(UnaryOperator<DiskImage> around) {
        return writePasses(4096, around);
    }

    /// As [#spoilt], a little more than once.
    private RunResult overwritten(UnaryOperator<DiskImage> around) {
        return writePasses(5000, around);
    }

    private RunResult writePasses(long requests, UnaryOperator<DiskImage> around) {
        BenchDisk disk = Disks.file(image(), false, around);
        BenchPlan plan = Disks.plan(Disks.workload(RwMode.WRITE, 4096, true), 1);
        return Passes.write(plan, disk, requests);
    }

    private void stamp(Path image) {
        RunResult result = Disks.run(Disks.plan(Disks.workload(RwMode.WRITE, 4096, true), BenchPlan.ONE_PASS),
                Disks.file(image, false, UnaryOperator.identity()));
        assertThat(result.isGood()).isTrue();
    }

    private Path image() {
        Path path = directory.resolve("disk.img");
        ImageFiles.create(path, Disks.SIZE, 512, false);
        return path;
    }

    private static StampFailure onlyFailure(RunResult result) {
        assertThat(result.isGood()).isFalse();
        assertThat(result.verification().failedBlocks()).isOne();
        return result.verification().failures().getFirst();
    }
}
