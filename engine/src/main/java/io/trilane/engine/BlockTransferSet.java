package io.trilane.engine;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import java.util.function.Consumer;

/// Several block transfers on one client: polls it, hands each finished task to its transfer, retries what was refused.
/// Tasks of the owner's own go to its handler. Belongs to the client's thread; allocates nothing after construction.
///
/// Routing: transfer `i` marks its tasks with `firstId + i`, so the owner keeps its own tasks' user data out of
/// `firstId..firstId + size - 1`. A task in that range whose token its transfer does not know goes to the handler too.
@HotPath
public final class BlockTransferSet implements Consumer<Task> {
    private final Client client;
    private final long firstId;
    private final BlockTransfer[] transfers;
    private final Consumer<Task> others;

    /// @param others takes the tasks that are no transfer's, as the handler of [Client#poll] would
    public BlockTransferSet(Client client, long firstId, int size, Consumer<Task> others) {
        if (size < 1) {
            throw new IllegalArgumentException("size=" + size + " < 1, choose at least one transfer");
        }
        this.client = client;
        this.firstId = firstId;
        this.others = others;
        this.transfers = new BlockTransfer[size];
        for (int i = 0; i < size; i++) {
            transfers[i] = new BlockTransfer(client, firstId + i);
        }
    }

    /// How many transfers there are.
    public int size() {
        return transfers.length;
    }

    /// Transfer `index`, 0..size-1.
    public BlockTransfer transfer(int index) {
        return transfers[index];
    }

    /// Takes at most `limit` finished tasks of the client and advances every transfer; returns how many tasks there were.
    /// With INVOKER threading, let the engine work before.
    public int poll(int limit) {
        int polled = client.poll(this, limit);
        for (BlockTransfer transfer : transfers) {
            TransferOutcome _ = transfer.advance();
        }
        return polled;
    }

    /// Routes one finished task.
    @Override
    public void accept(Task task) {
        long index = task.userData() - firstId;
        if (index < 0 || index >= transfers.length || !transfers[(int) index].accept(task)) {
            others.accept(task);
        }
    }
}
