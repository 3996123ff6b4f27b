package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.Extents;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.page.Provisioning;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// GET LBA STATUS(16) (SBC-4): expected bytes are worked out from the standard by hand.
class LbaStatusTest {
    private final Bench bench = Bench.thin();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void listsMappedAndDeallocatedBlocksInTurn() {
        bench.image.holes.set(2 * 512, 6 * 512);
        bench.image.holes.set(100 * 512, 128 * 512);
        assertThat(status(0, 4096).dataHex()).isEqualTo("00 00 00 44 00 00 00 00 "
                + "00 00 00 00 00 00 00 00 00 00 00 02 00 00 00 00 "
                + "00 00 00 00 00 00 00 02 00 00 00 04 01 00 00 00 "
                + "00 00 00 00 00 00 00 06 00 00 00 5E 00 00 00 00 "
                + "00 00 00 00 00 00 00 64 00 00 00 1C 01 00 00 00");
    }

    @Test
    void beginsWithTheBlockThatWasAskedFor() {
        bench.image.holes.set(2 * 512, 6 * 512);
        assertThat(status(3, 24).dataHex()).isEqualTo("00 00 00 14 00 00 00 00 "
                + "00 00 00 00 00 00 00 03 00 00 00 03 01 00 00 00");
        assertThat(status(6, 24).dataHex()).isEqualTo("00 00 00 14 00 00 00 00 "
                + "00 00 00 00 00 00 00 06 00 00 00 7A 00 00 00 00");
        assertThat(status(127, 24).dataHex()).isEqualTo("00 00 00 14 00 00 00 00 "
                + "00 00 00 00 00 00 00 7F 00 00 00 01 00 00 00 00");
    }

    /// Storage for a part of it makes a block mapped.
    @Test
    void blockWithAnyStorageIsMapped() {
        bench.image.holes.set(0, 4 * 512);
        bench.image.holes.clear(2 * 512 - 1);
        assertThat(runs(status(0, 4096))).isEqualTo("0+1 hole, 1+1 mapped, 2+2 hole, 4+124 mapped");
        bench.image.holes.set(10 * 512 + 1, 12 * 512);
        assertThat(runs(status(10, 4096))).startsWith("10+1 mapped, 11+1 hole, 12+116 mapped");
        assertThat(runs(status(8, 4096))).isEqualTo("8+3 mapped, 11+1 hole, 12+116 mapped");
    }

    @Test
    void whatWasUnmappedIsDeallocatedUntilItIsWritten() {
        byte[] list = UnmapTest.list(4, 8);
        assertThat(bench.out("42 00 00 00 00 00 00 00 18 00", list).error()).isEqualTo("good");
        assertThat(runs(status(0, 4096))).isEqualTo("0+4 mapped, 4+8 hole, 12+116 mapped");
        assertThat(bench.out("2A 00 00 00 00 06 00 00 01 00", new byte[512]).error()).isEqualTo("good");
        assertThat(runs(status(4, 4096))).isEqualTo("4+2 hole, 6+1 mapped, 7+5 hole, 12+116 mapped");
    }

    @Test
    void fullyProvisionedDiskIsMappedWhateverTheImageSays() {
        try (Bench full = Bench.standard()) {
            full.image.holes.set(0, 1 << 16);
            assertThat(full.in("9E 12 00 00 00 00 00 00 00 05 00 00 10 00 00 00", 4096).dataHex())
                    .isEqualTo("00 00 00 14 00 00 00 00 00 00 00 00 00 00 00 05 00 00 00 7B 00 00 00 00");
            assertThat(full.image.log).isEmpty();
        }
    }

    @Test
    void runsLongerThanTheFieldAreSplit() {
        TestImage image = new TestImage(512, 1L << 34, false);
        try (Bench huge = Bench.of(image, Bench.config().withProvisioning(Provisioning.THIN))) {
            assertThat(runs(huge.in("9E 12 00 00 00 00 00 00 00 00 00 00 10 00 00 00", 4096)))
                    .isEqualTo("0+4294967295 hole, 4294967295+4294967295 hole, 8589934590+4294967295 hole, "
                            + "12884901885+4294967295 hole, 17179869180+4 hole");
        }
        try (Bench full = Bench.of(image, Bench.config())) {
            assertThat(runs(full.in("9E 12 00 00 00 03 FF FF FF 00 00 00 10 00 00 00", 4096)))
                    .isEqualTo("17179868928+256 mapped");
            assertThat(runs(full.in("9E 12 00 00 00 01 FF FF FF 00 00 00 10 00 00 00", 4096)))
                    .isEqualTo("8589934336+4294967295 mapped, 12884901631+4294967295 mapped, 17179868926+258 mapped");
        }
    }

    @Test
    void truncatesAtEveryAllocationLength() {
        bench.image.holes.set(512, 1024);
        byte[] one = status(0, 24).data();
        for (int length = 0; length <= 24; length++) {
            Reply reply = status(0, length);
            assertThat(reply.error()).isEqualTo("good");
            assertThat(reply.data()).isEqualTo(Arrays.copyOf(one, length));
        }
        assertThat(status(0, 39).transferred()).isEqualTo(24);
        assertThat(status(0, 40).transferred()).isEqualTo(40);
    }

    @Test
    void writesNothingBeyondWhatTheClientExpects() {
        Reply reply = bench.in("9E 12 00 00 00 00 00 00 00 00 00 00 10 00 00 00", 30);
        assertThat(reply.transferred()).isEqualTo(24);
        assertThat(bench.in("9E 12 00 00 00 00 00 00 00 00 00 00 10 00 00 00", 10).residual()).isEqualTo(10 - 24);
        assertThat(bench.run("9E 12 00 00 00 00 00 00 00 00 00 00 10 00 00 00").error()).isEqualTo("good");
    }

    @ParameterizedTest
    @CsvSource({"00 00 00 00 00 00 00 80, 128", "00 00 00 00 00 00 00 81, 129", "80 00 00 00 00 00 00 00, -1"})
    void refusesABlockThatDoesNotExist(String address, long information) {
        Reply reply = bench.in("9E 12 " + address + " 00 00 00 18 00 00", 24);
        assertThat(reply.error()).isEqualTo("5/21/00");
        assertThat(reply.information()).isEqualTo(information);
    }

    @Test
    void refusesReportTypesItDoesNotKnow() {
        Reply reply = bench.in("9E 12 00 00 00 00 00 00 00 00 00 00 00 18 03 00", 24);
        assertThat(reply.error() + " " + reply.fieldPointer()).isEqualTo("5/24/00 14.1");
    }

    @Test
    void throughAPendingImage() {
        bench.image.holds = true;
        bench.image.holes.set(2 * 512, 6 * 512);
        Task task = bench.task("9E 12 00 00 00 00 00 00 00 00 00 00 10 00 00 00", TransferDirection.FROM_TARGET, 4096);
        bench.finished.clear();
        bench.target.execute(task);
        while (bench.finished.isEmpty()) {
            assertThat(bench.image.held.getFirst().extents()).isSameAs(Extents.NONE);
            bench.completeImage(0);
        }
        assertThat(runs(Reply.of(task))).isEqualTo("0+2 mapped, 2+4 hole, 6+122 mapped");
    }

    @Test
    void failsWhenTheImageFails() {
        bench.image.failure = ImageResult.MEDIUM_ERROR;
        assertThat(status(0, 24).error()).isEqualTo("3/11/00");
    }

    private Reply status(int address, int allocationLength) {
        return bench.in("9E 12 00 00 00 00 00 00 00 %02X 00 00 %02X %02X 00 00".formatted(address,
                allocationLength >> 8, allocationLength & 0xFF), Math.max(allocationLength, 4096));
    }

    /// For example `0+2 mapped, 2+4 hole`.
    private static String runs(Reply reply) {
        java.nio.ByteBuffer data = java.nio.ByteBuffer.wrap(reply.data());
        assertThat(data.getInt()).isEqualTo(data.capacity() - 4);
        assertThat(data.getInt()).isZero();
        StringBuilder runs = new StringBuilder();
        while (data.hasRemaining()) {
            long address = data.getLong();
            long blocks = data.getInt() & 0xFFFF_FFFFL;
            runs.append(runs.isEmpty() ? "" : ", ").append(address).append('+').append(blocks);
            runs.append(data.getInt() == 0 ? " mapped" : " hole");
        }
        return runs.toString();
    }
}
