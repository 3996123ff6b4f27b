package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.trilane.engine.ThreadingMode;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageFiles;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.hba.page.Provisioning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Flushes, unmaps and mixed lengths through a whole engine.
class MixedLoadTest {
    private static final RequestMix EVERYTHING = RequestMix.of(RwMode.RANDRW, 4096).withUnmapPercent(20)
            .withFlushEvery(5).withSizes(RequestSizes.parse("4k/60:64k/30:12k/10"))
            .withPlaces(OffsetDistribution.parse("zipf:1.1"));

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void everyKindIsAnsweredGoodAndCounted(ThreadingMode threading) {
        RunResult result = Disks.run(Disks.plan(workload(EVERYTHING), threading, 1, 20_000,
                BenchPlan.CopyLimitMode.AUTO), Disks.memory());
        assertThat(result.errors()).as("%s", result.jobs().getFirst().firstError()).isZero();
        long all = result.read().ios() + result.write().ios() + result.flush().ios() + result.unmap().ios();
        assertThat(all).isEqualTo(20_000);
        assertThat(result.flush().ios()).isBetween(result.write().ios() / 5 - 10, result.write().ios() / 5 + 10);
        assertThat(result.flush().bytes()).isZero();
        double unmaps = (double) result.unmap().ios() / (all - result.flush().ios());
        assertThat(unmaps).isBetween(0.18, 0.22);
        assertThat((double) result.read().bytes() / result.read().ios()).isBetween(20_000.0, 26_000.0);
        for (RequestKind kind : RequestKind.values()) {
            assertThat(result.jobs().getFirst().stats(kind).latency().count()).isPositive();
        }
        assertThat(result.copyLimit()).isEmpty();
        assertThat(result.copyLimitNote()).contains("one length and no flushes or unmaps");
    }

    @Test
    void unmapsWhatItSaysInTheFileAndNothingElse() throws IOException {
        Path image = directory.resolve("disk.img");
        byte[] before = new byte[1 << 20];
        Arrays.fill(before, (byte) 7);
        Files.write(image, before);
        Region region = new Region(64 << 10, 128 << 10);
        Workload workload = Workload.of(RwMode.TRIM, 4096, 4);
        run(image, Provisioning.THIN, workload, region, 30);
        byte[] after = Files.readAllBytes(image);
        for (int at = 0; at < after.length; at++) {
            boolean unmapped = at >= 64 << 10 && at < (64 << 10) + 30 * 4096;
            assertThat(after[at]).as("byte %d", at).isEqualTo((byte) (unmapped ? 0 : 7));
        }
    }

    @Test
    void unitsAreThinOnlyWhenUnmapsAreAskedFor() {
        Path image = directory.resolve("disk.img");
        ImageFiles.create(image, 1 << 20, 512, false);
        EngineLoadTarget target = run(image, Provisioning.FULL, Workload.of(RwMode.TRIM, 4096, 4),
                new Region(0, 1 << 20), 3);
        assertThat(target.errors()).isEqualTo(3);
        // INVALID COMMAND OPERATION CODE.
        assertThat(target.firstError()).startsWith("cdb=42000000000000001800")
                .contains("sense=ILLEGAL REQUEST asc=20h");
    }

    @Test
    void aReadOnlyDiskRefusesUnmaps() {
        Path image = directory.resolve("disk.img");
        ImageFiles.create(image, Disks.SIZE, 512, false);
        RunResult result = Disks.run(Disks.plan(workload(RequestMix.of(RwMode.RANDTRIM, 4096)), 10),
                Disks.file(image, true, UnaryOperator.identity()));
        assertThat(result.errors()).isPositive();
        assertThat(result.jobs().getFirst().firstError().orElseThrow()).contains("DATA PROTECT");
    }

    @Test
    void verifiesWritesBetweenFlushes() {
        Path image = directory.resolve("disk.img");
        ImageFiles.create(image, Disks.SIZE, 512, false);
        BenchDisk disk = Disks.file(image, false, UnaryOperator.identity());
        RequestMix mix = RequestMix.of(RwMode.WRITE, 4096).withFlushEvery(8);
        RunResult stamped = Disks.run(Disks.plan(new Workload(mix, 8, 8, false, 1, true), BenchPlan.ONE_PASS), disk);
        assertThat(stamped.isGood()).as("%s", stamped).isTrue();
        assertThat(stamped.verification().checkedBlocks()).isEqualTo(Disks.SIZE / 512);
        assertThat(stamped.flush().ios()).isPositive();
        RequestMix skewed = RequestMix.of(RwMode.RANDRW, 4096).withFlushEvery(3)
                .withPlaces(OffsetDistribution.parse("zipf:1.5"));
        RunResult checked = Disks.run(Disks.plan(new Workload(skewed, 8, 8, false, 1, true), 5000), disk);
        assertThat(checked.isGood()).as("%s", checked).isTrue();
    }

    /// Flushes and unmaps are slow work, which is handed over as an object.
    @Test
    void readsAndWritesOfMixedLengthAllocateNothing() {
        BenchPlan plan =
                new BenchPlan(workload(EVERYTHING.withFlushEvery(0).withUnmapPercent(0)), ThreadingMode.INVOKER, 1,
                        60_000_000_000L, 300_000_000L, 500_000, BenchPlan.CopyLimitMode.OFF, Disks.STAMPS);
        RunResult result = Disks.run(plan, Disks.memory());
        assertThat(result.errors()).isZero();
        assertThat(result.jobs().getFirst().allocatedPerIo()).isLessThan(0.01);
    }

    @Test
    void refusesACopyLimitThatWouldMeanNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Disks.run(Disks.plan(workload(EVERYTHING),
                ThreadingMode.INVOKER, 1, 1000, BenchPlan.CopyLimitMode.ON), Disks.memory()))
                .withMessageContaining("copy-limit=on cannot be measured");
    }

    private static EngineLoadTarget run(Path path, Provisioning provisioning, Workload workload, Region region,
            int requests) {
        DiskImage image = new ImageRegistry().open(path, false, 512);
        JobEngine.Plan plan = new JobEngine.Plan(0, ThreadingMode.INVOKER, workload.depth(), workload.bufferBytes(),
                provisioning);
        try (JobEngine engine = JobEngine.launch(plan, List.of(image), controller -> controller)) {
            EngineLoadTarget target = engine.target(workload);
            long _ = new LoadDriver(target, new OffsetSequence(workload, List.of(region), 0), workload).run(requests);
            return target;
        }
    }

    private static Workload workload(RequestMix mix) {
        return new Workload(mix, 8, 8, false, 1, false);
    }
}
