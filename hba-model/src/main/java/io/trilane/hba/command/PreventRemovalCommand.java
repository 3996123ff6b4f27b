package io.trilane.hba.command;

/// PREVENT ALLOW MEDIUM REMOVAL (SPC-5 6.17): removal is prevented while any nexus prevents it; the loss of the nexus and
/// resets allow it. The medium of a fixed unit cannot be removed anyway.
final class PreventRemovalCommand implements CommandFamily {
    private static final int FLAGS = 4;
    private static final int PREVENT = 0x01;

    /// SPC-5 table 67: to allow the removal is allowed, to prevent it is not.
    @Override
    public boolean isAllowedWhileReserved(Command command) {
        return !command.cdb().isSet(FLAGS, PREVENT);
    }

    @Override
    public Outcome execute(Command command) {
        command.device().medium().prevent(command.task().nexusId(), command.cdb().isSet(FLAGS, PREVENT));
        return Outcome.GOOD;
    }
}
