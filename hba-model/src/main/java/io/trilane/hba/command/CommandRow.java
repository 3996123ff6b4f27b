package io.trilane.hba.command;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.TransferDirection;
import java.util.EnumSet;
import java.util.Set;

/// One command: an operation code, or an operation code with a service action. Immutable.
@HotPath
public final class CommandRow {
    private final String name;
    private final CdbUsage usage;
    private final BlockField blockField;
    private final TransferDirection direction;
    private final CommandFamily family;
    private final int traits;
    private final int recommendedSeconds;
    private final long reserved0;
    private final long reserved1;
    private final int cdbLength;

    CommandRow(String name, CdbUsage usage, BlockField blockField, TransferDirection direction, CommandFamily family,
            int recommendedSeconds, CommandTrait... traits) {
        this.name = name;
        this.usage = usage;
        this.blockField = blockField;
        this.direction = direction;
        this.family = family;
        this.recommendedSeconds = recommendedSeconds;
        int bits = 0;
        for (CommandTrait trait : traits) {
            bits |= trait.bit();
        }
        this.traits = bits;
        this.reserved0 = usage.reserved0();
        this.reserved1 = usage.reserved1();
        this.cdbLength = usage.length();
    }

    /// The same command on a device that does not evaluate these bits: there they are reserved.
    CommandRow withoutUsageBits(int index, int mask) {
        return new CommandRow(name, usage.without(index, mask), blockField, direction, family, recommendedSeconds,
                traits().toArray(new CommandTrait[0]));
    }

    /// Stands for CDBs that are not in the table: no check applies, `family` refuses.
    static CommandRow unknown(CommandFamily family) {
        return new CommandRow("unknown", CdbUsage.unknown(), BlockField.NONE, TransferDirection.NONE, family, 0);
    }

    public String name() {
        return name;
    }

    public CdbUsage usage() {
        return usage;
    }

    public BlockField blockField() {
        return blockField;
    }

    /// Direction of the data that the command can have; NONE: it has none, or the family checks.
    public TransferDirection direction() {
        return direction;
    }

    public CommandFamily family() {
        return family;
    }

    public boolean has(CommandTrait trait) {
        return (traits & trait.bit()) != 0;
    }

    /// True when the row has any of these traits; each is a [CommandTrait#bit].
    boolean hasAny(int traitBits) {
        return (traits & traitBits) != 0;
    }

    /// True when the command is refused without a medium that is ready.
    boolean needsMedium() {
        return blockField != BlockField.NONE || has(CommandTrait.NEEDS_MEDIUM);
    }

    public Set<CommandTrait> traits() {
        Set<CommandTrait> set = EnumSet.noneOf(CommandTrait.class);
        for (CommandTrait trait : CommandTrait.values()) {
            if (has(trait)) {
                set.add(trait);
            }
        }
        return set;
    }

    /// RECOMMENDED COMMAND TIMEOUT in seconds.
    public int recommendedSeconds() {
        return recommendedSeconds;
    }

    /// Bytes that a CDB must have at least.
    public int cdbLength() {
        return cdbLength;
    }

    long reserved0() {
        return reserved0;
    }

    long reserved1() {
        return reserved1;
    }
}
