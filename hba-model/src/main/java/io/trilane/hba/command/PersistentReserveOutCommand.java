package io.trilane.hba.command;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// PERSISTENT RESERVE OUT (SPC-5 6.16). REGISTER AND MOVE, SPEC_I_PT, ALL_TG_PT and APTPL are not supported, which REPORT
/// CAPABILITIES says, and are refused.
final class PersistentReserveOutCommand implements CommandFamily {
    static final int REGISTER = 0;
    static final int RESERVE = 1;
    static final int RELEASE = 2;
    static final int CLEAR = 3;
    static final int PREEMPT = 4;
    static final int PREEMPT_AND_ABORT = 5;
    static final int REGISTER_AND_IGNORE = 6;

    private static final int SCOPE_AND_TYPE = 2;
    private static final int SCOPE_TOP_BIT = 7;
    private static final int TYPE_TOP_BIT = 3;
    private static final int LENGTH_FIELD = 5;
    private static final int LIST_BYTES = 24;

    private static final int SERVICE_ACTION_KEY = 8;
    private static final int FLAGS = 20;
    private static final int SPEC_I_PT_BIT = 3;
    private static final int ALL_TG_PT_BIT = 2;
    private static final int APTPL_BIT = 0;

    /// SPC-5 table 68 has rules for each service action; the checks of a registration in here are those.
    @Override
    public boolean isAllowedWhileReserved(Command command) {
        return true;
    }

    @Override
    public Outcome execute(Command command) {
        Reservations reservations = command.device().reservations();
        if (reservations.isReservedByReserve()) {
            return Outcome.RESERVATION_CONFLICT;
        }
        long length = command.cdb().u32(LENGTH_FIELD);
        if (length < LIST_BYTES) {
            return Outcome.PARAMETER_LIST_LENGTH_ERROR;
        }
        if (!ParameterList.isComplete(command, length)) {
            return Outcome.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT;
        }
        ParameterList list = ParameterList.of(command, LIST_BYTES);
        command.setTransferred(length, length);
        if ((list.u8(FLAGS) & 1 << SPEC_I_PT_BIT) != 0) {
            return command.invalidParameter(FLAGS, SPEC_I_PT_BIT);
        }
        if (length != LIST_BYTES) {
            return Outcome.PARAMETER_LIST_LENGTH_ERROR;
        }
        int action = command.cdb().serviceAction();
        return action == REGISTER || action == REGISTER_AND_IGNORE ? register(command, reservations, list)
                : changeReservation(command, reservations, list);
    }

    /// The tasks that PREEMPT AND ABORT took are gone.
    @Override
    public Outcome resume(Command command, long result) {
        command.setTransferred(LIST_BYTES, LIST_BYTES);
        return Outcome.GOOD;
    }

    private static Outcome register(Command command, Reservations reservations, ParameterList list) {
        for (int bit : new int[]{ALL_TG_PT_BIT, APTPL_BIT}) {
            if ((list.u8(FLAGS) & 1 << bit) != 0) {
                return command.invalidParameter(FLAGS, bit);
            }
        }
        int nexusId = command.task().nexusId();
        Registration mine = reservations.registrationOf(nexusId);
        long expectedKey = mine == null ? 0 : mine.key();
        if (command.cdb().serviceAction() == REGISTER && list.u64(0) != expectedKey) {
            return Outcome.RESERVATION_CONFLICT;
        }
        long newKey = list.u64(SERVICE_ACTION_KEY);
        if (newKey != 0) {
            return reservations.register(nexusId, newKey) ? Outcome.GOOD : Outcome.INSUFFICIENT_REGISTRATION_RESOURCES;
        }
        if (mine != null) {
            reservations.unregister(mine);
        }
        return Outcome.GOOD;
    }

    /// All other service actions need a registration with the right key.
    private static Outcome changeReservation(Command command, Reservations reservations, ParameterList list) {
        Registration mine = reservations.registrationOf(command.task().nexusId());
        if (mine == null || mine.key() != list.u64(0)) {
            return Outcome.RESERVATION_CONFLICT;
        }
        return switch (command.cdb().serviceAction()) {
            case RESERVE -> reserve(command, reservations, mine);
            case RELEASE -> release(command, reservations, mine);
            case CLEAR -> {
                reservations.clear(mine);
                yield Outcome.GOOD;
            }
            case PREEMPT, PREEMPT_AND_ABORT -> preempt(command, reservations, mine, list.u64(SERVICE_ACTION_KEY));
            default -> throw new IllegalStateException("serviceAction=" + command.cdb().serviceAction());
        };
    }

    /// SPC-5 5.13.9: a second RESERVE by a holder, of the same type, changes nothing; any other conflicts.
    private static Outcome reserve(Command command, Reservations reservations, Registration mine) {
        ReservationType type = type(command);
        if (type == null) {
            return refuseType(command);
        }
        if (reservations.type() == null) {
            reservations.reserve(mine, type);
            return Outcome.GOOD;
        }
        return reservations.isHolder(mine) && reservations.type() == type ? Outcome.GOOD : Outcome.RESERVATION_CONFLICT;
    }

    /// SPC-5 5.13.11.2.
    private static Outcome release(Command command, Reservations reservations, Registration mine) {
        if (!reservations.isHolder(mine)) {
            return Outcome.GOOD;
        }
        if (reservations.type() != type(command)) {
            return Outcome.INVALID_RELEASE_OF_PERSISTENT_RESERVATION;
        }
        reservations.release(mine);
        return Outcome.GOOD;
    }

    /// SPC-5 5.13.11.4, 5.13.11.5.
    private static Outcome preempt(Command command, Reservations reservations, Registration mine, long key) {
        BitSet lost;
        if (reservations.isHeldWith(key)) {
            ReservationType type = type(command);
            if (type == null) {
                return refuseType(command);
            }
            lost = reservations.preemptReservation(mine, key, type);
        } else if (key == 0) {
            return command.invalidParameter(SERVICE_ACTION_KEY);
        } else if (reservations.isRegistered(key)) {
            lost = reservations.preemptRegistrations(mine, key);
        } else {
            return Outcome.RESERVATION_CONFLICT;
        }
        if (command.cdb().serviceAction() == PREEMPT || lost.isEmpty()) {
            return Outcome.GOOD;
        }
        command.device().abortTasksOf(lost, command.task());
        return Outcome.PENDING;
    }

    /// Null when the scope is not the logical unit, or there is no such type.
    private static @Nullable ReservationType type(Command command) {
        return ReservationType.of(command.cdb().u8(SCOPE_AND_TYPE));
    }

    private static Outcome refuseType(Command command) {
        boolean isScope = command.cdb().u8(SCOPE_AND_TYPE) >>> 4 != 0;
        return command.invalidField(SCOPE_AND_TYPE, isScope ? SCOPE_TOP_BIT : TYPE_TOP_BIT);
    }
}
