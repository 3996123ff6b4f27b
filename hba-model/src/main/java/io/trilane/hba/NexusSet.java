package io.trilane.hba;

import io.trilane.engine.task.Nexus;
import io.trilane.hba.command.Outcome;
import java.util.Arrays;

/// A set of nexus ids. Belongs to whoever holds it.
final class NexusSet {
    private final long[] words = new long[Nexus.MAX_NEXUSES / Long.SIZE];

    void add(int nexusId) {
        words[nexusId / Long.SIZE] |= 1L << nexusId % Long.SIZE;
    }

    void remove(int nexusId) {
        words[nexusId / Long.SIZE] &= ~(1L << nexusId % Long.SIZE);
    }

    boolean contains(int nexusId) {
        return (words[nexusId / Long.SIZE] & 1L << nexusId % Long.SIZE) != 0;
    }

    boolean isEmpty() {
        long any = 0;
        for (long word : words) {
            any |= word;
        }
        return any == 0;
    }

    void clear() {
        Arrays.fill(words, 0);
    }

    /// Raises a condition for every member.
    void raise(UnitAttentions attentions, Outcome condition) {
        for (int i = 0; i < Nexus.MAX_NEXUSES; i++) {
            if (contains(i)) {
                attentions.raise(i, condition);
            }
        }
    }
}
