package io.trilane.hba.command;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;

/// A command descriptor block, loaded once per command: the first sixteen bytes as two words, first byte most
/// significant; what lies beyond through the task.
@HotPath
public final class Cdb {
    @SuppressWarnings("NullAway.Init")
    private Task task;
    private long word0;
    private long word1;
    private long address;
    private long blocks;

    void load(Task newTask) {
        task = newTask;
        word0 = newTask.cdbWord(0);
        word1 = newTask.cdbWord(1);
    }

    /// Decodes address and number of blocks. Compares rather than a switch, the commonest first: a switch over an enum
    /// costs two loads more.
    void loadBlocks(BlockField field) {
        if (field == BlockField.TEN) {
            address = word0 >>> 16 & 0xFFFF_FFFFL;
            blocks = (word0 & 0xFF) << 8 | word1 >>> 56;
        } else if (field == BlockField.SIXTEEN) {
            address = word0 << 16 | word1 >>> 48;
            blocks = word1 >>> 16 & 0xFFFF_FFFFL;
        } else {
            loadRareBlocks(field);
        }
    }

    private void loadRareBlocks(BlockField field) {
        switch (field) {
            case TWELVE -> {
                address = word0 >>> 16 & 0xFFFF_FFFFL;
                blocks = (word0 & 0xFFFF) << 16 | word1 >>> 48;
            }
            case SIX -> {
                long length = word0 >>> 24 & 0xFF;
                address = word0 >>> 32 & 0x1F_FFFF;
                blocks = length == 0 ? 256 : length;
            }
            case COMPARE -> {
                address = word0 << 16 | word1 >>> 48;
                blocks = word1 >>> 16 & 0xFF;
            }
            case START -> {
                address = word0 << 16 | word1 >>> 48;
                blocks = 1;
            }
            default -> {
                address = 0;
                blocks = 0;
            }
        }
    }

    public long word0() {
        return word0;
    }

    public long word1() {
        return word1;
    }

    public int operationCode() {
        return (int) (word0 >>> 56);
    }

    /// Byte 1, bits 4..0.
    public int serviceAction() {
        return (int) (word0 >>> 48) & 0x1F;
    }

    /// LOGICAL BLOCK ADDRESS, unsigned.
    public long address() {
        return address;
    }

    /// TRANSFER LENGTH, VERIFICATION LENGTH or NUMBER OF LOGICAL BLOCKS.
    public long blocks() {
        return blocks;
    }

    /// Byte `index`, 0 and up.
    public int u8(int index) {
        if (index < 8) {
            return (int) (word0 >>> 56 - 8 * index) & 0xFF;
        }
        return index < 16 ? (int) (word1 >>> 56 - 8 * (index - 8)) & 0xFF : task.cdbByte(index);
    }

    public int u16(int index) {
        return u8(index) << 8 | u8(index + 1);
    }

    public long u32(int index) {
        return (long) u16(index) << 16 | u16(index + 2);
    }

    /// True when any bit of `mask` is set in byte `index`.
    public boolean isSet(int index, int mask) {
        return (u8(index) & mask) != 0;
    }
}
