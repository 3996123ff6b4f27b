package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.page.BlockLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// PRE-FETCH(10) and (16) (SBC-4).
class PrefetchTest {
    private final Bench bench = Bench.standard();

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({
            "34 00 00 00 00 02 00 00 04 00, PREFETCH 1024+2048",
            "34 00 00 00 00 02 1F 00 04 00, PREFETCH 1024+2048",
            "34 00 00 00 00 7E 00 00 00 00, PREFETCH 64512+1024",
            "34 02 00 00 00 02 00 00 04 00, readAhead 1024+2048",
            "90 00 00 00 00 00 00 00 00 02 00 00 00 04 00 00, PREFETCH 1024+2048",
            "90 02 00 00 00 00 00 00 00 02 00 00 00 00 00 00, readAhead 1024+64512",
    })
    void reachesTheImage(String cdb, String operation) {
        assertThat(bench.run(cdb).status()).isEqualTo(TaskStatus.GOOD);
        assertThat(bench.image.log).containsExactly(operation);
    }

    @Test
    void isAnsweredWhenTheRangeWasReadAndSaysWhenItCannotBe() {
        bench.holdsFlushes = true;
        Task task = bench.task("34 00 00 00 00 02 00 00 04 00", TransferDirection.NONE, 0);
        bench.finished.clear();
        bench.target.execute(task);
        assertThat(bench.finished).isEmpty();
        bench.completeFlush(ImageResult.MEDIUM_ERROR);
        assertThat(Reply.of(task).error()).isEqualTo("3/11/00");
    }

    @Test
    void readsNoMoreThanMemoryMayHold() {
        try (Bench huge = Bench.of(new TestImage(4096, 1L << 40, false), Bench.config())) {
            assertThat(huge.run("90 00 00 00 00 00 00 00 00 02 00 00 00 00 00 00").error()).isEqualTo("good");
            assertThat(huge.run("90 02 00 00 00 00 00 00 00 02 FF FF FF FF 00 00").error()).isEqualTo("good");
            assertThat(huge.image.log).containsExactly("PREFETCH 8192+67108864", "readAhead 8192+67108864");
        }
    }

    @Test
    void refusesBlocksThatDoNotExist() {
        assertThat(bench.run("34 00 00 00 00 80 00 00 00 00").error()).isEqualTo("good");
        assertThat(bench.run("34 00 00 00 00 81 00 00 00 00").error()).isEqualTo("5/21/00");
        assertThat(bench.run("34 02 00 00 00 7F 00 00 02 00").information()).isEqualTo(128);
        assertThat(bench.run("90 00 80 00 00 00 00 00 00 00 00 00 00 00 00 00").error()).isEqualTo("5/21/00");
        assertThat(bench.image.log).isEmpty();
    }

    @Test
    void refusesReservedBitsAndMoreThanTheBlockLimitsPageSays() {
        assertThat(bench.run("34 01 00 00 00 00 00 00 01 00").fieldPointer()).isEqualTo("1.0");
        try (Bench small = Bench.of(new TestImage(512, 128, false), new LogicalUnitConfig(Bench.config().identity(),
                new BlockLimits(4096, 128, 8, 4, 3), false, false))) {
            assertThat(small.run("34 00 00 00 00 00 00 00 04 00").error()).isEqualTo("good");
            Reply reply = small.run("34 00 00 00 00 00 00 00 05 00");
            assertThat(reply.error() + " " + reply.fieldPointer()).isEqualTo("5/24/00 7");
        }
    }
}
