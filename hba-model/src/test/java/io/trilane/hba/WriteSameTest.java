package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.page.BlockLimits;
import io.trilane.hba.page.CommandLimits;
import io.trilane.hba.page.Provisioning;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// WRITE SAME(10) and (16) (SBC-4).
class WriteSameTest {
    private final Bench bench = Bench.thin();

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({"41 00 00 00 00 02 00 00 03 00", "93 00 00 00 00 00 00 00 00 02 00 00 00 03 00 00"})
    void writesTheBlockToTheWholeRange(String cdb) {
        byte[] block = pattern();
        Reply reply = bench.out(cdb, block);
        assertThat(reply.error()).isEqualTo("good");
        assertThat(reply.residual()).isZero();
        assertThat(bench.image.log).containsExactly("FILL 1024+1536");
        for (int i = 1; i <= 5; i++) {
            assertThat(readBlock(i)).as("block %d", i).isEqualTo(i >= 2 && i <= 4 ? block : new byte[512]);
        }
    }

    @Test
    void zeroBlocksGoToTheEnd() {
        assertThat(bench.out("41 00 00 00 00 7C 00 00 00 00", pattern()).error()).isEqualTo("good");
        assertThat(bench.image.log).containsExactly("FILL 63488+2048");
        assertThat(bench.out("41 00 00 00 00 80 00 00 00 00", pattern()).error()).isEqualTo("good");
        assertThat(bench.out("41 00 00 00 00 81 00 00 00 00", pattern()).error()).isEqualTo("5/21/00");
        assertThat(bench.image.log).hasSize(1);
    }

    @Test
    void unmapsZerosWhenToldTo() {
        Arrays.fill(bench.image.bytes, (byte) 7);
        assertThat(bench.out("41 08 00 00 00 02 00 00 03 00", new byte[512]).error()).isEqualTo("good");
        assertThat(bench.run("93 09 00 00 00 00 00 00 00 0A 00 00 00 02 00 00").error()).isEqualTo("good");
        assertThat(bench.flushed).containsExactly("UNMAP 1024+1536", "UNMAP 5120+1024");
        assertThat(readBlock(2)).containsOnly(0);
        assertThat(readBlock(11)).containsOnly(0);
        assertThat(readBlock(12)).containsOnly(7);
    }

    /// A block that is not what an unmapped one reads as cannot be unmapped.
    @Test
    void writesWhatIsNotZeroThoughToldToUnmap() {
        byte[] block = new byte[512];
        block[511] = 1;
        assertThat(bench.out("41 08 00 00 00 02 00 00 03 00", block).error()).isEqualTo("good");
        assertThat(bench.image.log).containsExactly("FILL 1024+1536");
        assertThat(readBlock(4)).isEqualTo(block);
    }

    @Test
    void withoutDataItWritesZeros() {
        Arrays.fill(bench.image.bytes, (byte) 7);
        Reply reply = bench.run("93 01 00 00 00 00 00 00 00 02 00 00 00 03 00 00");
        assertThat(reply.error()).isEqualTo("good");
        assertThat(bench.image.log).containsExactly("ZERO 1024+1536");
        assertThat(readBlock(1)).containsOnly(7);
        assertThat(readBlock(4)).containsOnly(0);
        assertThat(bench.out("93 01 00 00 00 00 00 00 00 02 00 00 00 03 00 00", pattern()).residual()).isEqualTo(512);
        assertThat(readBlock(2)).containsOnly(0);
    }

    @ParameterizedTest
    @CsvSource({"0", "256", "1024"})
    void refusesAnythingButOneBlockOfData(int length) {
        assertThat(bench.out("41 00 00 00 00 02 00 00 03 00", new byte[length]).error()).isEqualTo("5/0E/03");
        assertThat(bench.out("93 08 00 00 00 00 00 00 00 02 00 00 00 03 00 00", new byte[length]).error())
                .isEqualTo("5/0E/03");
        assertThat(bench.in("41 00 00 00 00 02 00 00 03 00", 512).error()).isEqualTo("5/0E/03");
        assertThat(bench.image.log).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"41 10 00 00 00 02 00 00 03 00, 1.4", "41 18 00 00 00 02 00 00 03 00, 1.4",
            "41 01 00 00 00 02 00 00 03 00, 1.0", "41 20 00 00 00 02 00 00 03 00, 1.7",
            "93 10 00 00 00 00 00 00 00 02 00 00 00 03 00 00, 1.4",
            "93 02 00 00 00 00 00 00 00 02 00 00 00 03 00 00, 1.1"})
    void refusesAnchorsProtectionAndReservedBits(String cdb, String pointer) {
        Reply reply = bench.out(cdb, new byte[512]);
        assertThat(reply.error() + " " + reply.fieldPointer()).isEqualTo("5/24/00 " + pointer);
    }

    @Test
    void fullyProvisionedDiskHasNoUnmapBit() {
        try (Bench full = Bench.standard()) {
            Reply ten = full.out("41 08 00 00 00 02 00 00 03 00", new byte[512]);
            assertThat(ten.error() + " " + ten.fieldPointer()).isEqualTo("5/24/00 1.3");
            Reply sixteen = full.run("93 09 00 00 00 00 00 00 00 02 00 00 00 03 00 00");
            assertThat(sixteen.error() + " " + sixteen.fieldPointer()).isEqualTo("5/24/00 1.3");
            assertThat(full.out("41 00 00 00 00 02 00 00 03 00", pattern()).error()).isEqualTo("good");
            assertThat(full.in("A3 0C 01 93 00 00 00 00 00 FF 00 00", 255).dataHex())
                    .isEqualTo("00 03 00 10 93 01 FF FF FF FF FF FF FF FF FF FF FF FF 3F 00");
        }
    }

    @Test
    void refusesMoreThanTheBlockLimitsPageSays() {
        BlockLimits limits = new BlockLimits(4096, 128, 8, 0, 3).withCommands(new CommandLimits(1, 8, 10, 2));
        try (Bench small = Bench.of(new TestImage(512, 128, false),
                new LogicalUnitConfig(Bench.config().identity(), limits, false, false))) {
            assertThat(small.out("41 00 00 00 00 00 00 00 08 00", pattern()).error()).isEqualTo("good");
            Reply ten = small.out("41 00 00 00 00 00 00 00 09 00", pattern());
            assertThat(ten.error() + " " + ten.fieldPointer()).isEqualTo("5/24/00 7");
            Reply toTheEnd = small.out("93 00 00 00 00 00 00 00 00 77 00 00 00 00 00 00", pattern());
            assertThat(toTheEnd.error() + " " + toTheEnd.fieldPointer()).isEqualTo("5/24/00 10");
            assertThat(small.out("93 00 00 00 00 00 00 00 00 78 00 00 00 00 00 00", pattern()).error())
                    .isEqualTo("good");
        }
    }

    @Test
    void refusesOnAWriteProtectedDisk() {
        try (Bench locked =
                Bench.of(new TestImage(512, 128, true), Bench.config().withProvisioning(Provisioning.THIN))) {
            assertThat(locked.out("41 08 00 00 00 02 00 00 03 00", new byte[512]).error()).isEqualTo("7/27/00");
            assertThat(locked.run("93 01 00 00 00 00 00 00 00 02 00 00 00 03 00 00").error()).isEqualTo("7/27/00");
        }
    }

    /// Above a MiB the slow-work agent does it; what overlaps waits.
    @Test
    void largeOnesAreSlowWork() {
        try (Bench large = Bench.of(new TestImage(512, 1 << 20, false), Bench.config())) {
            large.holdsFlushes = true;
            large.finished.clear();
            Task same = large.task("93 00 00 00 00 00 00 00 00 00 00 00 10 00 00 00", TransferDirection.TO_TARGET, 512);
            Task read = large.task("28 00 00 00 0F FF 00 00 01 00", TransferDirection.FROM_TARGET, 512);
            large.target.execute(same);
            large.target.execute(read);
            assertThat(large.flushed).containsExactly("FILL 0+2097152");
            assertThat(large.finished).isEmpty();
            large.completeFlush(ImageResult.DONE);
            assertThat(large.finished).containsExactly(same, read);
        }
    }

    @Test
    void tellsWhyItFailed() {
        bench.image.failure = ImageResult.NO_SPACE;
        assertThat(bench.out("41 00 00 00 00 02 00 00 03 00", pattern()).error()).isEqualTo("7/27/07");
    }

    private byte[] readBlock(int block) {
        return bench.in("28 00 00 00 00 %02X 00 00 01 00".formatted(block), 512).data();
    }

    private static byte[] pattern() {
        byte[] block = new byte[512];
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) (i * 7 + 1);
        }
        return block;
    }
}
