package io.trilane.tools.lab.cost;

import io.trilane.engine.BlockData;
import io.trilane.engine.BlockTransfer;
import io.trilane.engine.BlockTransferSet;
import io.trilane.engine.BlockUnit;
import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.ThreadingMode;
import io.trilane.engine.TransferLimits;
import io.trilane.engine.TransferOutcome;
import io.trilane.engine.task.DmaSpace;
import io.trilane.engine.task.TaskBatch;
import io.trilane.perf.harness.JobEngine;
import io.trilane.perf.harness.RwMode;
import java.lang.foreign.Arena;
import java.util.function.LongSupplier;

/// One engine, and one long request after another, each split into sub-requests that run one after another. Opened, used
/// and closed by one thread.
final class SplitBench implements AutoCloseable {
    private static final int PAGE_BYTES = 4096;
    private static final int TASKS = 4;

    private final CostPlan plan;
    private final JobEngine owner;
    private final Engine engine;
    private final BlockTransferSet transfers;
    private final BlockData data;
    /// Outlives the engine: tasks refer to its memory.
    private final Arena arena = Arena.ofShared();

    SplitBench(CostPlan plan, CrossingPrice price, LongSupplier nanoClock) {
        this.plan = plan;
        this.owner = CostEngine.launch(new CostEngine.Setting(plan.mode(), PAGE_BYTES, TASKS, CrossingCost.SINGLE,
                plan.imageBytes()), price, ThreadingMode.INVOKER, 0, nanoClock);
        this.engine = owner.engine();
        Client client = owner.client();
        int region = engine.memory().dmaSpace().register(arena.allocate(plan.transferBytes(), PAGE_BYTES));
        this.data = BlockData.of(DmaSpace.address(region, 0), plan.transferBytes());
        this.transfers = new BlockTransferSet(client, 1, 1, task -> {
            throw new IllegalStateException("slot=" + task.slot() + " is no transfer's, our bug");
        });
    }

    /// A contender whose operation is one request under this limit.
    Contender under(long limitBytes) {
        return new Contender(limitBytes);
    }

    @Override
    public void close() {
        try {
            owner.close();
        } finally {
            arena.close();
        }
    }

    /// The request under one limit.
    final class Contender implements Contest.Contender {
        private final BlockUnit unit;
        private final long blocks = plan.transferBytes() / CostPlan.BLOCK_BYTES;
        private long firstBlock;
        private long roundTrips;

        private Contender(long limitBytes) {
            TransferLimits limits = TransferLimits.ofLength(limitBytes, CostPlan.BLOCK_BYTES);
            this.unit = new BlockUnit(0, 0, limits, limits);
        }

        /// Of the last request, as counted.
        long roundTrips() {
            return roundTrips;
        }

        @Override
        public void run(long operations) {
            BlockTransfer transfer = transfers.transfer(0);
            for (long i = 0; i < operations; i++) {
                TransferOutcome outcome = plan.mode() == RwMode.RANDREAD
                        ? transfer.read(unit, firstBlock, blocks, data)
                        : transfer.write(unit, firstBlock, blocks, data);
                while (outcome == TransferOutcome.IN_PROGRESS) {
                    int _ = engine.doWork();
                    int _ = transfers.poll(TaskBatch.MAX_TASKS);
                    outcome = transfer.outcome();
                }
                if (outcome != TransferOutcome.GOOD) {
                    throw new IllegalStateException("outcome=" + outcome + " status=" + transfer.status() + " after "
                            + transfer.bytesDone() + " bytes");
                }
                firstBlock += blocks;
                if ((firstBlock + blocks) * CostPlan.BLOCK_BYTES > plan.imageBytes()) {
                    firstBlock = 0;
                }
            }
            roundTrips = transfer.roundTrips();
        }
    }
}
