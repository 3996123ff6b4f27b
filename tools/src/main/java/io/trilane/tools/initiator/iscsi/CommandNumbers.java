package io.trilane.tools.initiator.iscsi;

/// The initiator's numbers of a session (RFC 7143 4.2.2): serial numbers of 32 bits. Belongs to the session's thread.
final class CommandNumbers {
    private int cmdSn = 1;
    private int maxCmdSn;
    private int expStatSn;

    /// Of the next command; immediate requests carry it without taking it.
    int cmdSn() {
        return cmdSn;
    }

    int takeCmdSn() {
        return cmdSn++;
    }

    /// What the target has told so far, to be told that it is known.
    int expStatSn() {
        return expStatSn;
    }

    /// The Login response that ends the login says where the window is.
    void start(int statSn, int maximum) {
        expStatSn = statSn + 1;
        maxCmdSn = maximum;
    }

    /// A PDU that took a StatSN.
    void onStatus(int statSn) {
        if (statSn - expStatSn >= 0) {
            expStatSn = statSn + 1;
        }
    }

    /// Every PDU of the target says how far commands may go; old news and nonsense are ignored (4.2.2.1).
    void onWindow(int expCmdSn, int maximum) {
        if (maximum - (expCmdSn - 1) >= 0 && maximum - maxCmdSn > 0) {
            maxCmdSn = maximum;
        }
    }

    /// Commands that may be sent now.
    int window() {
        return Math.max(0, maxCmdSn - cmdSn + 1);
    }
}
