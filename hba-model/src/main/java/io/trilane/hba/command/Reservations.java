package io.trilane.hba.command;

import io.trilane.engine.task.Nexus;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/// The reservations of one logical unit: the one of RESERVE(6) (SPC-2 7.21), which ends with its nexus or a reset, or
/// persistent ones (SPC-5 5.13), which end with neither. Never both: each is refused while there is the other, apart from
/// the compatible handling that [#admitsReserve] says. Kept in memory, so a power cycle ends them (APTPL is refused).
/// Touched by the hardware agent only.
public final class Reservations {
    private static final int NOBODY = -1;

    private final Registrations registrations = new Registrations();
    private final ObjIntConsumer<Outcome> attentions;
    private final Runnable onChange;
    /// The nexus that holds the reservation of RESERVE(6), or NOBODY.
    private int reservedBy = NOBODY;
    private @Nullable ReservationType type;
    /// Null without a persistent reservation, and when all registrants hold it.
    private @Nullable Registration holder;
    private int generation;

    /// @param attentions raises a unit attention condition for a nexus
    /// @param onChange   told when [#isReserved] may have changed
    public Reservations(ObjIntConsumer<Outcome> attentions, Runnable onChange) {
        this.attentions = attentions;
        this.onChange = onChange;
    }

    /// A nexus came or went: what RESERVE(6) reserved for it is released, what it registered stays.
    public void resetNexus(Nexus nexus) {
        loseNexus(nexus.id());
        registrations.setNexus(nexus);
    }

    /// The nexus was lost.
    public void loseNexus(int nexusId) {
        if (reservedBy == nexusId) {
            release();
        }
    }

    /// A logical unit or target reset: persistent reservations survive it (SPC-5 5.13.5).
    public void reset() {
        release();
    }

    /// True when there is a reservation of either kind.
    public boolean isReserved() {
        return reservedBy != NOBODY || type != null;
    }

    /// True when a reservation of another nexus stands against the command (SPC-5 table 67, SBC-4 table 13).
    boolean conflicts(Command command) {
        int nexusId = command.task().nexusId();
        CommandRow row = command.row();
        if (reservedBy == nexusId || hasAccess(nexusId)) {
            return false;
        }
        boolean isAllowed = row.has(CommandTrait.ALLOWED_WHILE_RESERVED)
                || row.has(CommandTrait.OWN_RESERVATION_RULES) && row.family().isAllowedWhileReserved(command)
                || type != null && type.isWriteExclusive() && row.has(CommandTrait.ALLOWED_WHILE_WRITE_RESERVED);
        return isReserved() && !isAllowed;
    }

    /// True while a RESERVE(6) stands: PERSISTENT RESERVE IN and OUT conflict, whoever sends them (SPC-2 5.5.1).
    boolean isReservedByReserve() {
        return reservedBy != NOBODY;
    }

    /// RESERVE(6) or RELEASE(6) in compatible handling (SPC-5 5.13.3, CRH = 1): while there are registrations they change
    /// nothing, and are answered GOOD for a nexus that has access by a persistent reservation, otherwise conflict.
    boolean admitsReserve(int nexusId) {
        return hasAccess(nexusId);
    }

    boolean hasRegistrations() {
        return !registrations.all().isEmpty();
    }

    /// RESERVE(6); false when another nexus has reserved.
    boolean reserve(int nexusId) {
        if (reservedBy != NOBODY && reservedBy != nexusId) {
            return false;
        }
        reservedBy = nexusId;
        onChange.run();
        return true;
    }

    /// PRGENERATION.
    int generation() {
        return generation;
    }

    List<Registration> registrations() {
        return registrations.all();
    }

    @Nullable
    Registration registrationOf(int nexusId) {
        return registrations.of(nexusId);
    }

    /// The type of the persistent reservation, or null when there is none.
    @Nullable
    ReservationType type() {
        return type;
    }

    /// RESERVATION KEY of READ RESERVATION: 0 when all registrants hold the reservation.
    long holderKey() {
        return holder == null ? 0 : holder.key();
    }

    boolean isHolder(Registration registration) {
        return type != null && (type.isAllRegistrants() || registration.equals(holder));
    }

    boolean isRegistered(long key) {
        return registrations.all().stream().anyMatch(each -> each.key() == key);
    }

    /// Registers a key or replaces it; false when there are too many registrations.
    boolean register(int nexusId, long key) {
        Registration mine = registrations.of(nexusId);
        if (mine != null) {
            mine.setKey(key);
        } else if (!registrations.add(nexusId, key)) {
            return false;
        }
        generation++;
        return true;
    }

    /// SPC-5 5.13.11.3.
    void unregister(Registration mine) {
        boolean held = isHolder(mine);
        ReservationType was = type;
        BitSet _ = registrations.remove(mine::equals);
        generation++;
        if (held && was != null && (!was.isAllRegistrants() || !hasRegistrations())) {
            setReservation(null, null);
            if (was.isForRegistrants()) {
                raise(registrations.nexusesExcept(null), Outcome.RESERVATIONS_RELEASED);
            }
        }
    }

    void reserve(Registration mine, ReservationType newType) {
        setReservation(newType, mine);
    }

    /// SPC-5 5.13.11.2: the others that had access hear of it.
    void release(Registration mine) {
        ReservationType was = type;
        setReservation(null, null);
        if (was != null && was.isForRegistrants()) {
            raise(registrations.nexusesExcept(mine), Outcome.RESERVATIONS_RELEASED);
        }
    }

    /// SPC-5 5.13.11.6.
    void clear(Registration mine) {
        BitSet others = registrations.nexusesExcept(mine);
        BitSet _ = registrations.remove(_ -> true);
        generation++;
        setReservation(null, null);
        raise(others, Outcome.RESERVATIONS_PREEMPTED);
    }

    /// True when PREEMPT with this key takes the reservation over (SPC-5 5.13.11.4.3).
    boolean isHeldWith(long key) {
        return type != null && (type.isAllRegistrants() ? key == 0 : holderKey() == key);
    }

    /// Takes the reservation over from whoever holds it with `key` (0: all registrants); the nexuses that have lost their
    /// registrations.
    BitSet preemptReservation(Registration mine, long key, ReservationType newType) {
        ReservationType was = type;
        BitSet lost = registrations.remove(each -> !each.equals(mine) && (key == 0 || each.key() == key));
        generation++;
        setReservation(newType, mine);
        raise(lost, Outcome.REGISTRATIONS_PREEMPTED);
        if (was != newType) {
            raise(registrations.nexusesExcept(mine), Outcome.RESERVATIONS_RELEASED);
        }
        return lost;
    }

    /// Removes all registrations with `key`, also that of the nexus that asks; the other nexuses that have lost theirs
    /// (SPC-5 5.13.11.4.4).
    BitSet preemptRegistrations(Registration mine, long key) {
        BitSet others = registrations.nexusesExcept(mine);
        BitSet lost = registrations.remove(each -> each.key() == key);
        generation++;
        if (!hasRegistrations()) {
            setReservation(null, null);
        }
        lost.and(others);
        raise(lost, Outcome.REGISTRATIONS_PREEMPTED);
        return lost;
    }

    private boolean hasAccess(int nexusId) {
        Registration mine = registrations.of(nexusId);
        return mine != null && type != null && (type.isForRegistrants() || Objects.equals(mine, holder));
    }

    void release() {
        reservedBy = NOBODY;
        onChange.run();
    }

    private void setReservation(@Nullable ReservationType newType, @Nullable Registration newHolder) {
        type = newType;
        holder = newType == null || newType.isAllRegistrants() ? null : newHolder;
        onChange.run();
    }

    private void raise(BitSet nexusIds, Outcome condition) {
        nexusIds.stream().forEach(id -> attentions.accept(condition, id));
    }
}
