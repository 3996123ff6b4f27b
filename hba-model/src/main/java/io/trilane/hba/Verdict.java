package io.trilane.hba;

import java.util.function.Consumer;

/// An answer that is held back until everything it speaks for is certain to have no further effect. Touched by the
/// hardware agent only.
final class Verdict {
    private final Runnable answer;
    private final Consumer<Verdict> onSettled;
    /// One hold is the maker's own, so that it cannot settle while holds are still being added.
    private int holds = 1;

    /// @param answer    gives the answer; run once, see [#answer]
    /// @param onSettled told once, when the last hold is released
    Verdict(Runnable answer, Consumer<Verdict> onSettled) {
        this.answer = answer;
        this.onSettled = onSettled;
    }

    /// Something more to wait for.
    void hold() {
        holds++;
    }

    /// It is over, or the maker has added all holds.
    void release() {
        holds--;
        if (holds == 0) {
            onSettled.accept(this);
        }
    }

    void answer() {
        answer.run();
    }
}
