package io.trilane.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The three slot layouts: their offsets are an interface, so they are written down here a second time.
class SlotLayoutTest {
    private static final int SLOTS = 3;

    /// A field as `driverkit.md` 4 lists it; the alignment is that of its C type.
    private record Field(String name, int offset, int expectedOffset, int bytes, int alignment) {
        int end() {
            return offset + bytes;
        }
    }

    private static final List<Field> COMMAND = List.of(
            new Field("version", CommandLayout.VERSION, 0, 8, 8),
            new Field("targetId", CommandLayout.TARGET_ID, 8, 8, 8),
            new Field("featureRequest", CommandLayout.FEATURE_REQUEST, 16, 20, 4),
            new Field("featureRequestCount", CommandLayout.FEATURE_REQUEST_COUNT, 40, 8, 8),
            new Field("controllerTaskId", CommandLayout.CONTROLLER_TASK_ID, 48, 8, 8),
            new Field("transferCount", CommandLayout.TRANSFER_COUNT, 56, 8, 8),
            new Field("bufferIovmAddress", CommandLayout.BUFFER_IOVM_ADDRESS, 64, 8, 8),
            new Field("taskAttribute", CommandLayout.TASK_ATTRIBUTE, 72, 4, 4),
            new Field("taskTag", CommandLayout.TASK_TAG, 80, 8, 8),
            new Field("lun", CommandLayout.LUN, 88, 8, 1),
            new Field("cdb", CommandLayout.CDB, 96, 16, 1),
            new Field("cdbLength", CommandLayout.CDB_LENGTH, 112, 1, 1),
            new Field("transferDirection", CommandLayout.TRANSFER_DIRECTION, 113, 1, 1),
            new Field("timeoutMillis", CommandLayout.TIMEOUT_MILLIS, 116, 4, 4),
            new Field("reserved", CommandLayout.RESERVED, 120, 8, 1));

    private static final List<Field> RESPONSE = List.of(
            new Field("version", ResponseLayout.VERSION, 0, 8, 8),
            new Field("targetId", ResponseLayout.TARGET_ID, 8, 8, 8),
            new Field("featureResult", ResponseLayout.FEATURE_RESULT, 16, 20, 4),
            new Field("featureResultCount", ResponseLayout.FEATURE_RESULT_COUNT, 40, 8, 8),
            new Field("controllerTaskId", ResponseLayout.CONTROLLER_TASK_ID, 48, 8, 8),
            new Field("completionStatus", ResponseLayout.COMPLETION_STATUS, 56, 4, 4),
            new Field("serviceResponse", ResponseLayout.SERVICE_RESPONSE, 60, 4, 4),
            new Field("bytesTransferred", ResponseLayout.BYTES_TRANSFERRED, 64, 8, 8),
            new Field("senseLength", ResponseLayout.SENSE_LENGTH, 72, 1, 1),
            new Field("sense", ResponseLayout.SENSE, 73, 256, 1),
            new Field("reserved", ResponseLayout.RESERVED, 329, 55, 1));

    private static final List<Field> EXTENSION = List.of(
            new Field("nexusId", TaskExtension.NEXUS_ID, 0, 4, 4),
            new Field("extentCount", TaskExtension.EXTENT_COUNT, 4, 4, 4),
            new Field("deadlineNs", TaskExtension.DEADLINE_NS, 8, 8, 8),
            new Field("cdb", TaskExtension.CDB, 16, 32, 8),
            new Field("extents", TaskExtension.EXTENTS, 48, 64, 8),
            new Field("stageNs", TaskExtension.STAGE_NS, 112, 40, 8),
            new Field("verdictService", TaskExtension.VERDICT_SERVICE, 152, 4, 4),
            new Field("verdictStatus", TaskExtension.VERDICT_STATUS, 156, 4, 4),
            new Field("information", TaskExtension.INFORMATION, 160, 8, 8),
            new Field("fieldPointer", TaskExtension.FIELD_POINTER, 168, 4, 4),
            new Field("senseFlags", TaskExtension.SENSE_FLAGS, 172, 4, 4),
            new Field("scratch", TaskExtension.SCRATCH, 176, 64, 8),
            new Field("userData", TaskExtension.USER_DATA, 240, 8, 8),
            new Field("residual", TaskExtension.RESIDUAL, 248, 8, 8));

    @TestFactory
    Stream<DynamicTest> putsEachFieldAtItsDocumentedAlignedOffset() {
        return Stream.of(COMMAND, RESPONSE, EXTENSION).flatMap(List::stream)
                .map(field -> DynamicTest.dynamicTest(field.name() + "@" + field.expectedOffset(), () -> {
                    assertThat(field.offset()).isEqualTo(field.expectedOffset());
                    assertThat(field.offset() % field.alignment()).as("alignment").isZero();
                }));
    }

    @Test
    void commandFieldsFillTheSlotWithoutOverlap() {
        assertThat(paddingAfter(COMMAND, CommandLayout.LENGTH)).containsExactly("featureRequest+4", "taskAttribute+4",
                "transferDirection+2");
        assertThat(CommandLayout.LENGTH).isEqualTo(128);
    }

    @Test
    void responseFieldsFillTheSlotWithoutOverlap() {
        assertThat(paddingAfter(RESPONSE, ResponseLayout.LENGTH)).containsExactly("featureResult+4");
        assertThat(ResponseLayout.LENGTH).isEqualTo(384);
    }

    @Test
    void extensionFieldsFillTheSlotWithoutOverlap() {
        assertThat(paddingAfter(EXTENSION, TaskExtension.LENGTH)).isEmpty();
        assertThat(TaskExtension.LENGTH).isEqualTo(256);
    }

    @Test
    void senseLengthByteCannotExpressTheWholeSenseBuffer() {
        assertThat(ResponseLayout.MAX_SENSE_LENGTH).isEqualTo(0xFF).isEqualTo(ResponseLayout.SENSE_BYTES - 1);
    }

    @TestFactory
    Stream<DynamicTest> roundTripsEachFieldOfFirstAndLastSlotAndTouchesNothingElse() {
        return Stream.of(new Object[]{"command", COMMAND, CommandLayout.LENGTH},
                new Object[]{"response", RESPONSE, ResponseLayout.LENGTH},
                new Object[]{"extension", EXTENSION, TaskExtension.LENGTH}).flatMap(SlotLayoutTest::roundTrips);
    }

    @SuppressWarnings("unchecked")
    private static Stream<DynamicTest> roundTrips(Object[] layout) {
        int length = (int) layout[2];
        return Stream.of(0, SLOTS - 1).flatMap(slot -> ((List<Field>) layout[1]).stream()
                .map(field -> DynamicTest.dynamicTest(layout[0] + "[" + slot + "]." + field.name(),
                        () -> roundTrip(field, slot, length))));
    }

    private static void roundTrip(Field field, int slot, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment slots = arena.allocate((long) SLOTS * length);
            long base = (long) slot * length;
            for (int at = 0; at < field.bytes(); at += unit(field)) {
                writeOnes(slots, base, field.offset() + at, unit(field));
            }
            for (long at = 0; at < slots.byteSize(); at++) {
                boolean inside = at >= base + field.offset() && at < base + field.end();
                assertThat(CommandLayout.getByte(slots, at, 0)).as("byte %d", at).isEqualTo(inside ? 0xFF : 0);
            }
        }
    }

    private static int unit(Field field) {
        return Math.min(field.alignment(), field.bytes());
    }

    private static void writeOnes(MemorySegment slots, long base, int field, int unit) {
        switch (unit) {
            case 8 -> {
                CommandLayout.setLong(slots, base, field, -1L);
                assertThat(CommandLayout.getLong(slots, base, field)).isEqualTo(-1L);
            }
            case 4 -> {
                CommandLayout.setInt(slots, base, field, -1);
                assertThat(CommandLayout.getInt(slots, base, field)).isEqualTo(-1);
            }
            default -> {
                CommandLayout.setByte(slots, base, field, 0xFF);
                assertThat(CommandLayout.getByte(slots, base, field)).isEqualTo(0xFF);
            }
        }
    }

    @Test
    void wireAccessorPutsTheMostSignificantByteFirst() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment slots = arena.allocate(CommandLayout.LENGTH);
            CommandLayout.setWire(slots, 0, CommandLayout.CDB, 0x28_01_02_03_04_05_06_07L);
            assertThat(CommandLayout.getByte(slots, 0, CommandLayout.CDB)).isEqualTo(0x28);
            assertThat(CommandLayout.getByte(slots, 0, CommandLayout.CDB + 7)).isEqualTo(0x07);
            assertThat(CommandLayout.getWire(slots, 0, CommandLayout.CDB)).isEqualTo(0x28_01_02_03_04_05_06_07L);
        }
    }

    /// `name+bytes` for each gap; fails on an overlap or on a slot that ends elsewhere.
    private static List<String> paddingAfter(List<Field> fields, int length) {
        List<String> gaps = new java.util.ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            int next = i + 1 < fields.size() ? fields.get(i + 1).offset() : length;
            assertThat(next).as("end of %s", fields.get(i).name()).isGreaterThanOrEqualTo(fields.get(i).end());
            if (next > fields.get(i).end()) {
                gaps.add(fields.get(i).name() + "+" + (next - fields.get(i).end()));
            }
        }
        return gaps;
    }
}
