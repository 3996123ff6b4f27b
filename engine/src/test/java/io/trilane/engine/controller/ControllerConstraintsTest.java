package io.trilane.engine.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ControllerConstraintsTest {
    @Test
    void acceptsTheSmallestHardware() {
        assertThat(constraints(1, 1, 1, 1, 1, 1).maxSegmentsRead()).isEqualTo(1);
    }

    @Test
    void namesEachValueThatNoHardwareHas() {
        refuses(() -> constraints(0, 1, 1, 1, 4, 64), "maxSegmentsRead=0 < 1");
        refuses(() -> constraints(1, 0, 1, 1, 4, 64), "maxSegmentsWrite=0 < 1");
        refuses(() -> constraints(1, 1, 0, 1, 4, 64), "maxSegmentBytesRead=0 < 1");
        refuses(() -> constraints(1, 1, 1, -1, 4, 64), "maxSegmentBytesWrite=-1 < 1");
        refuses(() -> constraints(1, 1, 1, 1, 3, 64), "alignmentBytes=3 is not a power of two");
        refuses(() -> constraints(1, 1, 1, 1, 4, 65), "addressBits=65 not in 1..64");
    }

    @Test
    void refusesANegativePowerOfTwoAsAlignment() {
        refuses(() -> constraints(1, 1, 1, 1, Integer.MIN_VALUE, 64), "alignmentBytes=-2147483648");
    }

    @Test
    void isTheSameAfterAWayThroughTheDictionary() {
        ControllerConstraints constraints =
                new ControllerConstraints(2, 3, 4096, 8192, 16, 48, 0x0000_FFFF_FFFF_FFFEL, true);
        assertThat(ControllerConstraints.of(constraints.toMap())).isEqualTo(constraints);
    }

    @Test
    void namesTheRequiredKeysThatAreMissing() {
        Map<ConstraintKey, Long> keys = ControllerConstraints.of(4, 4096).toMap();
        assertThat(ControllerConstraints.missing(keys)).isEmpty();
        keys.remove(ConstraintKey.HIERARCHICAL_LOGICAL_UNIT_SUPPORT);
        assertThat(ControllerConstraints.missing(keys)).as("the eighth key is optional").isEmpty();
        keys.remove(ConstraintKey.MINIMUM_HBA_DATA_ALIGNMENT_MASK);
        assertThat(ControllerConstraints.missing(keys)).containsExactly(ConstraintKey.MINIMUM_HBA_DATA_ALIGNMENT_MASK);
        refuses(() -> ControllerConstraints.of(keys), "constraints miss keys=[MINIMUM_HBA_DATA_ALIGNMENT_MASK]");
        assertThat(ControllerConstraints.missing(Map.of())).hasSize(7);
    }

    private static ControllerConstraints constraints(int segmentsRead, int segmentsWrite, long bytesRead,
            long bytesWrite, int alignment, int bits) {
        return new ControllerConstraints(segmentsRead, segmentsWrite, bytesRead, bytesWrite, alignment, bits, -16,
                false);
    }

    private static void refuses(Runnable construction, String message) {
        assertThatThrownBy(construction::run).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message).hasMessageContaining(", report ");
    }
}
