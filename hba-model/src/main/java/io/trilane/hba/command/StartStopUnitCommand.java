package io.trilane.hba.command;

import io.trilane.hba.image.ImageResult;

/// START STOP UNIT (SBC-4 5.31). Before a stop or an eject cached blocks are written to the medium, unless NO_FLUSH asks
/// otherwise; with IMMED in the background, where a failure becomes a deferred error.
///
/// A fixed unit that was stopped answers INITIALIZING COMMAND REQUIRED until it is started; it has no power conditions to
/// choose from. A removable unit starts by itself with the next access, so that a stop only writes its cache; and it takes
/// power conditions for hints without an effect, the reserved ones too: both are what initiators' test suites expect.
final class StartStopUnitCommand implements CommandFamily {
    private static final int IMMED = 0x01;
    private static final int FLAGS = 4;
    private static final int START = 0x01;
    private static final int LOAD_OR_EJECT = 0x02;
    private static final int LOAD_OR_EJECT_BIT = 1;
    private static final int NO_FLUSH = 0x04;
    private static final int POWER_CONDITION = 0xF0;
    private static final int POWER_CONDITION_TOP_BIT = 7;

    /// SBC-4 table 13: starting and loading is allowed.
    @Override
    public boolean isAllowedWhileReserved(Command command) {
        return command.cdb().isSet(FLAGS, START) && !command.cdb().isSet(FLAGS, POWER_CONDITION);
    }

    @Override
    public Outcome execute(Command command) {
        Cdb cdb = command.cdb();
        Medium medium = command.device().medium();
        boolean moves = cdb.isSet(FLAGS, LOAD_OR_EJECT);
        if (cdb.isSet(FLAGS, POWER_CONDITION)) {
            return medium.isRemovable() ? Outcome.GOOD : command.invalidField(FLAGS, POWER_CONDITION_TOP_BIT);
        }
        if (moves && !medium.isRemovable()) {
            return command.invalidField(FLAGS, LOAD_OR_EJECT_BIT);
        }
        if (cdb.isSet(FLAGS, START)) {
            return start(command, medium, moves);
        }
        if (!medium.isPresent()) {
            return moves ? Outcome.GOOD : medium.state();
        }
        if (moves && medium.isRemovalPrevented()) {
            return Outcome.MEDIUM_REMOVAL_PREVENTED;
        }
        return flush(command);
    }

    /// The cache is written.
    @Override
    public Outcome resume(Command command, long result) {
        if (result == ImageResult.PENDING) {
            return Outcome.PENDING;
        }
        if (result != ImageResult.DONE) {
            return command.failure(result, true);
        }
        Medium medium = command.device().medium();
        if (!medium.isRemovable()) {
            medium.setStarted(false);
        } else if (command.cdb().isSet(FLAGS, LOAD_OR_EJECT)) {
            // Another nexus may have prevented it since.
            if (medium.isRemovalPrevented()) {
                return Outcome.MEDIUM_REMOVAL_PREVENTED;
            }
            medium.setPresent(false);
        }
        return Outcome.GOOD;
    }

    /// A load moves the medium, so that it is prevented as an eject is.
    private static Outcome start(Command command, Medium medium, boolean loads) {
        if (medium.isPresent()) {
            medium.setStarted(true);
            return Outcome.GOOD;
        }
        if (!loads) {
            return medium.state();
        }
        if (medium.isRemovalPrevented()) {
            return Outcome.MEDIUM_REMOVAL_PREVENTED;
        }
        medium.setPresent(true);
        command.device().raiseUnitAttentionForOthers(command.task().nexusId(), Outcome.MEDIUM_MAY_HAVE_CHANGED);
        return Outcome.GOOD;
    }

    private Outcome flush(Command command) {
        DeviceServer device = command.device();
        long length = device.capacityBlocks() << device.blockShift();
        if (command.cdb().isSet(FLAGS, NO_FLUSH) || device.image().isReadOnly()) {
            return resume(command, ImageResult.DONE);
        }
        if (command.cdb().isSet(1, IMMED)) {
            device.flushInBackground(command.task().nexusId(), 0, length);
            return resume(command, ImageResult.DONE);
        }
        return resume(command, device.flush(command.task(), 0, length));
    }
}
