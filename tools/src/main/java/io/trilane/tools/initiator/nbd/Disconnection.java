package io.trilane.tools.initiator.nbd;

import io.trilane.tools.nbd.NbdCodes;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The last request of a connection (proto.md, "NBD_CMD_DISC"). Stateless.
final class Disconnection {
    private static final long PATIENCE_NS = 100_000_000;

    private Disconnection() {}

    /// Nothing is in flight.
    static void send(PatientChannel channel) throws IOException {
        channel.setPatience(PATIENCE_NS);
        ByteBuffer head = ByteBuffer.allocate(RequestSender.HEAD_BYTES).putInt(0, NbdCodes.REQUEST_MAGIC).putShort(6,
                (short) NbdCodes.CMD_DISC);
        channel.write(head);
    }
}
