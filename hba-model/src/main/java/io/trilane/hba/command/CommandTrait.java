package io.trilane.hba.command;

/// What the gate and later the reservations need to know of a command.
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
    /// Answered while another nexus holds a reservation of any type (SPC-5 table 67).
    ALLOWED_WHILE_RESERVED,
    /// Answered while another nexus holds a write-exclusive reservation.
    ALLOWED_WHILE_WRITE_RESERVED;

    int bit() {
        return 1 << ordinal();
    }
}
