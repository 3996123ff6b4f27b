package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.TaskStatus;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// More or less data than the CDB asks for (RFC 7143 11.4.5): residuals, and what is moved.
class ResidualTest {
    private static final String READ_ONE = "28 00 00 00 00 05 00 00 01 00";
    private static final String WRITE_ONE = "2A 00 00 00 00 05 00 00 01 00";
    private static final String WRITE_TWO = "2A 00 00 00 00 05 00 00 02 00";

    private final Bench bench = Bench.standard();

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 200, 512, 900})
    void shortReadTransfersWhatTheClientExpects(int count) {
        bench.out(WRITE_TWO, filled('r', 1024));
        Reply reply = bench.in("28 00 00 00 00 05 00 00 02 00", count);
        assertThat(reply.status()).isEqualTo(TaskStatus.GOOD);
        assertThat(reply.data()).isEqualTo(Arrays.copyOfRange(bench.image.bytes, 2560, 2560 + count));
        assertThat(reply.residual()).isEqualTo(count - 1024);
    }

    @Test
    void longReadReportsUnderflow() {
        Reply reply = bench.in(READ_ONE, 10000);
        assertThat(reply.transferred()).isEqualTo(512);
        assertThat(reply.residual()).isEqualTo(10000 - 512);
    }

    @Test
    void shortWriteWritesTheWholeBlocksThatThereAre() {
        bench.out(WRITE_TWO, filled('a', 1024));
        Reply reply = bench.out(WRITE_TWO, filled('b', 512));
        assertThat(reply.status()).isEqualTo(TaskStatus.GOOD);
        assertThat(reply.residual()).isEqualTo(-512);
        assertThat(reply.transferred()).isEqualTo(512);
        assertThat(Arrays.copyOfRange(bench.image.bytes, 2560, 3072)).isEqualTo(filled('b', 512));
        assertThat(Arrays.copyOfRange(bench.image.bytes, 3072, 3584)).isEqualTo(filled('a', 512));
    }

    @Test
    void writeWithoutDataWritesNothingAndReportsOverflow() {
        Reply reply = bench.run(WRITE_ONE);
        assertThat(reply.status()).isEqualTo(TaskStatus.GOOD);
        assertThat(reply.residual()).isEqualTo(-512);
        assertThat(bench.image.log).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 511, 900})
    void refusesWriteThatEndsInsideABlock(int count) {
        Reply reply = bench.out(WRITE_TWO, new byte[count]);
        assertThat(reply.error()).isEqualTo("5/0E/03");
        assertThat(reply.residual()).isEqualTo(count - 1024);
        assertThat(bench.image.log).isEmpty();
    }

    @Test
    void longWriteWritesOnlyTheBlocksOfTheCdb() {
        bench.out(WRITE_TWO, filled('a', 1024));
        Reply reply = bench.out(WRITE_ONE, filled('b', 1024));
        assertThat(reply.status()).isEqualTo(TaskStatus.GOOD);
        assertThat(reply.residual()).isEqualTo(512);
        assertThat(Arrays.copyOfRange(bench.image.bytes, 3072, 3584)).isEqualTo(filled('a', 512));
    }

    private static byte[] filled(char value, int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
