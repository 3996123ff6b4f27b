package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.command.CdbUsage;
import io.trilane.hba.command.Command;
import io.trilane.hba.command.CommandGate;
import io.trilane.hba.command.CommandRow;
import io.trilane.hba.command.CommandTable;
import io.trilane.hba.command.CommandTrait;
import io.trilane.hba.command.Outcome;
import io.trilane.hba.page.BlockLimits;
import io.trilane.hba.page.Provisioning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The gate's order, and REPORT SUPPORTED OPERATION CODES (SPC-5 6.34) held against it.
class CommandGateTest {
    private final Bench bench = Bench.thin();

    @AfterEach
    void close() {
        bench.close();
    }

    static List<CommandRow> rows() {
        return CommandTable.ofDisk().rows();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void usageBitmapAgreesWithTheGate(CommandRow row) {
        LogicalUnitConfig config = new LogicalUnitConfig(Bench.config().identity(), new BlockLimits(0, 0, 0, 0, 0),
                false, false, Provisioning.THIN, false);
        UnitServer server = new UnitServer(bench.unit, config, new TestImage(512, 1L << 40, false), bench);
        server.takeUnitAttention(0);
        Command command = new Command(server);
        CommandGate gate = new CommandGate(server);
        CdbUsage usage = row.usage();
        Task task = bench.task("00", TransferDirection.NONE, 0);
        for (int index = 1; index < row.cdbLength(); index++) {
            for (int bit = 0; bit < 8; bit++) {
                if (index == 1 && bit < 5 && usage.serviceAction() >= 0) {
                    continue;
                }
                byte[] cdb = valid(row);
                cdb[index] ^= (byte) (1 << bit);
                task.setCdb(cdb);
                task.setExtensionInt(TaskExtension.SENSE_FLAGS, 0);
                command.load(task);
                Outcome outcome = gate.check(command);
                boolean evaluated = (usage.reported(index) & 1 << bit) != 0;
                if (evaluated) {
                    assertThat(outcome).as("%d.%d", index, bit).isNotEqualTo(Outcome.INVALID_FIELD_IN_CDB);
                } else {
                    boolean protect = index == 1 && bit > 4 && row.has(CommandTrait.PROTECT_FIELD);
                    assertThat(outcome).as("%d.%d", index, bit).isEqualTo(Outcome.INVALID_FIELD_IN_CDB);
                    assertThat(task.extensionInt(TaskExtension.FIELD_POINTER))
                            .isEqualTo(index | (protect ? 7 : bit) << 16 | 1 << 19);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void reportsEachCommandByItself(CommandRow row) {
        int action = row.usage().serviceAction();
        String expected = "00 03 00 %02X ".formatted(row.cdbLength()) + hex(usage(row));
        assertThat(report(action < 0 ? 1 : 2, row.usage().operationCode(), Math.max(action, 0)).dataHex())
                .isEqualTo(expected);
        assertThat(report(3, row.usage().operationCode(), Math.max(action, 0)).dataHex()).isEqualTo(expected);
        assertThat(report(0x83, row.usage().operationCode(), Math.max(action, 0)).dataHex())
                .isEqualTo(expected.replaceFirst("00 03", "00 83")
                        + " 00 0A 00 00 00 00 00 00 00 00 00 %02X".formatted(row.recommendedSeconds()));
    }

    @Test
    void reportsAllCommands() {
        Reply reply = bench.in("A3 0C 00 00 00 00 00 00 FF FF 00 00", 65535);
        assertThat(reply.dataHex()).startsWith("00 00 %02X %02X 00 00 00 00 00 00 00 06 03 00 00 00 00 00 00 06"
                .formatted(8 * rows().size() >> 8, 8 * rows().size() & 0xFF));
        assertThat(reply.dataHex()).contains("9E 00 00 10 00 01 00 10").contains("A3 00 00 0C 00 01 00 0C");
        assertThat(reply.transferred()).isEqualTo(4 + 8 * rows().size());
        assertThat(bench.in("A3 0C 80 00 00 00 00 00 FF FF 00 00", 65535).transferred())
                .isEqualTo(4 + 20 * rows().size());
    }

    @Test
    void truncatesTheReportAtEveryAllocationLength() {
        byte[] all = bench.in("A3 0C 80 00 00 00 00 00 FF FF 00 00", 65535).data();
        for (int length = 0; length <= all.length + 4; length++) {
            Reply reply = bench.in("A3 0C 80 00 00 00 00 00 %02X %02X 00 00".formatted(length >> 8, length & 0xFF),
                    4096);
            assertThat(reply.data()).isEqualTo(Arrays.copyOf(all, Math.min(length, all.length)));
        }
    }

    @ParameterizedTest
    @CsvSource({
            "1, 158, 0,  5/24/00, 2.2", // has service actions
            "2, 40, 0,   5/24/00, 2.2", // has none
            "4, 40, 0,   5/24/00, 2.2",
            "7, 40, 0,   5/24/00, 2.2",
    })
    void refusesToReport(int options, int code, int action, String error, String pointer) {
        Reply reply = report(options, code, action);
        assertThat(reply.error()).isEqualTo(error);
        assertThat(reply.fieldPointer()).isEqualTo(pointer);
    }

    @ParameterizedTest
    @CsvSource({"1, 255, 0", "2, 255, 0", "3, 255, 0", "2, 158, 31", "2, 158, 32", "2, 158, 272", "3, 158, 1",
            "3, 40, 1"})
    void reportsThatACommandIsNotSupported(int options, int code, int action) {
        assertThat(report(options, code, action).dataHex()).isEqualTo("00 01 00 00");
    }

    @Test
    void rowsAreInOrderAndUnique() {
        List<Integer> keys = new ArrayList<>();
        rows().forEach(row -> keys.add(row.usage().operationCode() << 8 | row.usage().serviceAction() & 0xFF));
        assertThat(keys).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void refusesUnknownOperationCodes() {
        Reply reply = bench.run("FF FF FF FF FF FF");
        assertThat(reply.senseHex()).isEqualTo("70 00 05 00 00 00 00 0A 00 00 00 00 20 00 00 00 00 00");
    }

    @Test
    void refusesUnknownServiceActions() {
        assertThat(bench.run("9E 1F 00 00 00 00 00 00 00 00 00 00 00 00 00 00").senseHex())
                .isEqualTo("70 00 05 00 00 00 00 0A 00 00 00 00 24 00 00 CC 00 01");
        try (Bench descriptors = Bench.descriptorSense()) {
            assertThat(descriptors.run("A3 00 00 00 00 00 00 00 00 00 00 00").senseHex())
                    .isEqualTo("72 05 24 00 00 00 00 08 02 06 00 00 CC 00 01 00");
        }
    }

    @Test
    void refusesNormalAutoContingentAllegiance() {
        Reply reply = bench.run("00 00 00 00 00 04");
        assertThat(reply.error()).isEqualTo("5/24/00");
        assertThat(reply.fieldPointer()).isEqualTo("5.2");
        assertThat(bench.run("28 00 00 00 00 00 00 00 01 04").fieldPointer()).isEqualTo("9.2");
    }

    @Test
    void refusesACdbThatIsTooShort() {
        Reply reply = bench.in("28 00 00 00 00 00 00 00 01", 512);
        assertThat(reply.error()).isEqualTo("5/24/00");
        assertThat(reply.fieldPointer()).isEqualTo("9");
        assertThat(bench.in("28 00 00 00 00 00 00 00 01 00 FF FF FF FF FF FF", 512).error()).isEqualTo("good");
    }

    @Test
    void checksInItsDocumentedOrder() {
        try (Bench readOnly = Bench.of(new TestImage(512, 128, true), new LogicalUnitConfig(
                Bench.config().identity(), new BlockLimits(16, 8, 1, 0, 0), false, false))) {
            String reserved = "2A 01 00 00 FF 00 00 FF FF 00";
            String protectedAndBeyond = "2A 00 00 00 FF 00 00 FF FF 00";
            String beyondAndTooLong = "28 00 00 00 FF 00 00 FF FF 00";
            String tooLongAndMisdirected = "28 00 00 00 00 00 00 00 20 00";
            assertThat(readOnly.in(reserved, 512).fieldPointer()).isEqualTo("1.0");
            assertThat(readOnly.in(protectedAndBeyond, 512).error()).isEqualTo("7/27/00");
            assertThat(readOnly.in(beyondAndTooLong, 512).error()).isEqualTo("5/21/00");
            assertThat(readOnly.out(tooLongAndMisdirected, new byte[512]).fieldPointer()).isEqualTo("7");
        }
    }

    private Reply report(int options, int code, int action) {
        return bench.in("A3 0C %02X %02X %02X %02X 00 00 FF FF 00 00".formatted(options, code, action >> 8,
                action & 0xFF), 4096);
    }

    private static byte[] valid(CommandRow row) {
        byte[] cdb = new byte[row.cdbLength()];
        cdb[0] = (byte) row.usage().operationCode();
        cdb[1] = (byte) Math.max(row.usage().serviceAction(), 0);
        return cdb;
    }

    private static byte[] usage(CommandRow row) {
        byte[] usage = new byte[row.cdbLength()];
        for (int i = 0; i < usage.length; i++) {
            usage[i] = (byte) row.usage().reported(i);
        }
        return usage;
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.ofDelimiter(" ").withUpperCase().formatHex(bytes);
    }
}
