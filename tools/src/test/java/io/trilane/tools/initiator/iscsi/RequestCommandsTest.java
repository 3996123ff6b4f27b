package io.trilane.tools.initiator.iscsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.RwMode;
import io.trilane.perf.harness.Workload;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Command blocks, worked out by hand from SBC-4.
class RequestCommandsTest {
    private static final int BYTES = 4096;

    private final SlotMemory memory = new SlotMemory(2, BYTES);
    private final RequestSlot slot = new RequestSlot(1);

    @AfterEach
    void free() {
        memory.close();
    }

    @ParameterizedTest
    @CsvSource({"READ, 0x1234500000, 28 00 091A2800 00 0008 00 000000000000",
            "WRITE, 0x1234500000, 2A 00 091A2800 00 0008 00 000000000000",
            "READ, 0x1FFFFFFF000, 28 00 FFFFFFF8 00 0008 00 000000000000",
            "READ, 0x20000000000, 88 00 0000000100000000 00000008 00 00",
            "READ, 0x1FFFFFFF200, 88 00 00000000FFFFFFF9 00000008 00 00",
            "WRITE, 0x20000000000, 8A 00 0000000100000000 00000008 00 00",
            "FLUSH, 0x1000, 35 00 00000000 00 0000 00 000000000000",
            "UNMAP, 0x1000, 42 00 00000000 00 0018 00 000000000000"})
    void commandsAreThoseOfTheStandard(RequestKind kind, String offset, String expected) {
        commands(false).fill(slot, Request.of(kind, Long.decode(offset), 0, 0));
        assertThat(HexFormat.of().withUpperCase().formatHex(slot.cdb)).isEqualTo(expected.replace(" ", ""));
        assertThat(slot.isRead).isEqualTo(kind == RequestKind.READ);
        assertThat(slot.isWrite).isEqualTo(kind == RequestKind.WRITE || kind == RequestKind.UNMAP);
        assertThat(slot.length).isEqualTo(kind.movesData() ? BYTES : kind == RequestKind.UNMAP ? 24 : 0);
    }

    @Test
    void unmapHasAListOfOneDescriptor() {
        commands(false).fill(slot, Request.of(RequestKind.UNMAP, 0x20000001000L, 0, 0));
        byte[] list = memory.memory().asSlice(slot.address, 24).toArray(ValueLayout.JAVA_BYTE);
        assertThat(HexFormat.of().formatHex(list))
                .isEqualTo("0016001000000000" + "0000000100000008" + "0000000800000000");
    }

    @Test
    void onlyWritesHaveTheFuaBit() {
        commands(true).fill(slot, Request.of(RequestKind.WRITE, 0, 0, 0));
        assertThat(slot.cdb[1]).isEqualTo((byte) 0x08);
        commands(true).fill(slot, Request.of(RequestKind.READ, 0, 0, 0));
        assertThat(slot.cdb[1]).isZero();
    }

    @Test
    void partsOfBlocksAreRefused() {
        RequestCommands large = new RequestCommands(Workload.of(RwMode.RW, BYTES, 1), memory, 4096);
        assertThatThrownBy(() -> large.require(Request.of(RequestKind.READ, 512, 0, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("offset=512 bytes=4096 is not a multiple of blockBytes=4096");
    }

    private RequestCommands commands(boolean fua) {
        return new RequestCommands(new Workload(RwMode.RW, 50, BYTES, 1, 1, fua, 1, false), memory, 512);
    }
}
