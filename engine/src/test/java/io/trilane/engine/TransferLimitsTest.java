package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.DmaSegmentType;
import io.trilane.engine.controller.DmaSpecification;
import io.trilane.engine.task.TransferDirection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferLimitsTest {
    @ParameterizedTest
    @CsvSource({
            // transfer, segments, segment bytes, alignment, block: break
            "1048576, 256, 4096, 4, 512, 1048576",
            "1048576, 128, 4096, 4, 512, 524288",
            "131071, 2147483647, 9223372036854775807, 4, 512, 130560",
            "1048576, 3, 1000, 4, 512, 2560",
            "1048576, 3, 1001, 4, 512, 2560",
            "1048576, 1, 511, 1, 512, 0",
            "511, 8, 4096, 4, 512, 0",
            "1048576, 8, 3, 4, 512, 0",
            "10000, 8, 4096, 4096, 512, 8192",
            "10000, 8, 4096, 4, 520, 9880"})
    void breaksAtTheSmallestLimitInWholeBlocks(long transfer, int segments, long segmentBytes, int alignment,
            int block, long expected) {
        assertThat(new TransferLimits(transfer, segments, segmentBytes, alignment, block).breakBytes())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"4096,256", "16384,64", "1048575,2", "1048576,1", "2097152,1"})
    void aMebibyteTakesAsManyRoundTripsAsLimitsFitIntoIt(long limit, long roundTrips) {
        assertThat(TransferLimits.ofLength(limit, 512).roundTrips(1 << 20)).isEqualTo(roundTrips);
    }

    @Test
    void nothingTakesNoRoundTrip() {
        assertThat(TransferLimits.ofLength(4096, 512).roundTrips(0)).isZero();
    }

    @Test
    void saysThatNoRoundTripHelpsWhenNotOneBlockFits() {
        assertThatThrownBy(() -> TransferLimits.ofLength(511, 512).roundTrips(512))
                .isInstanceOf(IllegalStateException.class).hasMessageStartingWith("breakBytes=0 < blockBytes=512, ");
    }

    @Test
    void takesEachDirectionsOwnLimitsAndTheStricterAlignment() {
        ControllerConstraints constraints = new ControllerConstraints(8, 4, 4096, 2048, 4, 64, -16L, false);
        DmaSpecification specification = new DmaSpecification(16384, 64, 64, DmaSegmentType.HOST_64);
        TransferLimits reads = TransferLimits.of(constraints, specification, 512, TransferDirection.FROM_TARGET);
        TransferLimits writes = TransferLimits.of(constraints, specification, 512, TransferDirection.TO_TARGET);
        assertThat(reads).isEqualTo(new TransferLimits(16384, 8, 4096, 64, 512));
        assertThat(writes).isEqualTo(new TransferLimits(16384, 4, 2048, 64, 512));
        assertThat(reads.breakBytes()).isEqualTo(16384);
        assertThat(writes.breakBytes()).isEqualTo(8192);
    }

    @Test
    void refusesLimitsThatNoHardwareHas() {
        refuses(() -> new TransferLimits(0, 1, 1, 4, 512), "maxTransferBytes=0 < 1");
        refuses(() -> new TransferLimits(1, 0, 1, 4, 512), "maxSegments=0 < 1");
        refuses(() -> new TransferLimits(1, 1, -1, 4, 512), "maxSegmentBytes=-1 < 1");
        refuses(() -> new TransferLimits(1, 1, 1, 4, 0), "blockBytes=0 < 1");
        refuses(() -> new TransferLimits(1, 1, 1, 3, 512), "alignmentBytes=3 is not a power of two");
        refuses(() -> TransferLimits.of(ControllerConstraints.of(1, 1), DmaSpecification.of(1), 512,
                TransferDirection.NONE), "direction=NONE");
    }

    @Test
    void aUnitHasOneBlockLength() {
        refuses(() -> new BlockUnit(0, 0, TransferLimits.ofLength(4096, 512), TransferLimits.ofLength(4096, 4096)),
                "blockBytes=512 of reads != blockBytes=4096 of writes");
    }

    private static void refuses(Runnable construction, String message) {
        assertThatThrownBy(construction::run).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
