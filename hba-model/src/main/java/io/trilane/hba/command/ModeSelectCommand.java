package io.trilane.hba.command;

import io.trilane.hba.image.ImageResult;
import io.trilane.hba.page.ModePage;
import org.jspecify.annotations.Nullable;

/// MODE SELECT(6) and (10) (SPC-5 6.11, 6.12; block descriptors: SBC-4 6.5.2). The whole list is checked before any of it
/// takes effect. Nothing can be saved, so that SP is refused, as is PF = 0, which would mean pages of a vendor's own format.
///
/// When the write cache is disabled, what it holds is made durable before the command is answered (SBC-4 6.5.6).
final class ModeSelectCommand implements CommandFamily {
    static final ModeSelectCommand SIX = new ModeSelectCommand(false);
    static final ModeSelectCommand TEN = new ModeSelectCommand(true);

    private static final int PAGE_FORMAT = 0x10;
    private static final int PAGE_FORMAT_BIT = 4;
    private static final int LONG_BLOCKS = 0x01;
    private static final int PAGE_CODE = 0x3F;
    private static final int SUBPAGE_FORMAT_BIT = 6;
    private static final int SAVEABLE_BIT = 7;
    private static final int PAGE_HEADER = 2;
    private static final long MAX_SHORT_BLOCKS = 0xFFFF_FFFFL;

    private final boolean ten;

    private ModeSelectCommand(boolean ten) {
        this.ten = ten;
    }

    @Override
    public Outcome execute(Command command) {
        int length = ten ? command.cdb().u16(7) : command.cdb().u8(4);
        if (length == 0) {
            return Outcome.GOOD;
        }
        if (!command.cdb().isSet(1, PAGE_FORMAT)) {
            return command.invalidField(1, PAGE_FORMAT_BIT);
        }
        if (!ParameterList.isComplete(command, length)) {
            return Outcome.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT;
        }
        ParameterList list = ParameterList.of(command, length);
        if (length < headerBytes()) {
            return Outcome.PARAMETER_LIST_LENGTH_ERROR;
        }
        Outcome outcome = checkHeader(command, list);
        if (outcome != Outcome.GOOD) {
            return outcome;
        }
        int pages = headerBytes() + descriptorBytes(list);
        outcome = checkPages(command, list, pages);
        return outcome == Outcome.GOOD ? apply(command, list, pages) : outcome;
    }

    /// The cache is written.
    @Override
    public Outcome resume(Command command, long result) {
        if (result == ImageResult.PENDING) {
            return Outcome.PENDING;
        }
        int length = ten ? command.cdb().u16(7) : command.cdb().u8(4);
        command.setTransferred(length, length);
        return result == ImageResult.DONE ? Outcome.GOOD : command.failure(result, true);
    }

    private int headerBytes() {
        return ten ? 8 : 4;
    }

    private int descriptorBytes(ParameterList list) {
        return ten ? list.u16(6) : list.u8(3);
    }

    /// SPC-5 7.5.5. MODE DATA LENGTH is reserved and DEVICE-SPECIFIC PARAMETER ignored (SBC-4 6.5.1): initiators send
    /// back what MODE SENSE gave them.
    private Outcome checkHeader(Command command, ParameterList list) {
        int mediumType = ten ? 2 : 1;
        if (list.u8(mediumType) != 0) {
            return command.invalidParameter(mediumType);
        }
        boolean longBlocks = ten && (list.u8(4) & LONG_BLOCKS) != 0;
        int bytes = descriptorBytes(list);
        if (bytes != 0 && bytes != (longBlocks ? 16 : 8)) {
            return command.invalidParameter(ten ? 6 : 3);
        }
        if (list.length() < headerBytes() + bytes) {
            return Outcome.PARAMETER_LIST_LENGTH_ERROR;
        }
        return bytes == 0 ? Outcome.GOOD : checkBlockDescriptor(command, list, longBlocks);
    }

    /// The capacity and the block length are what the image says: all else is refused. 0 blocks mean the present capacity,
    /// all ones the highest there is.
    private Outcome checkBlockDescriptor(Command command, ParameterList list, boolean longBlocks) {
        int at = headerBytes();
        long capacity = command.device().capacityBlocks();
        long all = longBlocks ? -1 : MAX_SHORT_BLOCKS;
        long blocks = longBlocks ? list.u64(at) : list.u32(at);
        if (blocks != 0 && blocks != all && blocks != capacity) {
            return command.invalidParameter(at);
        }
        int lengthField = at + (longBlocks ? 12 : 5);
        long blockBytes = longBlocks ? list.u32(lengthField) : list.u24(lengthField);
        return blockBytes == 1L << command.device().blockShift() ? Outcome.GOOD : command.invalidParameter(lengthField);
    }

    private static Outcome checkPages(Command command, ParameterList list, int first) {
        int at = first;
        while (at < list.length()) {
            if (list.length() - at < PAGE_HEADER) {
                return Outcome.PARAMETER_LIST_LENGTH_ERROR;
            }
            Outcome outcome = checkPage(command, list, at);
            if (outcome != Outcome.GOOD) {
                return outcome;
            }
            at += PAGE_HEADER + list.u8(at + 1);
        }
        return Outcome.GOOD;
    }

    private static Outcome checkPage(Command command, ParameterList list, int at) {
        for (int bit = SAVEABLE_BIT; bit >= SUBPAGE_FORMAT_BIT; bit--) {
            if ((list.u8(at) & 1 << bit) != 0) {
                return command.invalidParameter(at, bit);
            }
        }
        ModePage page = find(command, list.u8(at));
        if (page == null) {
            return command.invalidParameter(at, SUBPAGE_FORMAT_BIT - 1);
        }
        if (PAGE_HEADER + list.u8(at + 1) != page.length()) {
            return command.invalidParameter(at + 1);
        }
        if (list.length() - at < page.length()) {
            return Outcome.PARAMETER_LIST_LENGTH_ERROR;
        }
        for (int i = PAGE_HEADER; i < page.length(); i++) {
            int refused = page.refusedBits(i, list.u8(at + i));
            if (refused != 0) {
                return command.invalidParameter(at + i, 31 - Integer.numberOfLeadingZeros(refused));
            }
        }
        return Outcome.GOOD;
    }

    private static Outcome apply(Command command, ParameterList list, int first) {
        DeviceServer device = command.device();
        boolean wroteThrough = device.writesThrough();
        boolean changed = false;
        for (int at = first; at < list.length(); at += PAGE_HEADER + list.u8(at + 1)) {
            ModePage page = find(command, list.u8(at));
            changed |= page != null && page.change(list.bytes(), at);
        }
        if (!changed) {
            return Outcome.GOOD;
        }
        device.onModeChanged();
        device.raiseUnitAttentionForOthers(command.task().nexusId(), Outcome.MODE_PARAMETERS_CHANGED);
        if (wroteThrough || !device.writesThrough() || device.image().isReadOnly()) {
            return Outcome.GOOD;
        }
        long result = device.flush(command.task(), 0, device.capacityBlocks() << device.blockShift());
        if (result == ImageResult.PENDING) {
            return Outcome.PENDING;
        }
        return result == ImageResult.DONE ? Outcome.GOOD : command.failure(result, true);
    }

    private static @Nullable ModePage find(Command command, int firstByte) {
        for (ModePage page : command.device().pages().modePages()) {
            if (page.code() == (firstByte & PAGE_CODE)) {
                return page;
            }
        }
        return null;
    }
}
