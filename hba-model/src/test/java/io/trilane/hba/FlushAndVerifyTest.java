package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.ImageResult;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// SYNCHRONIZE CACHE and VERIFY (SBC-4 5.33 to 5.36), READ CAPACITY (SBC-4 5.20, 5.21).
class FlushAndVerifyTest {
    private final Bench bench = Bench.standard();

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({
            "35 00 00 00 00 00 00 00 00 00,                   0+65536",
            "35 00 00 00 00 7F 00 00 00 00,                   65024+512",
            "35 00 00 00 00 04 00 00 02 00,                   2048+1024",
            "91 00 00 00 00 00 00 00 00 04 00 00 00 00 00 00, 2048+63488",
            "91 00 00 00 00 00 00 00 00 04 00 00 00 03 00 00, 2048+1536",
    })
    void flushesTheRange(String cdb, String range) {
        assertThat(bench.run(cdb).error()).isEqualTo("good");
        assertThat(bench.flushed).containsExactly(range);
    }

    @Test
    void flushingNothingAtTheEndIsGood() {
        assertThat(bench.run("35 00 00 00 00 80 00 00 00 00").error()).isEqualTo("good");
        assertThat(bench.flushed).isEmpty();
        assertThat(bench.run("35 00 00 00 00 81 00 00 00 00").error()).isEqualTo("5/21/00");
    }

    @Test
    void flushIsAnsweredWhenItIsDone() {
        bench.holdsFlushes = true;
        var task = bench.task("35 00 00 00 00 00 00 00 00 00", TransferDirection.NONE, 0);
        bench.finished.clear();
        bench.target.execute(task);
        assertThat(bench.finished).isEmpty();
        bench.completeFlush(ImageResult.MEDIUM_ERROR);
        assertThat(Reply.of(task).error()).isEqualTo("3/0C/00");
    }

    @Test
    void verifyWithoutDataFlushesAndReadsTheRange() {
        assertThat(bench.run("2F 00 00 00 00 02 00 00 04 00").error()).isEqualTo("good");
        assertThat(bench.flushed).containsExactly("1024+2048", "PREFETCH 1024+2048");
        bench.image.failure = ImageResult.MEDIUM_ERROR;
        assertThat(bench.run("AF 00 00 00 00 02 00 00 00 04 00 00").error()).isEqualTo("3/11/00");
        bench.image.failure = ImageResult.DONE;
        bench.flushResult = ImageResult.MEDIUM_ERROR;
        assertThat(bench.run("2F 00 00 00 00 02 00 00 04 00").error()).isEqualTo("3/11/00");
        assertThat(bench.run("2F 00 00 00 00 80 00 00 01 00").error()).isEqualTo("5/21/00");
        assertThat(bench.run("2F 00 00 00 00 80 00 00 00 00").error()).isEqualTo("good");
    }

    @ParameterizedTest
    @CsvSource({"2F 02 00 00 00 02 00 00 02 00", "AF 02 00 00 00 02 00 00 00 02 00 00",
            "8F 02 00 00 00 00 00 00 00 02 00 00 00 02 00 00"})
    void verifyComparesEveryByte(String cdb) {
        Arrays.fill(bench.image.bytes, (byte) 7);
        byte[] data = new byte[1024];
        Arrays.fill(data, (byte) 7);
        Reply same = bench.out(cdb, data);
        assertThat(same.error()).isEqualTo("good");
        assertThat(same.residual()).isZero();
        data[700] = 8;
        Reply different = bench.out(cdb, data);
        assertThat(different.senseHex()).isEqualTo("F0 00 0E 00 00 02 BC 0A 00 00 00 00 1D 00 00 00 00 00");
    }

    @Test
    void miscompareInDescriptorFormat() {
        try (Bench descriptors = Bench.descriptorSense()) {
            byte[] data = new byte[512];
            data[511] = 1;
            assertThat(descriptors.out("2F 02 00 00 00 02 00 00 01 00", data).senseHex())
                    .isEqualTo("72 0E 1D 00 00 00 00 0C 00 0A 80 00 00 00 00 00 00 00 01 FF");
        }
    }

    @Test
    void verifyComparesEachBlockWithOne() {
        Arrays.fill(bench.image.bytes, (byte) 7);
        byte[] data = new byte[512];
        Arrays.fill(data, (byte) 7);
        assertThat(bench.out("2F 06 00 00 00 02 00 00 03 00", data).error()).isEqualTo("good");
        assertThat(bench.image.log).containsExactly("COMPARE 1024+512", "COMPARE 1536+512", "COMPARE 2048+512");
        bench.image.bytes[2048 + 9] = 1;
        assertThat(bench.out("2F 06 00 00 00 02 00 00 03 00", data).information()).isEqualTo(9);
    }

    @Test
    void refusesTheReservedByteCheck() {
        Reply reply = bench.out("2F 04 00 00 00 02 00 00 01 00", new byte[512]);
        assertThat(reply.error()).isEqualTo("5/24/00");
        assertThat(reply.fieldPointer()).isEqualTo("1.2");
    }

    @Test
    void refusesToCompareWithLessDataThanTheRange() {
        assertThat(bench.out("2F 02 00 00 00 02 00 00 02 00", new byte[512]).error()).isEqualTo("5/0E/03");
        assertThat(bench.in("2F 02 00 00 00 02 00 00 01 00", 512).error()).isEqualTo("5/0E/03");
        assertThat(bench.image.log).isEmpty();
    }

    @Test
    void verifyThroughAPendingImage() {
        bench.image.holds = true;
        var task = bench.task("2F 06 00 00 00 02 00 00 03 00", TransferDirection.TO_TARGET, 512);
        Bench.put(task, new byte[512]);
        bench.finished.clear();
        bench.target.execute(task);
        for (int i = 0; i < 3; i++) {
            assertThat(bench.finished).isEmpty();
            bench.completeImage(0);
        }
        assertThat(Reply.of(task).error()).isEqualTo("good");
    }

    @Test
    void readCapacity() {
        assertThat(bench.in("25 00 00 00 00 00 00 00 00 00", 8).dataHex()).isEqualTo("00 00 00 7F 00 00 02 00");
        assertThat(bench.in("9E 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00", 32).dataHex())
                .isEqualTo("00 00 00 00 00 00 00 7F 00 00 02 00 00 03 00 00" + " 00".repeat(16));
        assertThat(bench.in("9E 10 00 00 00 00 00 00 00 00 00 00 00 0C 00 00", 32).transferred()).isEqualTo(12);
    }

    @Test
    void readCapacityOfAThinDiskSaysThatUnmappedBlocksAreZero() {
        try (Bench thin = Bench.thin()) {
            assertThat(thin.in("9E 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00", 32).dataHex())
                    .isEqualTo("00 00 00 00 00 00 00 7F 00 00 02 00 00 03 C0 00" + " 00".repeat(16));
        }
    }

    @Test
    void readCapacityOfAHugeDisk() {
        try (Bench huge = Bench.of(new TestImage(4096, 1L << 33, false), Bench.config())) {
            assertThat(huge.in("25 00 00 00 00 00 00 00 00 00", 8).dataHex()).isEqualTo("FF FF FF FF 00 00 10 00");
            assertThat(huge.in("9E 10 00 00 00 00 00 00 00 00 00 00 00 0C 00 00", 12).dataHex())
                    .isEqualTo("00 00 00 01 FF FF FF FF 00 00 10 00");
        }
    }
}
