package io.trilane.hba.command;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;

/// Everything that is checked before a command executes, in one order:
///
/// 1. Unit attention and deferred errors, unless the row skips them. SAM-5 5.14 names the commands that are processed
///    while a unit attention condition is pending (INQUIRY, REPORT LUNS, REQUEST SENSE) and has *every other* command
///    terminated with it; an unknown operation code is such a command, so this comes before the table's refusal.
/// 2. Operation code, then service action (SPC-5 4.2.5.1, 6.34.3): an unknown one finds a row without checks whose
///    family refuses it.
/// 3. CDB length: the transport brought fewer bytes than the command has.
/// 4. Reserved and unsupported bits, NACA among them (SAM-5 5.2): the field pointer is the first offending bit.
/// 5. Write protection.
/// 6. LOGICAL BLOCK ADDRESS out of range (SBC-4 4.5): INFORMATION is the first address that does not exist. Zero
///    blocks at the capacity are legal, beyond it they are not.
/// 7. MAXIMUM TRANSFER LENGTH (SBC-4 6.6.4).
/// 8. The direction that the transport was told, when it was told to transfer anything.
///
/// SAM-5 5.3 gives RESERVATION CONFLICT, BUSY and TASK SET FULL precedence over CHECK CONDITION: reservations will
/// stand before 1.
@HotPath
public final class CommandGate {
    private static final int SKIPS_UNIT_ATTENTION = CommandTrait.SKIPS_UNIT_ATTENTION.bit();
    private static final int WRITES_MEDIUM = CommandTrait.WRITES_MEDIUM.bit();
    private static final int LIMITED_TRANSFER = CommandTrait.LIMITED_TRANSFER.bit();

    private final DeviceServer device;

    public CommandGate(DeviceServer device) {
        this.device = device;
    }

    /// [Outcome#GOOD] when the command may execute.
    public Outcome check(Command command) {
        Task task = command.task();
        CommandRow row = command.row();
        Cdb cdb = command.cdb();
        if (device.hasUnitAttention(task.nexusId()) && !row.hasAny(SKIPS_UNIT_ATTENTION)) {
            return device.takeUnitAttention(task.nexusId());
        }
        if ((cdb.word0() & row.reserved0() | cdb.word1() & row.reserved1()) != 0
                || command.cdbLength() < row.cdbLength()) {
            return refuseCdb(command);
        }
        if (row.blockField() != BlockField.NONE) {
            Outcome outcome = checkBlocks(command, row, cdb);
            if (outcome != Outcome.GOOD) {
                return outcome;
            }
        }
        TransferDirection direction = row.direction();
        if (direction != TransferDirection.NONE && command.offeredBytes() != 0
                && command.directionCode() != direction.code()) {
            return Outcome.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT;
        }
        return Outcome.GOOD;
    }

    private Outcome checkBlocks(Command command, CommandRow row, Cdb cdb) {
        if (row.hasAny(WRITES_MEDIUM) && device.isWriteProtected()) {
            return Outcome.WRITE_PROTECTED;
        }
        long address = cdb.address();
        long capacity = device.capacityBlocks();
        // Blocks have 32 bits and the capacity 54 or fewer: the difference cannot overflow.
        if (address < 0 || address > capacity - cdb.blocks()) {
            return command.withInformation(Outcome.LBA_OUT_OF_RANGE,
                    Long.compareUnsigned(address, capacity) > 0 ? address : capacity);
        }
        if (cdb.blocks() > device.maximumTransferBlocks() && row.hasAny(LIMITED_TRANSFER)) {
            return command.invalidField(row.blockField().lengthByte());
        }
        return Outcome.GOOD;
    }

    /// Cold: finds out what is wrong. The length comes first, because bits beyond it were never sent.
    private static Outcome refuseCdb(Command command) {
        CommandRow row = command.row();
        int length = command.cdbLength();
        if (length < row.cdbLength()) {
            return command.invalidField(length);
        }
        int index = 0;
        int wrong = 0;
        while (wrong == 0) {
            index++;
            wrong = command.cdb().u8(index) & row.usage().reserved(index);
        }
        int bit = 31 - Integer.numberOfLeadingZeros(wrong);
        boolean isProtectField = index == 1 && bit > 4 && row.has(CommandTrait.PROTECT_FIELD);
        return command.invalidField(index, isProtectField ? 7 : bit);
    }
}
