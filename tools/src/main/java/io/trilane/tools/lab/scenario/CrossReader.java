package io.trilane.tools.lab.scenario;

import io.trilane.engine.Client;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// A client that reads what others have written. One thread.
final class CrossReader {
    private static final int TRIES = 8;
    private static final long READ_10 = 0x28L << 56;
    private static final int CDB_10 = 10;

    private final Client client;
    private final Predicate<BooleanSupplier> await;
    private boolean good;

    /// @param await lets the engine work until something holds; false when it never does
    CrossReader(Client client, Predicate<BooleanSupplier> await) {
        this.client = client;
        this.await = await;
    }

    /// Judges each place of `load` by its ledger. A read that stays refused, after unit attentions, or does not come back, is
    /// a fault and ends it.
    void read(StampedLoad load) {
        for (int place = 0; place < load.writes().places(); place++) {
            boolean judged = false;
            for (int i = 0; i < TRIES && !judged && client.inFlight() == 0; i++) {
                judged = readOnce(load, place);
            }
            if (!judged) {
                load.writes().fault("place=" + place + " cannot be read by another client");
                return;
            }
        }
    }

    private boolean readOnce(StampedLoad load, int place) {
        Task task = client.claim(WriteLedger.PLACE_BYTES);
        if (task == null) {
            return false;
        }
        task.setTargetId(load.targetId());
        task.setLun(0);
        task.setCdbWord(0, READ_10 | load.writes().lba(place) << 16);
        task.setCdbWord(1, (long) WriteLedger.BLOCKS << 56);
        task.setControl(CDB_10, TransferDirection.FROM_TARGET, WriteLedger.PLACE_BYTES);
        good = false;
        if (!client.submit(task)) {
            boolean _ = client.release(task.token());
            return false;
        }
        return await.test(() -> client.poll(done -> judge(done, load, place), 1) == 1) && good;
    }

    private void judge(Task task, StampedLoad load, int place) {
        good = task.isGood();
        if (good) {
            long _ = task.extents().gather(0, load.writes().buffer(), 0, WriteLedger.PLACE_BYTES);
            load.writes().check(place, "another client");
        }
        boolean _ = client.release(task.token());
    }
}
