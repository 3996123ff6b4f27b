package io.trilane.hba.command;

/// RESERVE(6) and RELEASE(6) (SPC-2 7.21, 7.17): the whole unit, for this nexus alone. Extents, third parties and
/// reservation lists are obsolete and their fields must be 0.
final class ReserveCommand implements CommandFamily {
    static final ReserveCommand RESERVE = new ReserveCommand(true);
    static final ReserveCommand RELEASE = new ReserveCommand(false);

    private final boolean reserves;

    private ReserveCommand(boolean reserves) {
        this.reserves = reserves;
    }

    @Override
    public boolean isAllowedWhileReserved(Command command) {
        return true;
    }

    @Override
    public Outcome execute(Command command) {
        Reservations reservations = command.device().reservations();
        int nexusId = command.task().nexusId();
        if (reservations.hasRegistrations()) {
            return reservations.admitsReserve(nexusId) ? Outcome.GOOD : Outcome.RESERVATION_CONFLICT;
        }
        if (reserves) {
            return reservations.reserve(nexusId) ? Outcome.GOOD : Outcome.RESERVATION_CONFLICT;
        }
        // Of a nexus that has not reserved it changes nothing, and is no error (SPC-2 7.17.2).
        reservations.loseNexus(nexusId);
        return Outcome.GOOD;
    }
}
