package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.page.BlockLimits;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// READ and WRITE (SBC-4 5.10 to 5.13, 5.37 to 5.40).
class TransferTest {
    private static final String READ_ONE = "28 00 00 00 00 05 00 00 01 00";
    private static final String WRITE_ONE = "2A 00 00 00 00 05 00 00 01 00";

    private final Bench bench = Bench.standard();

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({
            "0A 00 00 05 02 00,                               08 00 00 05 02 00",
            "2A 00 00 00 00 05 00 00 02 00,                   28 00 00 00 00 05 00 00 02 00",
            "AA 00 00 00 00 05 00 00 00 02 00 00,             A8 00 00 00 00 05 00 00 00 02 00 00",
            "8A 00 00 00 00 00 00 00 00 05 00 00 00 02 00 00, 88 00 00 00 00 00 00 00 00 05 00 00 00 02 00 00",
            "2A 10 00 00 00 05 3F 00 02 00,                   28 10 00 00 00 05 3F 00 02 00",
    })
    void readsBackWhatWasWritten(String write, String read) {
        byte[] data = random(1024);
        Reply written = bench.out(write, data);
        assertThat(written.status()).isEqualTo(TaskStatus.GOOD);
        assertThat(written.transferred()).isEqualTo(1024);
        assertThat(written.residual()).isZero();
        Reply reply = bench.in(read, 1024);
        assertThat(reply.data()).isEqualTo(data);
        assertThat(reply.residual()).isZero();
        assertThat(Arrays.copyOfRange(bench.image.bytes, 2560, 3584)).isEqualTo(data);
    }

    @Test
    void sixByteCommandsTakeZeroFor256Blocks() {
        try (Bench large = Bench.of(new TestImage(512, 300, false), Bench.config())) {
            assertThat(large.in("08 00 00 01 00 00", 1 << 17).transferred()).isEqualTo(256 * 512);
            assertThat(large.image.log).containsExactly("READ 512+131072");
        }
    }

    @ParameterizedTest
    @CsvSource({
            // LBA, blocks of READ(16) on 128 blocks; first invalid address, or -1
            "0000000000000000, 00000000, -1",
            "0000000000000000, 00000080, -1",
            "000000000000007F, 00000001, -1",
            "000000000000007F, 00000000, -1",
            "0000000000000080, 00000000, -1",
            "0000000000000080, 00000001, 128",
            "0000000000000081, 00000000, 129",
            "000000000000007F, 00000002, 128",
            "0000000000000000, 00000081, 128",
            "0000000000000000, FFFFFFFF, 128",
            "0000000080000000, 00000000, 2147483648",
            "00000000FFFFFFFF, 00000001, 4294967295",
            "0000000100000000, 00000001, 4294967296",
            "7FFFFFFFFFFFFFFF, 00000001, 9223372036854775807",
            "7FFFFFFFFFFFFFFF, FFFFFFFF, 9223372036854775807",
            "8000000000000000, 00000000, -9223372036854775808",
            "FFFFFFFFFFFFFFFF, 00000001, -1L",
            "FFFFFFFFFFFFFFFF, FFFFFFFF, -1L",
    })
    void checksTheRange(String address, String blocks, String invalid) {
        String cdb = spaced("88" + "00" + address + blocks + "0000");
        Reply reply = bench.in(cdb, 0);
        if (invalid.equals("-1")) {
            assertThat(reply.error()).isEqualTo("good");
            return;
        }
        long expected = invalid.equals("-1L") ? -1 : Long.parseLong(invalid);
        assertThat(reply.error()).isEqualTo("5/21/00");
        assertThat(reply.information()).isEqualTo(expected >>> 32 == 0 ? expected : -1);
        try (Bench descriptors = Bench.descriptorSense()) {
            assertThat(descriptors.in(cdb, 0).senseHex()).isEqualTo(
                    "72 05 21 00 00 00 00 0C 00 0A 80 00 " + spaced("%016X".formatted(expected)));
        }
        assertThat(bench.image.log).isEmpty();
    }

    @Test
    void reportsTheFirstInvalidAddressInFixedFormat() {
        assertThat(bench.in("28 00 00 00 00 80 00 00 01 00", 512).senseHex())
                .isEqualTo("F0 00 05 00 00 00 80 0A 00 00 00 00 21 00 00 00 00 00");
    }

    @Test
    void acceptsTheLastBlockOfAHugeDisk() {
        try (Bench huge = Bench.of(new TestImage(512, 1L << 40, false), Bench.config())) {
            String last = "88 00 00 00 00 FF FF FF FF FF 00 00 00 01 00 00";
            assertThat(huge.in(last, 512).error()).isEqualTo("good");
            assertThat(huge.image.log).containsExactly("READ " + ((1L << 49) - 512) + "+512");
            Reply beyond = huge.in("88 00 00 00 01 00 00 00 00 00 00 00 00 01 00 00", 512);
            assertThat(beyond.error()).isEqualTo("5/21/00");
            assertThat(beyond.senseHex()).startsWith("70 00 05 00 00 00 00");
        }
    }

    @Test
    void zeroBlocksTouchNothing() {
        assertThat(bench.in("28 00 00 00 00 00 00 00 00 00", 512).residual()).isEqualTo(512);
        assertThat(bench.out("2A 00 00 00 00 00 00 00 00 00", new byte[0]).error()).isEqualTo("good");
        assertThat(bench.image.log).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"28 00 00 00 00 00 00 00 11 00, 7", "A8 00 00 00 00 00 00 00 00 11 00 00, 6",
            "88 00 00 00 00 00 00 00 00 00 00 00 00 11 00 00, 10", "08 00 00 00 11 00, 4",
            "2F 00 00 00 00 00 00 00 11 00, 7"})
    void refusesMoreThanTheMaximumTransferLength(String cdb, String pointer) {
        LogicalUnitConfig config = new LogicalUnitConfig(Bench.config().identity(), new BlockLimits(16, 8, 1, 0, 0),
                false, false);
        try (Bench limited = Bench.of(new TestImage(512, 128, false), config)) {
            Reply reply = limited.in(cdb, 17 * 512);
            assertThat(reply.error()).isEqualTo("5/24/00");
            assertThat(reply.fieldPointer()).isEqualTo(pointer);
            assertThat(limited.in("28 00 00 00 00 00 00 00 10 00", 16 * 512).error()).isEqualTo("good");
        }
    }

    /// RFC 7143 11.4.5.2: what a client cannot take is residual.
    @Test
    void readsNothingForAClientThatOnlySends() {
        Reply reply = bench.out(READ_ONE, new byte[512]);
        assertThat(reply.error()).isEqualTo("good");
        assertThat(reply.residual()).isEqualTo(-512);
        assertThat(bench.image.log).isEmpty();
    }

    @Test
    void refusesTheWrongDirection() {
        assertThat(bench.in(WRITE_ONE, 512).error()).isEqualTo("5/0E/03");
        assertThat(bench.run(READ_ONE, TransferDirection.NONE, 512).error()).isEqualTo("5/0E/03");
        assertThat(bench.image.log).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"28 20 00 00 00 05 00 00 01 00", "2A 60 00 00 00 05 00 00 01 00", "2F E0 00 00 00 05 00 00 01 00",
            "88 80 00 00 00 00 00 00 00 05 00 00 00 01 00 00"})
    void refusesProtectionInformation(String cdb) {
        Reply reply = bench.run(cdb);
        assertThat(reply.error()).isEqualTo("5/24/00");
        assertThat(reply.fieldPointer()).isEqualTo("1.7");
    }

    @Test
    void refusesWritesToAReadOnlyImage() {
        try (Bench readOnly = Bench.of(new TestImage(512, 128, true), Bench.config())) {
            assertThat(readOnly.out(WRITE_ONE, new byte[512]).error()).isEqualTo("7/27/00");
            assertThat(readOnly.out("2A 00 00 00 00 80 00 00 01 00", new byte[512]).error()).isEqualTo("7/27/00");
            assertThat(readOnly.in(READ_ONE, 512).error()).isEqualTo("good");
        }
    }

    @ParameterizedTest
    @CsvSource({"-3, 3/11/00, 3/0C/00", "-4, 7/27/07, 7/27/07", "-5, 7/27/00, 7/27/00"})
    void translatesImageFailures(long result, String read, String write) {
        bench.image.failure = result;
        Reply reply = bench.in(READ_ONE, 512);
        assertThat(reply.error()).isEqualTo(read);
        assertThat(reply.transferred()).isZero();
        assertThat(reply.residual()).isEqualTo(512);
        assertThat(bench.out(WRITE_ONE, new byte[512]).error()).isEqualTo(write);
    }

    @Test
    void answersForcedWriteOnlyAfterTheFlush() {
        bench.holdsFlushes = true;
        var task = bench.task("2A 08 00 00 00 05 00 00 01 00", TransferDirection.TO_TARGET, 512);
        bench.finished.clear();
        bench.target.execute(task);
        assertThat(bench.image.log).containsExactly("WRITE 2560+512");
        assertThat(bench.flushed).containsExactly("2560+512");
        assertThat(bench.finished).isEmpty();
        bench.completeFlush(ImageResult.DONE);
        assertThat(bench.finished).containsExactly(task);
        assertThat(task.isGood()).isTrue();
        assertThat(task.bytesTransferred()).isEqualTo(512);
        assertThat(bench.unit.unfinishedCommands()).isZero();
    }

    @Test
    void flushesBeforeAForcedRead() {
        bench.holdsFlushes = true;
        var task = bench.task("28 08 00 00 00 05 00 00 01 00", TransferDirection.FROM_TARGET, 512);
        bench.target.execute(task);
        assertThat(bench.image.log).isEmpty();
        bench.completeFlush(ImageResult.DONE);
        assertThat(bench.image.log).containsExactly("READ 2560+512");
        assertThat(task.isGood()).isTrue();
    }

    @Test
    void failsAForcedWriteWhoseFlushFails() {
        bench.flushResult = ImageResult.MEDIUM_ERROR;
        assertThat(bench.out("2A 08 00 00 00 05 00 00 01 00", new byte[512]).error()).isEqualTo("3/0C/00");
        assertThat(bench.in("28 08 00 00 00 05 00 00 01 00", 512).error()).isEqualTo("3/11/00");
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private static String spaced(String hex) {
        return hex.replaceAll("..(?!$)", "$0 ");
    }
}
