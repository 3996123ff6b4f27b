package io.trilane.hba.command;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;

/// Everything that is checked before a command executes, in one order:
///
/// 1. Reservations of other nexuses (SPC-5 5.13): SAM-5 5.3 gives RESERVATION CONFLICT precedence over CHECK CONDITION, so
///    this comes first and leaves a unit attention condition where it is. Commands whose rules depend on their
///    parameters (PERSISTENT RESERVE OUT) pass here and are checked by their family.
/// 2. Unit attention and deferred errors, unless the row skips them. SAM-5 5.14 names the commands that are processed
///    while a unit attention condition is pending (INQUIRY, REPORT LUNS, REQUEST SENSE) and has *every other* command
///    terminated with it; an unknown operation code is such a command, so this comes before the table's refusal.
/// 3. Operation code, then service action (SPC-5 4.2.5.1, 6.34.3): an unknown one finds a row without checks whose
///    family refuses it.
/// 4. CDB length: the transport brought fewer bytes than the command has.
/// 5. Reserved and unsupported bits, NACA among them (SAM-5 5.2): the field pointer is the first offending bit.
/// 6. NOT READY: the medium is not there, or the unit is stopped.
/// 7. Write protection.
/// 8. LOGICAL BLOCK ADDRESS out of range (SBC-4 4.5): INFORMATION is the first address that does not exist. Zero
///    blocks at the capacity are legal, beyond it they are not.
/// 9. MAXIMUM TRANSFER LENGTH (SBC-4 6.6.4).
/// 10. The direction that the transport was told, when it was told to transfer anything and the command sends data.
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
        boolean isRestricted = device.isRestricted();
        if (isRestricted && device.reservations().conflicts(command)) {
            return Outcome.RESERVATION_CONFLICT;
        }
        if (device.hasUnitAttention(task.nexusId()) && !row.hasAny(SKIPS_UNIT_ATTENTION)) {
            return device.takeUnitAttention(task.nexusId());
        }
        if ((cdb.word0() & row.reserved0() | cdb.word1() & row.reserved1()) != 0
                || command.cdbLength() < row.cdbLength()) {
            return refuseCdb(command);
        }
        if (isRestricted && row.needsMedium() && !device.medium().isReady()) {
            return device.medium().state();
        }
        if (row.hasAny(WRITES_MEDIUM) && device.isWriteProtected()) {
            return Outcome.WRITE_PROTECTED;
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
            return refuseDirection(command);
        }
        return Outcome.GOOD;
    }

    /// A command that reads for a client that takes nothing transfers nothing, and the residual says so (RFC 7143 11.4.5.2);
    /// data that cannot be had, or goes the other way, is an error.
    private static Outcome refuseDirection(Command command) {
        boolean takesNothing = command.row().direction() == TransferDirection.FROM_TARGET
                && command.directionCode() == TransferDirection.TO_TARGET.code();
        if (takesNothing) {
            command.offerNothing();
            return Outcome.GOOD;
        }
        return Outcome.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT;
    }

    private Outcome checkBlocks(Command command, CommandRow row, Cdb cdb) {
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
