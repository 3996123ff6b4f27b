package io.trilane.tools.iscsi;

/// The numbers of a session (RFC 7143 4.2.2): which command is expected, how far the initiator may go, which status is next.
/// Serial number arithmetic of RFC 1982 with 32 bits. Belongs to the connection's event loop.
final class SerialNumbers {
    private int expCmdSn;
    private int maxCmdSn;
    private int statSn;

    /// The first Login request tells where both sides start.
    void start(int cmdSn, int expStatSn) {
        expCmdSn = cmdSn;
        maxCmdSn = cmdSn;
        statSn = expStatSn;
    }

    /// Number of the next command, to be put into a PDU.
    int expCmdSn() {
        return expCmdSn;
    }

    int maxCmdSn() {
        return maxCmdSn;
    }

    /// The number that the next status will take.
    int statSn() {
        return statSn;
    }

    int takeStatSn() {
        return statSn++;
    }

    /// A numbered request has come in.
    void advance() {
        expCmdSn++;
    }

    /// There is room for `commands` more; what was promised is never taken back (4.2.2.1).
    void openWindow(int commands) {
        int wanted = expCmdSn + commands - 1;
        if (isBefore(maxCmdSn, wanted)) {
            maxCmdSn = wanted;
        }
    }

    /// The initiator has to wait.
    boolean isWindowClosed() {
        return isBefore(maxCmdSn, expCmdSn);
    }

    /// Neither expected now nor later: such a request is ignored (4.2.2.1).
    boolean isOutsideWindow(int cmdSn) {
        return isBefore(cmdSn, expCmdSn) || isBefore(maxCmdSn, cmdSn);
    }

    static boolean isBefore(int a, int b) {
        return a - b < 0;
    }
}
