package io.trilane.tools.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// libiscsi's small tools as the initiator.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IscsiUtilityConformanceTest {
    private static final String LIBISCSI = "libiscsi-bin";

    private DiskFixture disk;

    @BeforeAll
    void start(@TempDir Path directory) {
        ForeignTool _ = ForeignTool.of("iscsi-ls", LIBISCSI);
        disk = DiskFixture.start(directory, Personality.FULL);
    }

    @AfterAll
    void stop() {
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void discoveryNamesTheTargetItsPortalAndItsUnits() {
        String uri = disk.server().iscsi(0);
        String portal = uri.substring("iscsi://".length(), uri.indexOf('/', "iscsi://".length()));
        String name = uri.substring(uri.indexOf("iqn."), uri.lastIndexOf('/'));
        String listed = ForeignTool.of("iscsi-ls", LIBISCSI).run("-s", "iscsi://" + portal).good().output();
        assertThat(listed).contains("Target:" + name + " Portal:" + portal + ",1", "Type:DIRECT_ACCESS (Size:");
    }

    @Test
    void inquirySaysDirectAccess() {
        String standard = inquiry();
        assertThat(standard).contains("Peripheral Device Type:DIRECT_ACCESS", "CmdQue:1", "Removable:0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x00", "0x80", "0x83", "0xb0", "0xb1", "0xb2"})
    void everyPageThatLibiscsiKnowsIsThere(String page) {
        assertThat(inquiry("-e", "1", "-c", Integer.decode(page))).doesNotContain("failed");
    }

    @Test
    void readCapacitySaysTheSize() {
        assertThat(ForeignTool.of("iscsi-readcapacity16", LIBISCSI).run(disk.server().iscsi(0)).good().output())
                .contains("RETURNED LOGICAL BLOCK ADDRESS:65535", "LOGICAL BLOCK LENGTH IN BYTES:512",
                        "Total size:33554432");
    }

    @Test
    void softwareWriteProtectionIsTold() {
        assertThat(ForeignTool.of("iscsi-swp", LIBISCSI).run(disk.server().iscsi(0)).good().output())
                .contains("SWP:0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "512"})
    void sustainedReadsOfAnySizeAreServed(String blocks) {
        ToolRun run = ForeignTool.of("iscsi-perf", LIBISCSI).run(Duration.ofSeconds(20), "-b", blocks, "-m", 32, "-t",
                1, "-r", disk.server().iscsi(0)).good();
        assertThat(run.output()).contains("iops");
    }

    @Test
    void aTargetThatIsNotThereIsRefused() {
        String uri = disk.server().iscsi(0);
        ToolRun run = ForeignTool.of("iscsi-inq", LIBISCSI).run(uri.substring(0, uri.lastIndexOf('/')) + "x/0").bad();
        assertThat(run.output()).contains("Target not found");
    }

    @Test
    void aUnitThatIsNotThereIsRefused() {
        String uri = disk.server().iscsi(0);
        ToolRun _ = ForeignTool.of("iscsi-readcapacity16", LIBISCSI).run(uri.substring(0, uri.lastIndexOf('/')) + "/77")
                .bad();
    }

    private String inquiry(Object... options) {
        Object[] line = new Object[options.length + 1];
        System.arraycopy(options, 0, line, 0, options.length);
        line[options.length] = disk.server().iscsi(0);
        return ForeignTool.of("iscsi-inq", LIBISCSI).run(line).good().output();
    }
}
