package io.trilane.hba.command;

import io.trilane.hba.page.PageWriter;
import io.trilane.hba.page.TransportId;

/// PERSISTENT RESERVE IN (SPC-5 6.15).
final class PersistentReserveInCommand implements CommandFamily {
    static final int READ_KEYS = 0;
    static final int READ_RESERVATION = 1;
    static final int REPORT_CAPABILITIES = 2;
    static final int READ_FULL_STATUS = 3;

    private static final int ALLOCATION_LENGTH = 7;
    /// CRH: RESERVE(6) is handled compatibly. No SIP_C, ATP_C, PTPL_C.
    private static final int COMPATIBLE_RESERVATION_HANDLING = 0x10;
    /// TMV: the type mask is valid. ALLOW COMMANDS 1: TEST UNIT READY is answered while others have reserved.
    private static final int TYPE_MASK_VALID = 0x80 | 1 << 4;
    private static final int HOLDER = 0x01;
    private static final int STATUS_BYTES = 24;

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
        PageWriter writer = switch (command.cdb().serviceAction()) {
            case READ_KEYS -> writeKeys(reservations, command.device().writer().begin());
            case READ_RESERVATION -> writeReservation(reservations, command.device().writer().begin());
            case REPORT_CAPABILITIES -> writeCapabilities(command.device().writer().begin());
            case READ_FULL_STATUS -> writeFullStatus(reservations);
            default -> throw new IllegalStateException("serviceAction=" + command.cdb().serviceAction());
        };
        return command.deliver(writer, command.cdb().u16(ALLOCATION_LENGTH));
    }

    /// SPC-5 6.15.2.
    private static PageWriter writeKeys(Reservations reservations, PageWriter writer) {
        int list = begin(reservations, writer);
        reservations.registrations().forEach(each -> writer.u64(each.key()));
        writer.fillLength32(list - 4, list);
        return writer;
    }

    /// SPC-5 6.15.3.
    private static PageWriter writeReservation(Reservations reservations, PageWriter writer) {
        int list = begin(reservations, writer);
        ReservationType type = reservations.type();
        if (type != null) {
            writer.u64(reservations.holderKey()).u32(0).u8(0).u8(type.code()).u16(0);   // SCOPE 0: logical unit
        }
        writer.fillLength32(list - 4, list);
        return writer;
    }

    /// SPC-5 6.15.4.
    private static PageWriter writeCapabilities(PageWriter writer) {
        return writer.u16(8).u8(COMPATIBLE_RESERVATION_HANDLING).u8(TYPE_MASK_VALID).u16(ReservationType.MASK).u16(0);
    }

    /// SPC-5 6.15.5: too long for the writer that all units share.
    private static PageWriter writeFullStatus(Reservations reservations) {
        int bytes = 8;
        for (Registration each : reservations.registrations()) {
            bytes += STATUS_BYTES + TransportId.length(each.initiatorPort());
        }
        PageWriter writer = new PageWriter(bytes);
        int list = begin(reservations, writer);
        for (Registration each : reservations.registrations()) {
            ReservationType type = reservations.type();
            boolean holds = type != null && reservations.isHolder(each);
            writer.u64(each.key()).u32(0);
            writer.u8(holds ? HOLDER : 0).u8(holds && type != null ? type.code() : 0);  // ALL_TG_PT 0
            writer.u32(0).u16(1);                                                       // relative target port
            writer.u32(TransportId.length(each.initiatorPort()));
            TransportId.write(writer, each.initiatorPort());
        }
        writer.fillLength32(list - 4, list);
        return writer;
    }

    /// PRGENERATION and room for ADDITIONAL LENGTH; where the list starts.
    private static int begin(Reservations reservations, PageWriter writer) {
        return writer.u32(reservations.generation()).u32(0).position();
    }
}
