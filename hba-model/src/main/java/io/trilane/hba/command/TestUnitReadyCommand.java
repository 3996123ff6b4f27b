package io.trilane.hba.command;

/// TEST UNIT READY (SPC-5 6.47): the gate has reported what there was to report.
final class TestUnitReadyCommand implements CommandFamily {
    @Override
    public Outcome execute(Command command) {
        return Outcome.GOOD;
    }
}
