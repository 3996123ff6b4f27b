package io.trilane.hba.command;

/// What the gate and the reservations need to know of a command.
public enum CommandTrait {
    /// Processed while a unit attention condition waits, without reporting or clearing it (SAM-5 5.14).
    SKIPS_UNIT_ATTENTION,
    /// Reads the medium in the addressed range.
    READS_MEDIUM,
    /// Changes the medium in the addressed range: refused when write-protected.
    WRITES_MEDIUM,
    /// MAXIMUM TRANSFER LENGTH applies (SBC-4 table 281).
    LIMITED_TRANSFER,
    /// Byte 1, bits 7..5 are RDPROTECT, WRPROTECT or VRPROTECT, which must be 0 without protection information.
    PROTECT_FIELD,
    /// Zero blocks mean "to the end of the medium".
    ZERO_IS_ALL,
    /// Makes earlier writes durable.
    FLUSHES,
    /// Exists only on a thin provisioned disk.
    UNMAPS,
    /// Byte 1, bit 3 is UNMAP, which exists only on a thin provisioned disk.
    UNMAP_BIT,
    /// Answered while another nexus holds a reservation of any type (SPC-5 table 67).
    ALLOWED_WHILE_RESERVED,
    /// Answered while another nexus holds a write-exclusive reservation.
    ALLOWED_WHILE_WRITE_RESERVED,
    /// Its family knows whether it is answered while another nexus holds a reservation, see
    /// [CommandFamily#isAllowedWhileReserved].
    OWN_RESERVATION_RULES,
    /// Refused without a medium that is ready, although it addresses no blocks. Commands that address blocks always are.
    NEEDS_MEDIUM;

    int bit() {
        return 1 << ordinal();
    }
}
