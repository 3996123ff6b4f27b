package io.trilane.tools.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.frontend.ConnectionLimits;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A peer that asks for much and reads nothing must not hold what others need.
class ReadAheadTest {
    private static final int MEGABYTE = 1 << 20;
    private static final int REQUESTS = 60;
    /// What is answered and waits (8 MiB), some requests under way, and the probes of two connections.
    private static final long MOST_BYTES = 12L << 20;

    @Test
    void aPeerThatDoesNotReadHoldsABoundedPartOfTheMemory() throws IOException {
        ServedDisks.Disk disk = new ServedDisks.Disk("disk", "memory:64m", 512, false, false, MEGABYTE);
        try (ServedDisks disks = new ServedDisks(1, 128L << 20, List.of(disk))) {
            SocketAddress address = disks.listen(RawPeer.loopback(), null, ConnectionLimits.STANDARD);
            try (RawPeer greedy = RawPeer.greeted(address, 3); RawPeer other = RawPeer.greeted(address, 3)) {
                greedy.go("disk", false, false);
                other.go("disk", false, false);
                for (int i = 0; i < REQUESTS; i++) {
                    greedy.request(0, NbdCodes.CMD_READ, i, 0, MEGABYTE);
                }
                // Answered on the same loop, behind the requests above.
                assertThat(other.error(0, NbdCodes.CMD_FLUSH, 0, 0)).isZero();
                assertThat(disks.engine().memory().committedDataBytes()).isLessThanOrEqualTo(MOST_BYTES);
                for (int i = 0; i < REQUESTS; i++) {
                    assertThat(greedy.reply(MEGABYTE).error()).isZero();
                }
            }
        }
    }
}
