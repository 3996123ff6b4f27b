package io.trilane.tools.hostile;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What one client has written where, and what of it was promised to last. A block holds its number and a version, again
/// and again, so that a block of the file says which write it comes from. Belongs to the client's thread until that ends.
final class BlockJournal {
    static final int BLOCK = 512;
    private final int firstBlock;
    private final long[] written;
    private final long[] answered;
    private final long[] promised;
    private long version;

    BlockJournal(int firstBlock, int blocks) {
        this.firstBlock = firstBlock;
        this.written = new long[blocks];
        this.answered = new long[blocks];
        this.promised = new long[blocks];
    }

    /// The data of a new write.
    byte[] begin(int block, int count) {
        version++;
        ByteBuffer data = ByteBuffer.allocate(count * BLOCK);
        for (int i = 0; i < count; i++) {
            written[block + i - firstBlock] = version;
            for (int word = 0; word < BLOCK / 16; word++) {
                data.putLong(block + i).putLong(version);
            }
        }
        return data.array();
    }

    /// It was answered GOOD.
    void answered(int block, int count, boolean isDurable) {
        for (int i = block - firstBlock; i < block - firstBlock + count; i++) {
            answered[i] = written[i];
            promised[i] = isDurable ? written[i] : promised[i];
        }
    }

    /// A flush was answered GOOD: all that was answered before it lasts.
    void flushed() {
        System.arraycopy(answered, 0, promised, 0, answered.length);
    }

    /// How many blocks hold a promise.
    int promises() {
        int count = 0;
        for (long one : promised) {
            count += one > 0 ? 1 : 0;
        }
        return count;
    }

    /// Each block of the file holds what was promised, or something newer that was on its way. A block of zeros was never
    /// written; one of two versions is torn, which only a write that nobody promised may do.
    void check(ByteBuffer file) throws IOException {
        for (int i = 0; i < written.length; i++) {
            int at = (firstBlock + i) * BLOCK;
            long oldest = Long.MAX_VALUE;
            for (int word = 0; word < BLOCK; word += 16) {
                long number = file.getLong(at + word);
                long found = file.getLong(at + word + 8);
                if (found != 0 && number != firstBlock + i || found > written[i]) {
                    throw new IOException("block=" + (firstBlock + i) + " holds block=" + number + " version=" + found);
                }
                oldest = Math.min(oldest, found);
            }
            if (oldest < promised[i]) {
                throw new IOException(
                        "block=" + (firstBlock + i) + " version=" + oldest + " < promised=" + promised[i]);
            }
        }
    }
}
