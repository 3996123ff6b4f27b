package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.page.BlockLimits;
import io.trilane.hba.page.CommandLimits;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// COMPARE AND WRITE (SBC-4).
class CompareAndWriteTest {
    private static final String TWO_BLOCKS_AT_3 = "89 00 00 00 00 00 00 00 00 03 00 00 00 02 00 00";

    private final Bench bench = Bench.standard();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void writesWhenEveryByteIsAsExpected() {
        Arrays.fill(bench.image.bytes, (byte) 7);
        Reply reply = bench.out(TWO_BLOCKS_AT_3, data(2));
        assertThat(reply.error()).isEqualTo("good");
        assertThat(reply.residual()).isZero();
        assertThat(bench.image.log).containsExactly("COMPARE_AND_WRITE 1536+1024");
        byte[] read = bench.in("28 00 00 00 00 02 00 00 04 00", 4 * 512).data();
        for (int i = 0; i < read.length; i++) {
            assertThat(read[i]).as("byte %d", i).isEqualTo((byte) (i < 512 || i >= 3 * 512 ? 7 : 9));
        }
        assertThat(bench.flushed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 1023})
    void changesNothingWhenOneByteDiffersAndTellsWhere(int at) {
        Arrays.fill(bench.image.bytes, (byte) 7);
        byte[] data = data(2);
        data[at] = 8;
        Reply reply = bench.out(TWO_BLOCKS_AT_3, data);
        assertThat(reply.error()).isEqualTo("E/1D/00");
        assertThat(reply.information()).isEqualTo(at);
        assertThat(bench.in("28 00 00 00 00 03 00 00 02 00", 1024).data()).containsOnly(7);
    }

    @Test
    void forcedOneIsAnsweredAfterItsFlush() {
        bench.holdsFlushes = true;
        Task task = bench.task("89 08 00 00 00 00 00 00 00 03 00 00 00 01 00 00", TransferDirection.TO_TARGET, 1024);
        Bench.put(task, new byte[1024]);
        bench.finished.clear();
        bench.target.execute(task);
        assertThat(bench.finished).isEmpty();
        assertThat(bench.flushed).containsExactly("1536+512");
        bench.completeFlush(ImageResult.MEDIUM_ERROR);
        assertThat(Reply.of(task).error()).isEqualTo("3/0C/00");
    }

    @Test
    void zeroBlocksAreGood() {
        assertThat(bench.run("89 00 00 00 00 00 00 00 00 80 00 00 00 00 00 00").error()).isEqualTo("good");
        assertThat(bench.run("89 00 00 00 00 00 00 00 00 81 00 00 00 00 00 00").error()).isEqualTo("5/21/00");
        assertThat(bench.image.log).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 512, 1024, 2047, 2049, 3072})
    void refusesAnythingButTwiceTheBlocks(int length) {
        assertThat(bench.out(TWO_BLOCKS_AT_3, new byte[length]).error()).isEqualTo("5/0E/03");
        assertThat(bench.in(TWO_BLOCKS_AT_3, 2048).error()).isEqualTo("5/0E/03");
        assertThat(bench.image.log).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"89 20 00 00 00 00 00 00 00 03 00 00 00 02 00 00, 1.7",
            "89 01 00 00 00 00 00 00 00 03 00 00 00 02 00 00, 1.0",
            "89 00 00 00 00 00 00 00 00 03 00 00 01 02 00 00, 12.0",
            "89 00 00 00 00 00 00 00 00 03 00 00 00 02 40 00, 14.6"})
    void refusesProtectionAndReservedBits(String cdb, String pointer) {
        Reply reply = bench.out(cdb, new byte[2048]);
        assertThat(reply.error() + " " + reply.fieldPointer()).isEqualTo("5/24/00 " + pointer);
    }

    @Test
    void refusesWhatDoesNotExistAndWhatIsProtected() {
        Reply reply = bench.out("89 00 00 00 00 00 00 00 00 7F 00 00 00 02 00 00", new byte[2048]);
        assertThat(reply.error() + " " + reply.information()).isEqualTo("5/21/00 128");
        try (Bench locked = Bench.of(new TestImage(512, 128, true), Bench.config())) {
            assertThat(locked.out(TWO_BLOCKS_AT_3, new byte[2048]).error()).isEqualTo("7/27/00");
        }
    }

    @Test
    void refusesMoreThanTheBlockLimitsPageSays() {
        BlockLimits limits = new BlockLimits(4096, 128, 8, 0, 3).withCommands(new CommandLimits(1, 8, 10, 2));
        try (Bench small = Bench.of(new TestImage(512, 128, false),
                new LogicalUnitConfig(Bench.config().identity(), limits, false, false))) {
            assertThat(small.out("89 00 00 00 00 00 00 00 00 03 00 00 00 01 00 00", new byte[1024]).error())
                    .isEqualTo("good");
            Reply reply = small.out(TWO_BLOCKS_AT_3, new byte[2048]);
            assertThat(reply.error() + " " + reply.fieldPointer()).isEqualTo("5/24/00 13");
        }
    }

    @Test
    void takes255Blocks() {
        try (Bench large = Bench.of(new TestImage(512, 256, false), Bench.config())) {
            assertThat(large.run("89 00 00 00 00 00 00 00 00 00 00 00 00 FF 00 00", TransferDirection.TO_TARGET,
                    2 * 255 * 512).status()).isNotNull();
            assertThat(large.image.log).containsExactly("COMPARE_AND_WRITE 0+130560");
        }
    }

    @Test
    void throughAPendingImage() {
        bench.image.holds = true;
        Task task = bench.task(TWO_BLOCKS_AT_3, TransferDirection.TO_TARGET, 2048);
        Bench.put(task, data(2));
        bench.finished.clear();
        bench.target.execute(task);
        assertThat(bench.finished).isEmpty();
        bench.completeImage(0);
        assertThat(Reply.of(task).error()).isEqualTo("E/1D/00");
        assertThat(Reply.of(task).information()).isZero();
    }

    /// 7 is expected, 9 is written.
    private static byte[] data(int blocks) {
        byte[] data = new byte[2 * blocks * 512];
        Arrays.fill(data, 0, data.length / 2, (byte) 7);
        Arrays.fill(data, data.length / 2, data.length, (byte) 9);
        return data;
    }
}
