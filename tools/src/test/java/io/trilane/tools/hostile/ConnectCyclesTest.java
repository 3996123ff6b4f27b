package io.trilane.tools.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A thousand peers of each protocol come and go, each at another point; nothing of theirs stays.
class ConnectCyclesTest {
    private static final int CYCLES = 1000;
    private static final int WARM_UP = 100;
    /// Buffers of two or three connections: as many more as are there at once by chance.
    private static final long SLACK_BYTES = 1 << 20;

    private static Siege siege;

    @BeforeAll
    static void begin() throws IOException {
        siege = new Siege();
    }

    @AfterAll
    static void end() throws IOException {
        siege.close();
    }

    enum Kind {
        ISCSI, NBD
    }

    @ParameterizedTest
    @EnumSource
    void aThousandPeersLeaveNothingBehind(Kind kind) throws IOException {
        cycle(kind, WARM_UP, 1);
        siege.lift(WARM_UP);
        long before = directBytes();
        cycle(kind, CYCLES, 2);
        siege.lift(CYCLES);
        assertThat(directBytes()).isLessThanOrEqualTo(before + SLACK_BYTES);
    }

    private static void cycle(Kind kind, int cycles, long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < cycles; i++) {
            int phase = random.nextInt(5);
            boolean isReset = random.nextBoolean();
            if (kind == Kind.ISCSI) {
                iscsi(phase, isReset, i);
            } else {
                nbd(phase, isReset);
            }
        }
    }

    /// 0 connected, 1 logged in, 2 a command is sent, 3 half a command, 4 a whole command is answered.
    private static void iscsi(int phase, boolean isReset, int number) throws IOException {
        try (IscsiWire wire = phase == 0 ? new IscsiWire(siege.server.iscsi)
                : IscsiWire.loggedIn(siege.server.iscsi, HostileServer.TARGET, "cycle" + number % 7)) {
            switch (phase) {
                case 2 -> wire.send(read(wire), new byte[0]);
                case 3 -> wire.raw(Arrays.copyOf(read(wire).array(), 30));
                case 4 -> {
                    byte[] _ = wire.read(8192, 64);
                }
                default -> {
                    // No more than that.
                }
            }
            reset(wire.socket, isReset);
        }
    }

    private static ByteBuffer read(IscsiWire wire) {
        return wire.command(0xC0, 65536, IscsiWire.cdb(0x28, 0, 8192, 128));
    }

    /// 0 connected, 1 greeted, 2 in transmission, 3 a write without its payload, 4 a read is answered.
    private static void nbd(int phase, boolean isReset) throws IOException {
        try (NbdWire wire = phase == 0 ? new NbdWire(siege.server.nbd)
                : phase == 1 ? NbdWire.greeted(siege.server.nbd) : NbdWire.open(siege.server.nbd, "disk")) {
            if (phase == 3) {
                wire.raw(NbdWire.request(1, 0, 1, 8 << 20, 65536));
            } else if (phase == 4) {
                byte[] _ = wire.read(8 << 20, 4000);
            }
            reset(wire.socket, isReset);
        }
    }

    private static void reset(Socket socket, boolean isReset) throws IOException {
        if (isReset) {
            socket.setSoLinger(true, 0);
        }
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct")).mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
    }
}
