package io.trilane.perf.harness;

import java.util.Arrays;
import java.util.BitSet;

/// What is known of the stamps in one region: the generation that each logical block must have, and which requests are
/// in flight. Belongs to one job's thread.
final class StampLedger {
    /// Nothing is expected yet: the first good read tells.
    static final int UNKNOWN = 0;
    /// Most blocks that one ledger follows; it takes four bytes for each.
    static final long MAX_BLOCKS = 1L << 28;

    private final long firstBlock;
    private final int blocksPerRequest;
    private final int[] generations;
    private final BitSet busy;
    private final BitSet failed;

    StampLedger(Region region, int blockBytes, long requestBytes) {
        long blocks = region.sizeBytes() / blockBytes;
        if (blocks > MAX_BLOCKS) {
            throw new IllegalArgumentException("size=" + region.sizeBytes() + " > maxVerifiedSize="
                    + MAX_BLOCKS * blockBytes + ", lower --size or raise --numjobs");
        }
        this.firstBlock = region.offsetBytes() / blockBytes;
        this.blocksPerRequest = (int) (requestBytes / blockBytes);
        this.generations = new int[(int) blocks];
        this.failed = new BitSet();
        this.busy = new BitSet((int) (blocks / blocksPerRequest) + 1);
    }

    /// Everything was stamped with one generation.
    void expectAll(int generation) {
        Arrays.fill(generations, generation);
    }

    int expected(long lba) {
        return generations[(int) (lba - firstBlock)];
    }

    void expect(long lba, int generation) {
        generations[(int) (lba - firstBlock)] = generation;
    }

    /// Notes a wrong block; false when it was known already. Each block counts once.
    boolean markFailed(long lba) {
        int block = (int) (lba - firstBlock);
        boolean first = !failed.get(block);
        failed.set(block);
        return first;
    }

    boolean isBusy(long lba) {
        return busy.get(request(lba));
    }

    void setBusy(long lba, boolean value) {
        busy.set(request(lba), value);
    }

    private int request(long lba) {
        return (int) ((lba - firstBlock) / blocksPerRequest);
    }
}
