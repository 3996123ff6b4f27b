package io.trilane.hba.command;

import static io.trilane.engine.task.TransferDirection.FROM_TARGET;
import static io.trilane.engine.task.TransferDirection.NONE;
import static io.trilane.engine.task.TransferDirection.TO_TARGET;
import static io.trilane.hba.command.CommandTrait.ALLOWED_WHILE_RESERVED;
import static io.trilane.hba.command.CommandTrait.ALLOWED_WHILE_WRITE_RESERVED;
import static io.trilane.hba.command.CommandTrait.FLUSHES;
import static io.trilane.hba.command.CommandTrait.LIMITED_TRANSFER;
import static io.trilane.hba.command.CommandTrait.PROTECT_FIELD;
import static io.trilane.hba.command.CommandTrait.READS_MEDIUM;
import static io.trilane.hba.command.CommandTrait.SKIPS_UNIT_ATTENTION;
import static io.trilane.hba.command.CommandTrait.WRITES_MEDIUM;
import static io.trilane.hba.command.CommandTrait.ZERO_IS_ALL;

import io.trilane.engine.task.TransferDirection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The rows of a disk, by operation code, then service action. A new command is a row here, a family class and its
/// tests.
///
/// The second column is CDB USAGE DATA. DPO and GROUP NUMBER are hints that are accepted and have no effect.
final class DiskCommands {
    private static final int SECONDS = 30;
    private static final int FLUSH_SECONDS = 120;

    private DiskCommands() {}

    static List<CommandRow> rows() {
        CommandFamily read = TransferCommand.READ;
        CommandFamily write = TransferCommand.WRITE;
        CommandFamily synchronize = new SynchronizeCacheCommand();
        CommandFamily verify = new VerifyCommand();
        return List.of(
                row("TEST UNIT READY", "00 00 00 00 00 00", NONE, new TestUnitReadyCommand(), ALLOWED_WHILE_RESERVED),
                row("REQUEST SENSE", "03 01 00 00 FF 00", FROM_TARGET, new RequestSenseCommand(),
                        SKIPS_UNIT_ATTENTION, ALLOWED_WHILE_RESERVED),
                transfer("READ(6)", "08 1F FF FF FF 00", BlockField.SIX, read),
                transfer("WRITE(6)", "0A 1F FF FF FF 00", BlockField.SIX, write),
                row("INQUIRY", "12 01 FF FF FF 00", FROM_TARGET, new InquiryCommand(),
                        SKIPS_UNIT_ATTENTION, ALLOWED_WHILE_RESERVED),
                row("MODE SENSE(6)", "1A 08 FF FF FF 00", FROM_TARGET, ModeSenseCommand.SIX),
                row("READ CAPACITY(10)", "25 00 00 00 00 00 00 00 00 00", FROM_TARGET, ReadCapacityCommand.TEN,
                        ALLOWED_WHILE_RESERVED),
                transfer("READ(10)", "28 18 FF FF FF FF 3F FF FF 00", BlockField.TEN, read),
                transfer("WRITE(10)", "2A 18 FF FF FF FF 3F FF FF 00", BlockField.TEN, write),
                blocks("VERIFY(10)", "2F 16 FF FF FF FF 3F FF FF 00", BlockField.TEN, verify, SECONDS,
                        READS_MEDIUM, LIMITED_TRANSFER, PROTECT_FIELD, ALLOWED_WHILE_WRITE_RESERVED),
                blocks("SYNCHRONIZE CACHE(10)", "35 02 FF FF FF FF 3F FF FF 00", BlockField.TEN, synchronize,
                        FLUSH_SECONDS, FLUSHES, ZERO_IS_ALL),
                row("MODE SENSE(10)", "5A 18 FF FF 00 00 00 FF FF 00", FROM_TARGET, ModeSenseCommand.TEN),
                transfer("READ(16)", "88 18 FF FF FF FF FF FF FF FF FF FF FF FF 3F 00", BlockField.SIXTEEN, read),
                transfer("WRITE(16)", "8A 18 FF FF FF FF FF FF FF FF FF FF FF FF 3F 00", BlockField.SIXTEEN, write),
                blocks("VERIFY(16)", "8F 16 FF FF FF FF FF FF FF FF FF FF FF FF 3F 00", BlockField.SIXTEEN, verify,
                        SECONDS, READS_MEDIUM, LIMITED_TRANSFER, PROTECT_FIELD, ALLOWED_WHILE_WRITE_RESERVED),
                blocks("SYNCHRONIZE CACHE(16)", "91 02 FF FF FF FF FF FF FF FF FF FF FF FF 3F 00",
                        BlockField.SIXTEEN, synchronize, FLUSH_SECONDS, FLUSHES, ZERO_IS_ALL),
                action("READ CAPACITY(16)", "9E 10 00 00 00 00 00 00 00 00 FF FF FF FF 00 00",
                        ReadCapacityCommand.SIXTEEN, ALLOWED_WHILE_RESERVED),
                row("REPORT LUNS", "A0 00 FF 00 00 00 FF FF FF FF 00 00", FROM_TARGET, new ReportLunsCommand(),
                        SKIPS_UNIT_ATTENTION, ALLOWED_WHILE_RESERVED),
                action("REPORT SUPPORTED OPERATION CODES", "A3 0C 87 FF FF FF FF FF FF FF 00 00",
                        new ReportOperationCodesCommand(), ALLOWED_WHILE_RESERVED),
                transfer("READ(12)", "A8 18 FF FF FF FF FF FF FF FF 3F 00", BlockField.TWELVE, read),
                transfer("WRITE(12)", "AA 18 FF FF FF FF FF FF FF FF 3F 00", BlockField.TWELVE, write));
    }

    static List<CommandRow> missingUnitRows() {
        return rows().stream().filter(row -> row.has(SKIPS_UNIT_ATTENTION)).toList();
    }

    /// READ or WRITE.
    private static CommandRow transfer(String name, String usage, BlockField field, CommandFamily family) {
        boolean reads = family == TransferCommand.READ;
        Set<CommandTrait> traits = EnumSet.of(LIMITED_TRANSFER, reads ? READS_MEDIUM : WRITES_MEDIUM);
        if (reads) {
            traits.add(ALLOWED_WHILE_WRITE_RESERVED);
        }
        if (field != BlockField.SIX) {
            traits.add(PROTECT_FIELD);
        }
        return new CommandRow(name, CdbUsage.parse(usage, false), field, reads ? FROM_TARGET : TO_TARGET, family,
                SECONDS, traits.toArray(new CommandTrait[0]));
    }

    /// Addresses blocks; data, if any, is the family's business.
    private static CommandRow blocks(String name, String usage, BlockField field, CommandFamily family, int seconds,
            CommandTrait... traits) {
        return new CommandRow(name, CdbUsage.parse(usage, false), field, NONE, family, seconds, traits);
    }

    private static CommandRow row(String name, String usage, TransferDirection direction, CommandFamily family,
            CommandTrait... traits) {
        return new CommandRow(name, CdbUsage.parse(usage, false), BlockField.NONE, direction, family, SECONDS, traits);
    }

    /// Has a service action and returns data.
    private static CommandRow action(String name, String usage, CommandFamily family, CommandTrait... traits) {
        return new CommandRow(name, CdbUsage.parse(usage, true), BlockField.NONE, FROM_TARGET, family, SECONDS, traits);
    }
}
