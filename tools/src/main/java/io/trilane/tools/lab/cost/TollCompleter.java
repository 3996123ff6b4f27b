package io.trilane.tools.lab.cost;

import io.trilane.engine.controller.Completer;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.TaskBatch;

/// Completions, each call at a price: singly and by value, or in bundles of slot numbers. Belongs to one role.
@HotPath
final class TollCompleter implements Completer {
    private final Completer real;
    private final CrossingToll toll;
    private final int bundle;
    private final long[] part = new long[TaskBatch.MAX_TASKS];

    /// @param bundle most tokens per call; 0: each by itself and by value
    TollCompleter(Completer real, CrossingToll toll, int bundle) {
        this.real = real;
        this.toll = toll;
        this.bundle = bundle;
    }

    @Override
    public void complete(long token) {
        toll.call(bundle == 0 ? CrossingToll.RESPONSE_BYTES : CrossingToll.INDEX_BYTES);
        real.complete(token);
    }

    @Override
    public void complete(long[] tokens, int count) {
        if (bundle == 0) {
            for (int i = 0; i < count; i++) {
                complete(tokens[i]);
            }
            return;
        }
        for (int from = 0; from < count; from += bundle) {
            int length = Math.min(bundle, count - from);
            System.arraycopy(tokens, from, part, 0, length);
            toll.call(length * CrossingToll.INDEX_BYTES);
            real.complete(part, length);
        }
    }
}
