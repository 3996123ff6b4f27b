package io.trilane.hba.command;

import static io.trilane.engine.task.TransferDirection.FROM_TARGET;
import static io.trilane.engine.task.TransferDirection.NONE;
import static io.trilane.engine.task.TransferDirection.TO_TARGET;
import static io.trilane.hba.command.CommandTrait.ALLOWED_WHILE_RESERVED;
import static io.trilane.hba.command.CommandTrait.ALLOWED_WHILE_WRITE_RESERVED;
import static io.trilane.hba.command.CommandTrait.FLUSHES;
import static io.trilane.hba.command.CommandTrait.LIMITED_TRANSFER;
import static io.trilane.hba.command.CommandTrait.NEEDS_MEDIUM;
import static io.trilane.hba.command.CommandTrait.OWN_RESERVATION_RULES;
import static io.trilane.hba.command.CommandTrait.PROTECT_FIELD;
import static io.trilane.hba.command.CommandTrait.READS_MEDIUM;
import static io.trilane.hba.command.CommandTrait.SKIPS_UNIT_ATTENTION;
import static io.trilane.hba.command.CommandTrait.UNMAPS;
import static io.trilane.hba.command.CommandTrait.UNMAP_BIT;
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
    private static final int UNMAP_BIT_MASK = 0x08;

    private DiskCommands() {}

    static List<CommandRow> rows() {
        CommandFamily read = TransferCommand.READ;
        CommandFamily write = TransferCommand.WRITE;
        CommandFamily synchronize = new SynchronizeCacheCommand();
        CommandFamily verify = new VerifyCommand();
        CommandFamily writeVerify = new WriteVerifyCommand();
        CommandFamily prefetch = new PrefetchCommand();
        return List.of(
                row("TEST UNIT READY", "00 00 00 00 00 00", NONE, new TestUnitReadyCommand(), ALLOWED_WHILE_RESERVED,
                        NEEDS_MEDIUM),
                row("REQUEST SENSE", "03 01 00 00 FF 00", FROM_TARGET, new RequestSenseCommand(),
                        SKIPS_UNIT_ATTENTION, ALLOWED_WHILE_RESERVED),
                transfer("READ(6)", "08 1F FF FF FF 00", BlockField.SIX, read),
                transfer("WRITE(6)", "0A 1F FF FF FF 00", BlockField.SIX, write),
                row("INQUIRY", "12 01 FF FF FF 00", FROM_TARGET, new InquiryCommand(),
                        SKIPS_UNIT_ATTENTION, ALLOWED_WHILE_RESERVED),
                parameters("MODE SELECT(6)", "15 10 00 00 FF 00", ModeSelectCommand.SIX),
                row("RESERVE(6)", "16 00 00 00 00 00", NONE, ReserveCommand.RESERVE, OWN_RESERVATION_RULES),
                row("RELEASE(6)", "17 00 00 00 00 00", NONE, ReserveCommand.RELEASE, OWN_RESERVATION_RULES),
                row("MODE SENSE(6)", "1A 08 FF FF FF 00", FROM_TARGET, ModeSenseCommand.SIX),
                row("START STOP UNIT", "1B 01 00 0F F7 00", NONE, new StartStopUnitCommand(), OWN_RESERVATION_RULES),
                row("PREVENT ALLOW MEDIUM REMOVAL", "1E 00 00 00 01 00", NONE, new PreventRemovalCommand(),
                        OWN_RESERVATION_RULES),
                row("READ CAPACITY(10)", "25 00 00 00 00 00 00 00 00 00", FROM_TARGET, ReadCapacityCommand.TEN,
                        ALLOWED_WHILE_RESERVED, NEEDS_MEDIUM),
                transfer("READ(10)", "28 18 FF FF FF FF 3F FF FF 00", BlockField.TEN, read),
                transfer("WRITE(10)", "2A 18 FF FF FF FF 3F FF FF 00", BlockField.TEN, write),
                writing("WRITE AND VERIFY(10)", "2E 12 FF FF FF FF 3F FF FF 00", BlockField.TEN, writeVerify,
                        FLUSH_SECONDS, LIMITED_TRANSFER, PROTECT_FIELD),
                blocks("VERIFY(10)", "2F 16 FF FF FF FF 3F FF FF 00", BlockField.TEN, verify, SECONDS,
                        READS_MEDIUM, LIMITED_TRANSFER, PROTECT_FIELD, ALLOWED_WHILE_WRITE_RESERVED),
                blocks("PRE-FETCH(10)", "34 02 FF FF FF FF 3F FF FF 00", BlockField.TEN, prefetch, FLUSH_SECONDS,
                        READS_MEDIUM, ZERO_IS_ALL, ALLOWED_WHILE_WRITE_RESERVED),
                blocks("SYNCHRONIZE CACHE(10)", "35 06 FF FF FF FF 3F FF FF 00", BlockField.TEN, synchronize,
                        FLUSH_SECONDS, FLUSHES, ZERO_IS_ALL),
                writing("WRITE SAME(10)", "41 08 FF FF FF FF 3F FF FF 00", BlockField.TEN, WriteSameCommand.TEN,
                        FLUSH_SECONDS, ZERO_IS_ALL, PROTECT_FIELD, UNMAP_BIT),
                writing("UNMAP", "42 00 00 00 00 00 3F FF FF 00", BlockField.LIST, new UnmapCommand(), FLUSH_SECONDS,
                        UNMAPS),
                parameters("MODE SELECT(10)", "55 10 00 00 00 00 00 FF FF 00", ModeSelectCommand.TEN),
                row("MODE SENSE(10)", "5A 18 FF FF 00 00 00 FF FF 00", FROM_TARGET, ModeSenseCommand.TEN),
                reserveIn("READ KEYS", PersistentReserveInCommand.READ_KEYS),
                reserveIn("READ RESERVATION", PersistentReserveInCommand.READ_RESERVATION),
                reserveIn("REPORT CAPABILITIES", PersistentReserveInCommand.REPORT_CAPABILITIES),
                reserveIn("READ FULL STATUS", PersistentReserveInCommand.READ_FULL_STATUS),
                reserveOut("REGISTER", PersistentReserveOutCommand.REGISTER),
                reserveOut("RESERVE", PersistentReserveOutCommand.RESERVE),
                reserveOut("RELEASE", PersistentReserveOutCommand.RELEASE),
                reserveOut("CLEAR", PersistentReserveOutCommand.CLEAR),
                reserveOut("PREEMPT", PersistentReserveOutCommand.PREEMPT),
                reserveOut("PREEMPT AND ABORT", PersistentReserveOutCommand.PREEMPT_AND_ABORT),
                reserveOut("REGISTER AND IGNORE EXISTING KEY", PersistentReserveOutCommand.REGISTER_AND_IGNORE),
                transfer("READ(16)", "88 18 FF FF FF FF FF FF FF FF FF FF FF FF 3F 00", BlockField.SIXTEEN, read),
                writing("COMPARE AND WRITE", "89 18 FF FF FF FF FF FF FF FF 00 00 00 FF 3F 00", BlockField.COMPARE,
                        new CompareAndWriteCommand(), SECONDS, LIMITED_TRANSFER, PROTECT_FIELD),
                transfer("WRITE(16)", "8A 18 FF FF FF FF FF FF FF FF FF FF FF FF 3F 00", BlockField.SIXTEEN, write),
                writing("WRITE AND VERIFY(16)", "8E 12 FF FF FF FF FF FF FF FF FF FF FF FF 3F 00", BlockField.SIXTEEN,
                        writeVerify, FLUSH_SECONDS, LIMITED_TRANSFER, PROTECT_FIELD),
                blocks("VERIFY(16)", "8F 16 FF FF FF FF FF FF FF FF FF FF FF FF 3F 00", BlockField.SIXTEEN, verify,
                        SECONDS, READS_MEDIUM, LIMITED_TRANSFER, PROTECT_FIELD, ALLOWED_WHILE_WRITE_RESERVED),
                blocks("PRE-FETCH(16)", "90 02 FF FF FF FF FF FF FF FF FF FF FF FF 3F 00", BlockField.SIXTEEN, prefetch,
                        FLUSH_SECONDS, READS_MEDIUM, ZERO_IS_ALL, ALLOWED_WHILE_WRITE_RESERVED),
                blocks("SYNCHRONIZE CACHE(16)", "91 06 FF FF FF FF FF FF FF FF FF FF FF FF 3F 00",
                        BlockField.SIXTEEN, synchronize, FLUSH_SECONDS, FLUSHES, ZERO_IS_ALL),
                writing("WRITE SAME(16)", "93 09 FF FF FF FF FF FF FF FF FF FF FF FF 3F 00", BlockField.SIXTEEN,
                        WriteSameCommand.SIXTEEN, FLUSH_SECONDS, ZERO_IS_ALL, PROTECT_FIELD, UNMAP_BIT),
                action("READ CAPACITY(16)", "9E 10 00 00 00 00 00 00 00 00 FF FF FF FF 00 00",
                        ReadCapacityCommand.SIXTEEN, ALLOWED_WHILE_RESERVED, NEEDS_MEDIUM),
                new CommandRow("GET LBA STATUS(16)",
                        CdbUsage.parse("9E 12 FF FF FF FF FF FF FF FF FF FF FF FF 00 00", true), BlockField.START,
                        FROM_TARGET, new LbaStatusCommand(), SECONDS, READS_MEDIUM, ALLOWED_WHILE_WRITE_RESERVED),
                row("REPORT LUNS", "A0 00 FF 00 00 00 FF FF FF FF 00 00", FROM_TARGET, new ReportLunsCommand(),
                        SKIPS_UNIT_ATTENTION, ALLOWED_WHILE_RESERVED),
                action("REPORT SUPPORTED OPERATION CODES", "A3 0C 87 FF FF FF FF FF FF FF 00 00",
                        new ReportOperationCodesCommand(), ALLOWED_WHILE_RESERVED),
                action("REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS", "A3 0D 80 00 00 00 FF FF FF FF 00 00",
                        new ReportTaskManagementCommand(), ALLOWED_WHILE_RESERVED),
                transfer("READ(12)", "A8 18 FF FF FF FF FF FF FF FF 3F 00", BlockField.TWELVE, read),
                transfer("WRITE(12)", "AA 18 FF FF FF FF FF FF FF FF 3F 00", BlockField.TWELVE, write),
                writing("WRITE AND VERIFY(12)", "AE 12 FF FF FF FF FF FF FF FF 3F 00", BlockField.TWELVE, writeVerify,
                        FLUSH_SECONDS, LIMITED_TRANSFER, PROTECT_FIELD),
                blocks("VERIFY(12)", "AF 16 FF FF FF FF FF FF FF FF 3F 00", BlockField.TWELVE, verify, SECONDS,
                        READS_MEDIUM, LIMITED_TRANSFER, PROTECT_FIELD, ALLOWED_WHILE_WRITE_RESERVED));
    }

    /// Without UNMAP, and without the UNMAP bit of WRITE SAME, which is reserved there.
    static List<CommandRow> fullyProvisionedRows() {
        return rows().stream().filter(row -> !row.has(UNMAPS))
                .map(row -> row.has(UNMAP_BIT) ? row.withoutUsageBits(1, UNMAP_BIT_MASK) : row).toList();
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

    /// Changes the medium; how much data it has is the family's business.
    private static CommandRow writing(String name, String usage, BlockField field, CommandFamily family, int seconds,
            CommandTrait... traits) {
        Set<CommandTrait> all = EnumSet.of(WRITES_MEDIUM, traits);
        return new CommandRow(name, CdbUsage.parse(usage, false), field, TO_TARGET, family, seconds,
                all.toArray(new CommandTrait[0]));
    }

    private static CommandRow row(String name, String usage, TransferDirection direction, CommandFamily family,
            CommandTrait... traits) {
        return new CommandRow(name, CdbUsage.parse(usage, false), BlockField.NONE, direction, family, SECONDS, traits);
    }

    /// Takes a parameter list.
    private static CommandRow parameters(String name, String usage, CommandFamily family) {
        return row(name, usage, TO_TARGET, family);
    }

    private static CommandRow reserveIn(String name, int serviceAction) {
        return action("PERSISTENT RESERVE IN, " + name,
                "5E %02X 00 00 00 00 00 FF FF 00".formatted(serviceAction), new PersistentReserveInCommand(),
                OWN_RESERVATION_RULES);
    }

    private static CommandRow reserveOut(String name, int serviceAction) {
        String usage = "5F %02X FF 00 00 FF FF FF FF 00".formatted(serviceAction);
        return new CommandRow("PERSISTENT RESERVE OUT, " + name, CdbUsage.parse(usage, true), BlockField.NONE,
                TO_TARGET, new PersistentReserveOutCommand(), SECONDS, OWN_RESERVATION_RULES);
    }

    /// Has a service action and returns data.
    private static CommandRow action(String name, String usage, CommandFamily family, CommandTrait... traits) {
        return new CommandRow(name, CdbUsage.parse(usage, true), BlockField.NONE, FROM_TARGET, family, SECONDS, traits);
    }
}
