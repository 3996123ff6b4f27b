package io.trilane.tools.lab.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.controller.Misuse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each rule by one change of the correct description: it is found on its line, and nothing else is.
class DescriptionCheckTest {
    static final Path DESCRIPTIONS = Path.of("..", "docs", "lab");

    @Test
    void theCorrectDescriptionIsCleanAndNotesTheConflictingEvidence() throws IOException {
        assertThat(check(correct())).singleElement().satisfies(note -> {
            assertThat(note.isNote()).isTrue();
            assertThat(note.name()).isEqualTo(Misuse.CREATE_FROM_AUXILIARY.name());
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "PERSONALITY_INVALID | com.apple.iokit.IOSCSIParallelFamily | com.apple.kpi.iokit",
            "PERSONALITY_INVALID | IOUserServerName: com.example.storage | IOUserServerName: com.example.disk",
            "PERSONALITY_INVALID | IOUserClass: ExampleController | IOUserClass: IOUserSCSIParallelInterfaceController",
            "QUEUE_MISSING | AuxiliaryQueue: {created: Start, set: Start} | AuxiliaryQueue: {created: Start, set: false}",
            "QUEUE_MISSING | AuxiliaryQueue: {created: Start, set: Start} | AuxiliaryQueue: {created: Start}",
            "QUEUE_MISSING | set: UserInitializeController | set: UserStartController",
            "QUEUE_NOT_IN_CONTRACT | UserProcessParallelTask: Default | UserProcessParallelTask: InterruptQueue",
            "QUEUE_NOT_IN_CONTRACT | InterruptOccurred: InterruptQueue | InterruptOccurred: Default",
            "TASK_COUNT_ZERO | maximum-tasks: 128 | maximum-tasks: 0",
            "TASK_COUNT_ZERO | maximum-tasks: 128 | maximum-tasks: -3",
            "TASK_ID_RESERVED | first: 1 | first: 0",
            "TASK_ID_DUPLICATE | step: 1 | step: 0",
            "TARGET_EXISTS | targets: [0, 1] | targets: [0, 0]",
            "TARGET_ID_OUT_OF_RANGE | targets: [0, 1] | targets: [0, 16]",
            "TARGET_ID_OUT_OF_RANGE | targets: [0, 1] | targets: [0, 7]",
            "TARGET_ID_OUT_OF_RANGE | targets: [0, 1] | targets: [0, 0xFFFFFFFFFFFFFFFF]",
            "SEGMENT_LIMITS_INCONSISTENT | SegmentCountReadKey: 256 | SegmentCountReadKey: 15",
            "DMA_SEGMENT_TYPE_UNSUPPORTED | HOST_64 | Big32",
            "SYNC_COMPLETION_UNSUPPORTED | REQUEST_IN_PROCESS | TASK_COMPLETE",
            "DOUBLE_COMPLETION | completions: once | completions: twice",
            "SLOT_NOT_OWNED | after-completion: forget | after-completion: touch",
            "RESPONSE_VERSION_BAD | response-version: 1 | response-version: 2",
            "IOVA_AS_HOST_ADDRESS | data-access: data-buffer | data-access: iova",
            "DATA_BUFFER_OUTSIDE_SUBMIT | data-buffer-in: UserProcessParallelTask | data-buffer-in: InterruptOccurred",
            "PROBE_HELD | command-deadline-ms: 16000 | command-deadline-ms: 0",
            "PROBE_HELD | command-deadline-ms: 16000 | command-deadline-ms: 60000",
            "LATE_COMPLETION | command-deadline-ms: 16000 | command-deadline-ms: 30000",
            "NOT_READY_AT_PROBE | waits-for-ready: true | waits-for-ready: false",
            "POWER_ACK_TIMEOUT | power: acknowledge-last | power: none",
            "CREATE_FROM_AUXILIARY | contract: DRIVERKIT | 'contract: DRIVERKIT\nauxiliary-creation: refuse'",
            "DESCRIPTION | maximum-tasks: 128 | maximum-tasks: many",
            "DESCRIPTION | step: 1 | step: 0x4000000",
            "DESCRIPTION | alignment: 4 | alignment: 3",
            "DESCRIPTION | address-bits: 64 | address-bits: 65",
            "DESCRIPTION | max-transfer: 1048576 | max-transfer: 0",
            "DESCRIPTION | AddressableBitCountKey: 64 | AddressableBitCountKey: 65",
            "DESCRIPTION | SegmentByteCountReadKey: 65536 | SegmentByteCountReadKey: 0",
            "DESCRIPTION | SegmentCountReadKey: 256 | SegmentCountReadKey: 4294967296",
            "DESCRIPTION | HOST_64 | HOST_128",
            "DESCRIPTION | SetPowerState: Default | SetPowerstate: Default",
            "DESCRIPTION | '  power: ' | '  powr: '",
            "DESCRIPTION | 'controller: Ex' | 'contract: DRIVERKIT #'"})
    void findsOneThingOnItsLine(String name, String good, String bad) throws IOException {
        String text = correct();
        assertThat(text).contains(good);
        String changed = text.replaceFirst(Pattern.quote(good),
                Matcher.quoteReplacement(bad));
        List<Finding> findings = check(changed).stream().filter(finding -> !finding.isNote()).toList();
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.name()).isEqualTo(name);
            assertThat(finding.describe("f")).contains("remedy: ");
        });
        if (!name.equals("CREATE_FROM_AUXILIARY") && !bad.startsWith("contract")) {
            int line = (int) text.substring(0, text.indexOf(good)).lines().count();
            assertThat(findings.getFirst().line()).isBetween(line, line + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"personality, PERSONALITY_INVALID", "queues, QUEUE_MISSING", "constraints, CONSTRAINTS_INCOMPLETE",
            "maximum-tasks, TASK_COUNT_ZERO", "dma, DESCRIPTION", "task-ids, DESCRIPTION", "identifiers, DESCRIPTION"})
    void findsAMissingSection(String section, String name) throws IOException {
        List<YamlNode.Entry> entries = YamlReader.read(bytes(correct())).entries().stream()
                .filter(entry -> !entry.key().equals(section)).toList();
        assertThat(DescriptionCheck.check(new YamlNode.Mapping(1, entries))).filteredOn(finding -> !finding.isNote())
                .singleElement().satisfies(finding -> {
                    assertThat(finding.name()).isEqualTo(name);
                    assertThat(finding.detail()).isEqualTo(section + " is missing");
                });
    }

    @Test
    void namesEveryConstraintThatIsMissing() throws IOException {
        String text = correct().replaceAll("  kIOM.*\n", "");
        assertThat(check(text)).filteredOn(finding -> finding.name().equals("CONSTRAINTS_INCOMPLETE")).hasSize(7);
    }

    @Test
    void refusesOneSegmentForReadsAndForWrites() throws IOException {
        assertThat(names(correct().replace("Key: 256", "Key: 1"))).filteredOn("SEGMENT_LIMITS_INCONSISTENT"::equals)
                .hasSize(4);
    }

    @Test
    void aKernelThatManagesDevicesHasCreatedEveryTarget() throws IOException {
        assertThat(names(correct().replace("manages-devices: true", "manages-devices: false")))
                .filteredOn("TARGET_EXISTS"::equals).hasSize(2);
    }

    @Test
    void notesAPoolOfOneTask() throws IOException {
        assertThat(check(correct().replace("maximum-tasks: 128", "maximum-tasks: 1"))).filteredOn(Finding::isNote)
                .extracting(Finding::name).contains("POOL_STARVED");
    }

    @Test
    void suggestsWhatAnUnknownKeyMayHaveMeant() throws IOException {
        assertThat(check(correct().replace("maximum-tasks:", "maximun-tasks:"))).extracting(Finding::remedy)
                .contains("did you mean maximum-tasks?");
        assertThat(check(correct().replace("AuxiliaryQueue: {", "AuxilaryQueue: {"))).extracting(Finding::detail)
                .anySatisfy(detail -> assertThat(detail).contains("did you mean AuxiliaryQueue?"));
    }

    @Test
    void refusesAnotherShape() throws IOException {
        for (String change : List.of("identifiers:|identifiers: 5 #", "targets: [0, 1]|targets: {a: b}",
                "maximum-tasks: 128|maximum-tasks: [1]", "targets: [0, 1]|targets: [[0]]")) {
            String[] sides = change.split("\\|");
            String text = correct().replace(sides[0], sides[1]).replaceAll("(?s)(#\n)  initiator.*?\n\n", "$1\n");
            assertThatThrownBy(() -> check(text)).as(change).isInstanceOf(UnreadableDescriptionException.class)
                    .hasMessageStartingWith("line ").hasMessageContaining(", write ");
        }
    }

    static String correct() throws IOException {
        return Files.readString(DESCRIPTIONS.resolve("correct.yaml"));
    }

    static List<Finding> check(String text) {
        return DescriptionCheck.check(YamlReader.read(bytes(text)));
    }

    static List<String> names(String text) {
        return check(text).stream().filter(finding -> !finding.isNote()).map(Finding::name).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
