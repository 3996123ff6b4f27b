package io.trilane.tools.nbd;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.tools.frontend.ServedUnit;
import io.trilane.tools.nbd.Request.Step;
import io.trilane.tools.nbd.RequestWork.Progress;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Writes a part of a block: reads the block, puts the new bytes in, and writes it with COMPARE AND WRITE (SBC-4 5.3), so that
/// nobody's neighbouring bytes are lost; again when somebody was faster. Belongs to its connection's event loop.
@HotPath
final class EdgeWork {
    private static final int MAX_MISCOMPARES = 10_000;

    private final RequestWork work;
    private final ServedUnit unit;
    private final int blockBytes;

    EdgeWork(RequestWork work) {
        this.work = work;
        this.unit = work.unit();
        this.blockBytes = unit.blockBytes();
    }

    /// The part is an edge of zeros.
    Progress beginZeros(Request request) {
        request.takeEdge();
        MemorySegment edge = request.edge();
        for (int i = 0; i < request.partBytes(); i++) {
            edge.set(ValueLayout.JAVA_BYTE, blockBytes + request.lead() + i, (byte) 0);
        }
        request.hasEdge = true;
        return advance(request);
    }

    Progress advance(Request request) {
        Task task = work.claim(request, request.isEdgeRead ? 2L * blockBytes : blockBytes);
        if (task == null) {
            return Progress.BLOCKED;
        }
        if (!request.isEdgeRead) {
            BlockCommands.fill(task, unit, BlockCommands.READ_16, 0, request.firstBlock(), 1,
                    TransferDirection.FROM_TARGET, blockBytes);
            return work.submit(request, task, Step.EDGE_READ);
        }
        long bytes = 2L * blockBytes;
        long _ = task.extents().scatter(request.edge(), 0, 0, bytes);
        int bits = request.has(NbdCodes.CMD_FLAG_FUA) ? BlockCommands.FUA : 0;
        BlockCommands.fill(task, unit, BlockCommands.COMPARE_AND_WRITE, bits, request.firstBlock(), 1,
                TransferDirection.TO_TARGET, bytes);
        return work.submit(request, task, Step.EDGE_WRITE);
    }

    void onTask(Request request, Task task, Step step, Verdict verdict) {
        if (verdict == Verdict.MISCOMPARE && request.attempts++ < MAX_MISCOMPARES) {
            request.isEdgeRead = false;
        } else if (verdict != Verdict.GOOD) {
            work.fail(request, verdict);
        } else if (step == Step.EDGE_WRITE) {
            request.finishPart();
        } else if (task.bytesTransferred() == blockBytes) {
            merge(request, task);
        } else {
            work.fail(request, Verdict.HARDWARE);
        }
        work.release(task);
    }

    /// The block as it was, and around the new bytes.
    private void merge(Request request, Task task) {
        MemorySegment edge = request.edge();
        int lead = request.lead();
        int tail = lead + request.partBytes();
        long _ = task.extents().gather(0, edge, 0, blockBytes);
        MemorySegment.copy(edge, 0, edge, blockBytes, lead);
        MemorySegment.copy(edge, tail, edge, blockBytes + tail, blockBytes - tail);
        request.isEdgeRead = true;
    }
}
