package io.trilane.hba.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.TransferDirection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/commands.md` is generated from the command table. To write it anew:
/// `./mvnw -pl hba-model -am test -Dtest=CommandsDocumentTest -Dtrilane.docs.update=true`
class CommandsDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "commands.md");

    @Test
    void documentIsUpToDate() throws IOException {
        String document = document();
        if (Boolean.getBoolean("trilane.docs.update")) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, document);
        }
        assertThat(DOCUMENT).as("regenerate with -Dtrilane.docs.update=true").hasContent(document);
    }

    private static String document() {
        StringBuilder text = new StringBuilder("""
                # Commands

                Generated from `DiskCommands` by `CommandsDocumentTest`; do not edit. To write it anew:
                `./mvnw -pl hba-model -am test -Dtest=CommandsDocumentTest -Dtrilane.docs.update=true`

                *CDB usage* is what REPORT SUPPORTED OPERATION CODES reports: operation code, service action, and a one
                for each bit that is evaluated. Every other bit must be 0, otherwise the command ends with INVALID FIELD
                IN CDB and a field pointer. *Data* is seen from the initiator; VERIFY has data when BYTCHK is not 0.
                *Timeout* is the recommended one. *Unmaps* and bit 3 of byte 1 where *unmap bit* is said exist on thin
                provisioned disks only.

                | Code | Command | CDB usage | Data | Timeout | Traits |
                |---|---|---|---|---|---|
                """);
        for (CommandRow row : CommandTable.ofDisk().rows()) {
            text.append(line(row));
        }
        return text.toString();
    }

    private static String line(CommandRow row) {
        CdbUsage usage = row.usage();
        String code = "%02X".formatted(usage.operationCode())
                + (usage.serviceAction() < 0 ? "" : "/%02X".formatted(usage.serviceAction()));
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < row.cdbLength(); i++) {
            bytes.append(i == 0 ? "" : " ").append("%02X".formatted(usage.reported(i)));
        }
        String traits = row.traits().stream().map(trait -> trait.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .collect(Collectors.joining(", "));
        return "| %s | %s | `%s` | %s | %d s | %s |%n".formatted(code, row.name(), bytes, data(row.direction()),
                row.recommendedSeconds(), traits).replace("\r", "");
    }

    private static String data(TransferDirection direction) {
        return switch (direction) {
            case NONE -> "";
            case FROM_TARGET -> "in";
            case TO_TARGET -> "out";
        };
    }
}
