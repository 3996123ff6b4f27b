package io.trilane.hba.command;

import java.util.BitSet;

/// Whether a unit's medium can be reached (SBC-4 4.3, 4.20): there or ejected, started or stopped, and which nexuses
/// prevent its removal. A unit with a fixed medium is never without one. Touched by the hardware agent only.
public final class Medium {
    private final boolean isRemovable;
    private final Runnable onChange;
    private final BitSet preventingNexuses = new BitSet();
    private boolean isPresent = true;
    private boolean isStarted = true;

    /// @param onChange told whenever [#isReady] may have changed
    public Medium(boolean isRemovable, Runnable onChange) {
        this.isRemovable = isRemovable;
        this.onChange = onChange;
    }

    public boolean isRemovable() {
        return isRemovable;
    }

    public boolean isPresent() {
        return isPresent;
    }

    /// True when commands can reach the medium.
    public boolean isReady() {
        return isPresent && isStarted;
    }

    /// What a command that needs the medium is told; GOOD when it is ready.
    public Outcome state() {
        if (!isPresent) {
            return Outcome.MEDIUM_NOT_PRESENT;
        }
        return isStarted ? Outcome.GOOD : Outcome.INITIALIZING_COMMAND_REQUIRED;
    }

    /// True when any nexus prevents the removal (SPC-5 6.15).
    public boolean isRemovalPrevented() {
        return !preventingNexuses.isEmpty();
    }

    void prevent(int nexusId, boolean prevents) {
        preventingNexuses.set(nexusId, prevents);
    }

    void setStarted(boolean started) {
        isStarted = started;
        onChange.run();
    }

    /// Takes the medium out or puts it in again; in, it is started.
    void setPresent(boolean present) {
        isPresent = present;
        isStarted = true;
        onChange.run();
    }

    /// The nexus was lost: it prevents nothing any more.
    public void loseNexus(int nexusId) {
        preventingNexuses.clear(nexusId);
    }

    /// A logical unit or target reset: removal is allowed again; a medium that is out stays out.
    public void reset() {
        preventingNexuses.clear();
    }
}
