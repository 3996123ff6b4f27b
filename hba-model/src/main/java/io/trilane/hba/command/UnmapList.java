package io.trilane.hba.command;

/// The parameter list of UNMAP (SBC-4, UNMAP parameter list):
///
/// ```text
/// header 8 B       0 UNMAP DATA LENGTH u16   2 UNMAP BLOCK DESCRIPTOR DATA LENGTH u16
/// descriptor 16 B  0 LOGICAL BLOCK ADDRESS u64   8 NUMBER OF LOGICAL BLOCKS u32
/// ```
///
/// A descriptor that is incomplete, because either length ends inside it, is ignored.
final class UnmapList {
    static final int HEADER_BYTES = 8;

    private static final int DESCRIPTOR_BYTES = 16;
    private static final int DESCRIPTOR_LENGTH = 2;
    private static final int BLOCKS = 8;
    private static final int CDB_LENGTH = 7;

    private UnmapList() {}

    /// PARAMETER LIST LENGTH.
    static int lengthBytes(Command command) {
        return command.cdb().u16(CDB_LENGTH);
    }

    /// Complete descriptors that the client sent.
    static int count(Command command) {
        long sent = Math.min(lengthBytes(command), command.offeredBytes());
        if (sent < HEADER_BYTES) {
            return 0;
        }
        int described = command.parameters().u16(DESCRIPTOR_LENGTH);
        return (int) Math.min(described, sent - HEADER_BYTES) / DESCRIPTOR_BYTES;
    }

    /// LOGICAL BLOCK ADDRESS of a descriptor, unsigned.
    static long address(Command command, int index) {
        return command.parameters().u64(place(index));
    }

    /// NUMBER OF LOGICAL BLOCKS of a descriptor.
    static long blocks(Command command, int index) {
        return command.parameters().u32(place(index) + BLOCKS);
    }

    /// Byte of the NUMBER OF LOGICAL BLOCKS of a descriptor, for field pointers.
    static int blocksByte(int index) {
        return place(index) + BLOCKS;
    }

    /// The lowest address of all, as [Command#firstBlock].
    static long firstBlock(Command command) {
        long first = Long.MAX_VALUE;
        for (int i = 0, n = count(command); i < n; i++) {
            first = Math.min(first, bounded(address(command, i)));
        }
        return first;
    }

    /// The end of all, as [Command#endBlock].
    static long endBlock(Command command) {
        long end = 0;
        for (int i = 0, n = count(command); i < n; i++) {
            long address = bounded(address(command, i));
            long blocks = blocks(command, i);
            end = Math.max(end, address > Long.MAX_VALUE - blocks ? Long.MAX_VALUE : address + blocks);
        }
        return end;
    }

    private static long bounded(long address) {
        return address < 0 ? Long.MAX_VALUE : address;
    }

    private static int place(int index) {
        return HEADER_BYTES + index * DESCRIPTOR_BYTES;
    }
}
