package io.trilane.tools.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The two ledgers by themselves.
class LedgerTest {
    private final DeliveryLedger<String> deliveries = new DeliveryLedger<>();
    private final WriteLedger writes = new WriteLedger(100, 4, 9);

    @AfterEach
    void close() {
        writes.close();
    }

    @Test
    void aTaskThatComesBackOnceIsGood() {
        deliveries.submitted(1, "a");
        assertThat(deliveries.delivered(1)).isEqualTo("a");
        assertThat(deliveries.faults()).isEmpty();
        assertThat(deliveries.submissions()).isEqualTo(1);
    }

    @Test
    void aTaskThatComesBackTwiceIsAFault() {
        deliveries.submitted(1, "a");
        assertThat(deliveries.delivered(1)).isNotNull();
        assertThat(deliveries.delivered(1)).isNull();
        assertThat(deliveries.faults()).containsExactly("token=1 was delivered twice");
    }

    @Test
    void aTaskThatNeverComesBackIsAFault() {
        deliveries.submitted(1, "a");
        assertThat(deliveries.faults()).containsExactly("token=1 was never delivered");
    }

    @Test
    void aTaskThatWasNeverSubmittedAndATokenUsedTwiceAreFaults() {
        assertThat(deliveries.delivered(5)).isNull();
        deliveries.submitted(1, "a");
        deliveries.submitted(1, "b");
        assertThat(deliveries.faults()).startsWith("token=5 was never submitted", "token=1 was given out twice");
    }

    @Test
    void aRefusedTaskLeavesNothing() {
        deliveries.submitted(1, "a");
        deliveries.refused(1);
        assertThat(deliveries.faults()).isEmpty();
        assertThat(deliveries.submissions()).isZero();
    }

    @Test
    void aPlaceThatWasNeverWrittenIsZero() {
        writes.buffer().fill((byte) 0);
        writes.check(0, "x");
        assertThat(writes.faults()).isEmpty();
        writes.buffer().set(ValueLayout.JAVA_BYTE, WriteLedger.PLACE_BYTES - 1L, (byte) 1);
        writes.check(0, "x");
        assertThat(writes.faults()).hasSize(1);
    }

    @Test
    void anAcknowledgedWriteMustBeThere() {
        writes.acknowledge(1, writes.stampNext(1));
        writes.check(1, "x");
        assertThat(writes.faults()).isEmpty();
        writes.buffer().fill((byte) 0);
        writes.check(1, "x");
        assertThat(writes.faults()).containsExactly("place=1 lba=104 over x is UNSTAMPED, possible generations=[1]");
    }

    @Test
    void anOlderWriteThanTheAcknowledgedOneIsAFault() {
        int old = writes.stampNext(2);
        byte[] bytes = writes.buffer().toArray(ValueLayout.JAVA_BYTE);
        writes.acknowledge(2, old);
        writes.acknowledge(2, writes.stampNext(2));
        writes.buffer().copyFrom(MemorySegment.ofArray(bytes));
        writes.check(2, "x");
        assertThat(writes.faults()).hasSize(1);
    }

    @Test
    void aDoubtfulWriteMayBeThereOrNotButOneThatWasTurnedAwayMayNot() {
        writes.buffer().fill((byte) 0);
        writes.check(3, "x");
        int doubtful = writes.stampNext(3);
        writes.doubt(3, doubtful);
        writes.check(3, "x");
        assertThat(writes.faults()).isEmpty();
        int _ = writes.stampNext(3);
        writes.check(3, "x");
        assertThat(writes.faults()).hasSize(1);
    }

    @Test
    void halfAPlaceIsAFault() {
        int first = writes.stampNext(0);
        byte[] half = writes.buffer().asSlice(0, WriteLedger.PLACE_BYTES / 2).toArray(ValueLayout.JAVA_BYTE);
        writes.doubt(0, first);
        writes.acknowledge(0, writes.stampNext(0));
        writes.doubt(0, first);
        writes.buffer().asSlice(0, half.length).copyFrom(MemorySegment.ofArray(half));
        writes.check(0, "x");
        assertThat(writes.faults()).hasSize(1);
    }
}
