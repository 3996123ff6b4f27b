package io.trilane.perf.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.perf.harness.RwMode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TuneAdviceTest {
    private static final TuneGoal GOAL = new TuneGoal(RwMode.RANDRW, 70, List.of(4096L), List.of(1), List.of(1, 32),
            List.of(1, 2), Optional.empty(), 1_000_000_000, 1);

    @Test
    void announcesTransferAndTasks() {
        TuneAdvice advice = TuneAdvice.of(new Cell(256 << 10, 8, 8, 2), GOAL, "disk.img", 512);
        assertThat(advice.blockLimits()).contains("optimal transfer length  512\n").contains("optimal-transfer = 256k")
                .contains("--max-transfer 256k --max-tasks 16 --max-connection-tasks 8 IMAGE");
        assertThat(TuneAdvice.of(new Cell(4 << 10, 8, 8, 1), GOAL, "disk.img", 4096).blockLimits())
                .contains("optimal transfer length  1\n").contains("maximum transfer length  16 or more")
                .contains("--max-transfer 64k --max-tasks 8");
    }

    @Test
    void writesTheSameLoadForFio() {
        assertThat(TuneAdvice.of(new Cell(384 << 10, 12, 4, 2), GOAL, "a\nb", 512).fioJob().lines())
                .contains("rw=randrw", "rwmixread=70", "bs=384k", "iodepth=12", "iodepth_batch_submit=4", "numjobs=2",
                        "; measured on a b");
    }

    @Test
    void reportsAllRequiredConstraints() {
        String text = TuneAdvice.of(new Cell(256 << 10, 8, 8, 1), GOAL, "d", 512).driverKit();
        assertThat(text.lines().map(line -> line.strip().replaceAll(" +", " "))).contains(
                "UserReportMaximumTaskCount 8",
                "UserGetDMASpecification maxTransferSize 262144", "kIOMaximumSegmentCountReadKey 16",
                "kIOMaximumSegmentCountWriteKey 16", "kIOMaximumSegmentByteCountReadKey 16384",
                "kIOMaximumSegmentByteCountWriteKey 16384", "kIOMinimumSegmentAlignmentByteCountKey 4",
                "kIOMaximumSegmentAddressableBitCountKey 64", "kIOMinimumHBADataAlignmentMaskKey 0xfffffffffffffff0",
                "kIOMaximumByteCountReadKey 262144");
        assertThat(TuneAdvice.of(new Cell(4096, 1, 1, 1), GOAL, "d", 512).driverKit())
                .contains("kIOMaximumSegmentByteCountReadKey").doesNotContain("bundles");
    }

    @Test
    void textIsAsPeopleWriteIt() {
        assertThat(Wording.rate(11.23 * (1L << 30))).isEqualTo("11.2 GiB/s");
        assertThat(Wording.rate(340e6)).isEqualTo("324 MiB/s");
        assertThat(Wording.time(190_000)).isEqualTo("190 us");
        assertThat(Wording.time(950)).isEqualTo("950 ns");
        assertThat(Wording.time(1_500_000)).isEqualTo("1.50 ms");
        assertThat(Wording.size(256 << 10)).isEqualTo("256 KiB");
        assertThat(Wording.size(512)).isEqualTo("512 B");
        assertThat(Wording.percentile(99.9)).isEqualTo("p99.9");
        assertThat(Wording.cell(new Cell(4096, 8, 4, 2), GOAL)).isEqualTo("4 KiB x 8, bundle 4, 2 jobs");
    }
}
