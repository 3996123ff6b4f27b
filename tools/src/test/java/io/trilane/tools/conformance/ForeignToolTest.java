package io.trilane.tools.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class ForeignToolTest {

    @Test
    void aMissingToolSkipsTheTestAndSaysWhatToInstall() {
        assertThatThrownBy(() -> ForeignTool.missing("iscsi-ls", "libiscsi-bin", false))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("iscsi-ls is missing, install the Debian package libiscsi-bin");
    }

    @Test
    void aMissingToolFailsTheTestWhereTheToolsAreRequired() {
        assertThatThrownBy(() -> ForeignTool.missing("iscsi-ls", "libiscsi-bin", true))
                .isInstanceOf(AssertionError.class).hasMessageContaining("libiscsi-bin");
    }

    @Test
    void findsAToolOfTheSystem() {
        assertThat(ForeignTool.of("env", "coreutils").program()).isExecutable();
    }

    @Test
    void aToolThatTakesTooLongIsKilled() {
        ToolRun run = ToolRun.of(Duration.ofMillis(50), List.of("/usr/bin/env", "sleep", "60"));
        assertThat(run.timedOut()).isTrue();
        assertThatThrownBy(run::good).hasMessageContaining("took too long");
        assertThatThrownBy(run::bad).hasMessageContaining("took too long");
    }

    @Test
    void whatAToolPrintsAndHowItEndsIsKept() {
        ForeignTool shell = new ForeignTool(Path.of("/bin/sh"));
        ToolRun run = shell.run("-c", "echo out; echo err >&2; exit 3");
        assertThat(run.bad().output()).isEqualTo("out\nerr\n");
        assertThatThrownBy(run::good).isInstanceOf(AssertionError.class);
    }
}
