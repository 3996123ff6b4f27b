package io.trilane.hba;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Nexus;
import io.trilane.hba.command.Outcome;

/// Unit attention conditions and deferred errors that wait for each nexus (SAM-5 5.14, SPC-5 4.4.8): a set of
/// conditions per nexus, reported one at a time, highest priority first. Belongs to one logical unit.
@HotPath
final class UnitAttentions {
    /// SAM-5 5.14 gives power on and resets the highest priority, the loss of a nexus the next. Deferred errors come last, and survive a reset of the
    /// nexus: data that was answered and is not on the medium must not be forgotten.
    private static final Outcome[] BY_PRIORITY = {
            Outcome.POWER_ON_RESET,
            Outcome.BUS_DEVICE_RESET_FUNCTION_OCCURRED,
            Outcome.I_T_NEXUS_LOSS_OCCURRED,
            Outcome.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR,
            Outcome.RESERVATIONS_PREEMPTED,
            Outcome.RESERVATIONS_RELEASED,
            Outcome.REGISTRATIONS_PREEMPTED,
            Outcome.MEDIUM_MAY_HAVE_CHANGED,
            Outcome.MODE_PARAMETERS_CHANGED,
            Outcome.REPORTED_LUNS_DATA_HAS_CHANGED,
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

    /// Forgets a condition that has been noticed another way.
    void clear(int nexusId, Outcome condition) {
        pending[nexusId] &= ~bit(condition);
    }

    /// A nexus starts afresh: it hears of power on, of nothing that its predecessor did not take, and of data that is lost.
    void startAfresh(int nexusId) {
        pending[nexusId] &= bit(Outcome.DEFERRED_WRITE_ERROR) | bit(Outcome.DEFERRED_SPACE_ALLOCATION_FAILED);
        raise(nexusId, Outcome.POWER_ON_RESET);
    }

    void raiseForAll(Outcome condition) {
        for (int i = 0; i < pending.length; i++) {
            raise(i, condition);
        }
    }

    /// Every nexus hears of it except the one whose command did it.
    void raiseForOthers(int nexusId, Outcome condition) {
        for (int i = 0; i < pending.length; i++) {
            if (i != nexusId) {
                raise(i, condition);
            }
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
