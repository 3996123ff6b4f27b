package io.trilane.tools.nbd;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.tools.frontend.ServedUnit;
import io.trilane.tools.nbd.Request.Step;
import io.trilane.tools.nbd.RequestWork.Progress;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Commands about ranges that move no data of the peer: zeros, unmapping, prefetching, flushing. Belongs to its connection's
/// event loop.
@HotPath
final class RangeWork {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    /// UNMAP DATA LENGTH 22, UNMAP BLOCK DESCRIPTOR DATA LENGTH 16 (SBC-4 5.32.2).
    private static final int UNMAP_LIST_HEAD = 22 << 16 | 16;
    /// Zeros that are written as data, at once.
    private static final int ZERO_DATA_BYTES = 1 << 20;

    private final RequestWork work;
    private final EdgeWork edges;
    private final ServedUnit unit;
    private final UnitTraits traits;
    private final int blockBytes;
    private final MemorySegment unmapList = MemorySegment.ofArray(new byte[BlockCommands.UNMAP_LIST_BYTES]);
    private final MemorySegment zeros;
    private boolean canWriteSame = true;
    private boolean canUnmap;
    private boolean canPrefetch = true;

    RangeWork(RequestWork work, EdgeWork edges, UnitTraits traits) {
        this.work = work;
        this.edges = edges;
        this.unit = work.unit();
        this.traits = traits;
        this.blockBytes = unit.blockBytes();
        this.canUnmap = traits.unmaps();
        this.zeros = MemorySegment.ofArray(new byte[blockBytes]);
    }

    /// FLUSH: everything of the unit, whoever wrote it.
    Progress synchronize(Request request) {
        return request.isSynchronized ? Progress.FINISHED : synchronizeAll(request);
    }

    /// A hint: whole blocks only, and nothing at all where the unit cannot unmap.
    Progress trim(Request request) {
        if (request.cursor == request.offset) {
            request.cursor = roundUp(request.cursor);
            request.end &= -blockBytes;
        }
        if (request.cursor >= request.end || !canUnmap) {
            return persist(request);
        }
        request.takeBlocks(traits.maxUnmap() * blockBytes);
        Task task = work.claim(request, BlockCommands.UNMAP_LIST_BYTES);
        if (task == null) {
            return Progress.BLOCKED;
        }
        unmapList.set(INT, 0, UNMAP_LIST_HEAD);
        unmapList.set(LONG, 8, request.firstBlock());
        unmapList.set(INT, 16, (int) ((request.partEnd - request.cursor) / blockBytes));
        long _ = task.extents().scatter(unmapList, 0, 0, BlockCommands.UNMAP_LIST_BYTES);
        BlockCommands.unmap(task, unit);
        return work.submit(request, task, Step.UNMAP);
    }

    /// A hint, too.
    Progress cache(Request request) {
        if (request.cursor == request.end || !canPrefetch) {
            return Progress.FINISHED;
        }
        request.takeCover(traits.maxPrefetch() * blockBytes);
        return plain(request, BlockCommands.PRE_FETCH_16, 0, request.coverBytes() / blockBytes, Step.PREFETCH);
    }

    /// Edges keep their blocks' other bytes. FAST_ZERO is refused before anything is altered.
    Progress writeZeroes(Request request) {
        if (request.cursor == request.end) {
            return persist(request);
        }
        if (request.has(NbdCodes.CMD_FLAG_FAST_ZERO) && !isFast(request)) {
            request.fail(NbdCodes.ENOTSUP, "zeros would not be faster than a write");
            return Progress.FINISHED;
        }
        if (request.isAtEdge()) {
            return edges.beginZeros(request);
        }
        if (!canWriteSame) {
            return writeZeroData(request);
        }
        request.takeBlocks(traits.maxWriteSame() * blockBytes);
        int bits = BlockCommands.NDOB | (mayUnmap(request) ? BlockCommands.UNMAP : 0);
        long blocks = (request.partEnd - request.cursor) / blockBytes;
        return plain(request, BlockCommands.WRITE_SAME_16, bits, blocks, Step.ZERO);
    }

    private boolean isFast(Request request) {
        return canWriteSame && mayUnmap(request) && request.lead() == 0 && (request.end & blockBytes - 1) == 0;
    }

    void onTask(Request request, Task task, Step step, Verdict verdict) {
        work.release(task);
        if (verdict == Verdict.GOOD) {
            onDone(request, step);
        } else if (verdict != Verdict.UNSUPPORTED) {
            work.fail(request, verdict);
        } else {
            onUnsupported(request, step);
        }
    }

    private void onDone(Request request, Step step) {
        if (step == Step.SYNCHRONIZE) {
            request.isSynchronized = true;
        } else {
            request.finishPart();
        }
    }

    /// The next try is one without the command.
    private void onUnsupported(Request request, Step step) {
        switch (step) {
            case ZERO -> canWriteSame = false;
            case UNMAP -> canUnmap = false;
            case PREFETCH -> canPrefetch = false;
            default -> work.fail(request, Verdict.UNSUPPORTED);
        }
    }

    /// FUA covers all parts: whatever was done is made durable before the reply.
    private Progress persist(Request request) {
        return !request.has(NbdCodes.CMD_FLAG_FUA) || request.isSynchronized ? Progress.FINISHED
                : synchronizeAll(request);
    }

    private Progress synchronizeAll(Request request) {
        Task task = work.claim(request, 0);
        if (task == null) {
            return Progress.BLOCKED;
        }
        BlockCommands.fill(task, unit, BlockCommands.SYNCHRONIZE_CACHE_16, 0, 0, 0, TransferDirection.NONE, 0);
        return work.submit(request, task, Step.SYNCHRONIZE);
    }

    private Progress writeZeroData(Request request) {
        request.takeBlocks(Math.min(ZERO_DATA_BYTES, unit.maxTransferBytes()));
        int bytes = request.partBytes();
        Task task = work.claim(request, bytes);
        if (task == null) {
            return Progress.BLOCKED;
        }
        for (int done = 0; done < bytes; done += blockBytes) {
            long _ = task.extents().scatter(zeros, 0, done, blockBytes);
        }
        BlockCommands.fill(task, unit, BlockCommands.WRITE_16, 0, request.firstBlock(), bytes / blockBytes,
                TransferDirection.TO_TARGET, bytes);
        return work.submit(request, task, Step.ZERO_DATA);
    }

    private Progress plain(Request request, int code, int bits, long blocks, Step step) {
        Task task = work.claim(request, 0);
        if (task == null) {
            return Progress.BLOCKED;
        }
        BlockCommands.fill(task, unit, code, bits, request.firstBlock(), blocks, TransferDirection.NONE, 0);
        return work.submit(request, task, step);
    }

    private boolean mayUnmap(Request request) {
        return unit.isThin() && traits.unmapsZeroing() && traits.readsZero()
                && !request.has(NbdCodes.CMD_FLAG_NO_HOLE);
    }

    private long roundUp(long offset) {
        return offset + blockBytes - 1 & -blockBytes;
    }
}
