package io.trilane.hba.page;

/// TransportID parameter data (SPC-5 7.6.4) of an initiator port, by its name.
///
/// `NAME,i,0xISID` is the initiator port of an iSCSI session, another iSCSI name (`iqn.`, `eui.`, `naa.`) an iSCSI
/// initiator device. A name of another kind belongs to no SCSI transport (in process, NBD): PROTOCOL IDENTIFIER Fh, and
/// the name as iSCSI writes it.
public final class TransportId {
    private static final int ISCSI = 0x5;
    private static final int NO_SPECIFIC_PROTOCOL = 0xF;
    private static final int PORT_FORMAT = 0x40;
    private static final int HEADER_BYTES = 4;
    private static final int MIN_NAME_BYTES = 20;

    private TransportId() {}

    /// Bytes of the whole TransportID: header, name, a zero, and zeros up to a multiple of four.
    public static int length(String initiatorPort) {
        return HEADER_BYTES + Math.max(MIN_NAME_BYTES, initiatorPort.length() + 1 + 3 & ~3);
    }

    public static void write(PageWriter writer, String initiatorPort) {
        int nameBytes = length(initiatorPort) - HEADER_BYTES;
        writer.u8(code(initiatorPort)).u8(0).u16(nameBytes);
        writer.ascii(initiatorPort, initiatorPort.length());
        writer.zeros(nameBytes - initiatorPort.length());
    }

    private static int code(String initiatorPort) {
        boolean isIscsi = initiatorPort.startsWith("iqn.") || initiatorPort.startsWith("eui.")
                || initiatorPort.startsWith("naa.");
        if (!isIscsi) {
            return NO_SPECIFIC_PROTOCOL;
        }
        return initiatorPort.contains(",i,0x") ? PORT_FORMAT | ISCSI : ISCSI;
    }
}
