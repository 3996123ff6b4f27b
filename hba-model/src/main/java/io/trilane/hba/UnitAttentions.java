package io.trilane.hba;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Nexus;
import io.trilane.hba.command.Outcome;

/// Unit attention conditions and deferred errors that wait for each nexus (SAM-5 5.14, SPC-5 4.4.8): a set of
/// conditions per nexus, reported one at a time, highest priority first. Belongs to one logical unit.
@HotPath
final class UnitAttentions {
    /// SAM-5 5.14 gives power on and resets the highest priority. Deferred errors come last, and survive a reset of the
    /// nexus: data that was answered and is not on the medium must not be forgotten.
    private static final Outcome[] BY_PRIORITY = {
            Outcome.POWER_ON_RESET,
            Outcome.DEFERRED_WRITE_ERROR,
            Outcome.DEFERRED_SPACE_ALLOCATION_FAILED,
    };

    private final int[] pending = new int[Nexus.MAX_NEXUSES];

    boolean isPending(int nexusId) {
        return pending[nexusId] != 0;
    }

    /// Takes the condition with the highest priority.
    Outcome take(int nexusId) {
        int bit = Integer.numberOfTrailingZeros(pending[nexusId]);
        pending[nexusId] &= pending[nexusId] - 1;
        return BY_PRIORITY[bit];
    }

    void raise(int nexusId, Outcome condition) {
        pending[nexusId] |= bit(condition);
    }

    void raiseForAll(Outcome condition) {
        for (int i = 0; i < pending.length; i++) {
            raise(i, condition);
        }
    }

    private static int bit(Outcome condition) {
        for (int i = 0; i < BY_PRIORITY.length; i++) {
            if (BY_PRIORITY[i] == condition) {
                return 1 << i;
            }
        }
        throw new IllegalArgumentException("condition=" + condition + " is none that can wait for a nexus");
    }
}
