package io.trilane.perf.harness;

import io.trilane.engine.task.Task;
import io.trilane.hba.image.DiskImage;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// Stamps every write and checks every read of one job. A block is never requested twice at the same time, so that what
/// a read must find is certain. Data pass through a buffer of its own; nothing is allocated unless a block is wrong.
/// Belongs to one job's thread.
final class StampVerifier implements TaskObserver, AutoCloseable {
    private static final int MAX_REPORTED = 20;

    private final Arena arena = Arena.ofShared();
    private final List<DiskImage> images;
    private final StampLedger[] ledgers;
    private final Stamp[] stamps;
    private final List<StampIdentity> identities;
    private final List<StampFailure> failures = new ArrayList<>();
    private boolean knownOnly;
    private long failedBlocks;
    private long checkedBlocks;
    private long requestBytes;

    StampVerifier(List<DiskImage> images, List<Region> regions, long requestBytes,
            List<StampIdentity> identities) {
        this.images = List.copyOf(images);
        this.identities = List.copyOf(identities);
        this.requestBytes = requestBytes;
        this.ledgers = new StampLedger[images.size()];
        this.stamps = new Stamp[images.size()];
        for (int i = 0; i < ledgers.length; i++) {
            int blockBytes = images.get(i).blockBytes();
            ledgers[i] = new StampLedger(regions.get(i), blockBytes, requestBytes);
            stamps[i] = new Stamp(arena.allocate(Math.max(requestBytes, SequentialPass.REQUEST_BYTES), blockBytes),
                    blockBytes);
        }
    }

    /// Every block carries the first generation.
    void expectStamped() {
        for (int unit = 0; unit < ledgers.length; unit++) {
            ledgers[unit].expectAll(identities.get(unit).firstGeneration());
        }
    }

    /// From now on requests have this length; blocks of unknown content are skipped rather than learnt when `knownOnly`.
    void beginPass(long newRequestBytes, boolean newKnownOnly) {
        requestBytes = newRequestBytes;
        knownOnly = newKnownOnly;
    }

    long failedBlocks() {
        return failedBlocks;
    }

    long checkedBlocks() {
        return checkedBlocks;
    }

    /// The first ones.
    List<StampFailure> failures() {
        return List.copyOf(failures);
    }

    @Override
    public boolean accepts(long request) {
        int unit = Request.unit(request);
        return !Request.kindOf(request).movesData() || !ledgers[unit].isBusy(lba(request, unit));
    }

    @Override
    public void onFilled(long request, Task task) {
        task.setUserData(request);
        if (!Request.kindOf(request).movesData()) {
            return;
        }
        int unit = Request.unit(request);
        long lba = lba(request, unit);
        ledgers[unit].setBusy(lba, true);
        if (Request.isWrite(request)) {
            Stamp stamp = stamps[unit];
            int blocks = (int) (requestBytes / stamp.blockBytes());
            for (int i = 0; i < blocks; i++) {
                stamp.write(i, lba + i, seed(unit), next(unit, ledgers[unit].expected(lba + i)));
            }
            long _ = task.extents().scatter(stamp.buffer(), 0, 0, requestBytes);
        }
    }

    @Override
    public void onFinished(Task task, boolean good) {
        long request = task.userData();
        if (!Request.kindOf(request).movesData()) {
            return;
        }
        int unit = Request.unit(request);
        long lba = lba(request, unit);
        ledgers[unit].setBusy(lba, false);
        int blocks = (int) (requestBytes / stamps[unit].blockBytes());
        if (Request.isWrite(request)) {
            for (int i = 0; i < blocks; i++) {
                int written = next(unit, ledgers[unit].expected(lba + i));
                ledgers[unit].expect(lba + i, good ? written : StampLedger.UNKNOWN);
            }
        } else if (good) {
            long _ = task.extents().gather(0, stamps[unit].buffer(), 0, requestBytes);
            for (int i = 0; i < blocks; i++) {
                check(unit, i, lba + i);
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }

    private void check(int unit, int index, long lba) {
        StampLedger ledger = ledgers[unit];
        int expected = ledger.expected(lba);
        if (knownOnly && expected == StampLedger.UNKNOWN) {
            return;
        }
        Stamp stamp = stamps[unit];
        checkedBlocks++;
        Stamp.Verdict verdict = stamp.check(index, lba, seed(unit), expected);
        if (verdict == Stamp.Verdict.GOOD) {
            ledger.expect(lba, stamp.foundGeneration(index));
        } else if (ledger.markFailed(lba) && failedBlocks++ < MAX_REPORTED) {
            failures.add(failure(unit, index, lba, verdict));
        }
    }

    private StampFailure failure(int unit, int index, long lba, Stamp.Verdict verdict) {
        Stamp stamp = stamps[unit];
        int expected = ledgers[unit].expected(lba);
        String generation = expected == StampLedger.UNKNOWN ? "any" : describe(unit, expected);
        String found = switch (verdict) {
            case UNSTAMPED -> String.format("no stamp (first bytes %016x)", Long.reverseBytes(stamp.magic(index)));
            case CORRUPT, TORN -> String.format("lba=%d generation=%s crc=%08x, computed crc=%08x",
                    stamp.foundLba(index), describe(unit, stamp.foundGeneration(index)), stamp.foundCrc(index),
                    stamp.checksum(index));
            default -> "lba=" + stamp.foundLba(index) + " generation=" + describe(unit, stamp.foundGeneration(index))
                    + " seed=" + stamp.foundSeed(index);
        };
        return new StampFailure(images.get(unit).name(), lba, verdict,
                "lba=" + lba + " generation=" + generation + " seed=" + seed(unit), found);
    }

    /// Generations count from the run's first one, so that small numbers tell how often a block was written.
    private String describe(int unit, int generation) {
        int count = generation - identities.get(unit).firstGeneration();
        return count >= 0 && count < 1 << 30 ? "first+" + count : Integer.toUnsignedString(generation);
    }

    /// The generation after `current`; never [StampLedger#UNKNOWN].
    private int next(int unit, int current) {
        int next = current == StampLedger.UNKNOWN ? identities.get(unit).firstGeneration() : current + 1;
        return next == StampLedger.UNKNOWN ? 1 : next;
    }

    private long seed(int unit) {
        return identities.get(unit).seed();
    }

    private long lba(long request, int unit) {
        return Request.offsetBytes(request) / stamps[unit].blockBytes();
    }
}
