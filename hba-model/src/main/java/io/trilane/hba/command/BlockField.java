package io.trilane.hba.command;

/// Where a CDB has its LOGICAL BLOCK ADDRESS and its number of blocks (SPC-5 4.2.2). Codes, not virtual methods: the
/// gate switches on them once per command.
public enum BlockField {
    NONE(0, 0),
    /// 21-bit address in bytes 1..3, length in byte 4, where 0 means 256 blocks.
    SIX(1, 4),
    /// Address in bytes 2..5, length in 7..8.
    TEN(2, 7),
    /// Address in bytes 2..5, length in 6..9.
    TWELVE(2, 6),
    /// Address in bytes 2..9, length in 10..13.
    SIXTEEN(2, 10),
    /// Address in bytes 2..9, length in byte 13.
    COMPARE(2, 13),
    /// Address in bytes 2..9, no length: the block there and what follows it.
    START(2, 0),
    /// Ranges are in the parameter list of UNMAP, none in the CDB.
    LIST(0, 0);

    private final int addressByte;
    private final int lengthByte;

    BlockField(int addressByte, int lengthByte) {
        this.addressByte = addressByte;
        this.lengthByte = lengthByte;
    }

    /// First byte of the address.
    public int addressByte() {
        return addressByte;
    }

    /// First byte of the number of blocks, for field pointers.
    public int lengthByte() {
        return lengthByte;
    }
}
