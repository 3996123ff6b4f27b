package io.trilane.engine.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ControllerConstraintsTest {
    @Test
    void acceptsTheSmallestHardware() {
        assertThat(new ControllerConstraints(1, 1, 1, 1, 1, 1, 1).maxTransferBytes()).isEqualTo(1);
    }

    @Test
    void namesEachValueThatNoHardwareHas() {
        refuses(() -> new ControllerConstraints(0, 1, 1, 1, 4, 64, 1), "maxSegmentsRead=0 < 1");
        refuses(() -> new ControllerConstraints(1, 0, 1, 1, 4, 64, 1), "maxSegmentsWrite=0 < 1");
        refuses(() -> new ControllerConstraints(1, 1, 0, 1, 4, 64, 1), "maxSegmentBytesRead=0 < 1");
        refuses(() -> new ControllerConstraints(1, 1, 1, -1, 4, 64, 1), "maxSegmentBytesWrite=-1 < 1");
        refuses(() -> new ControllerConstraints(1, 1, 1, 1, 3, 64, 1), "alignmentBytes=3 is not a power of two");
        refuses(() -> new ControllerConstraints(1, 1, 1, 1, 4, 65, 1), "addressBits=65 not in 1..64");
        refuses(() -> new ControllerConstraints(1, 1, 1, 1, 4, 64, 0), "maxTransferBytes=0 < 1");
    }

    @Test
    void refusesANegativePowerOfTwoAsAlignment() {
        refuses(() -> new ControllerConstraints(1, 1, 1, 1, Integer.MIN_VALUE, 64, 1), "alignmentBytes=-2147483648");
    }

    private static void refuses(Runnable construction, String message) {
        assertThatThrownBy(construction::run).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message).hasMessageContaining(", report ");
    }
}
