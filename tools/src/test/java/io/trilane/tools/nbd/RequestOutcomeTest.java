package io.trilane.tools.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.trilane.engine.Client;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.tools.frontend.ConnectionLimits;
import io.trilane.tools.nbd.RawPeer.Reply;
import io.trilane.tools.nbd.ServedDisks.Disk;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of requests when the unit has news, fails, or is asked for durability.
class RequestOutcomeTest {
    private static final int EIO = 5;
    private static final int MAX_BYTES_PER_REQUEST = 120;

    private final List<JournalImage> journals = new ArrayList<>();
    private ServedDisks disks;
    private SocketAddress address;

    @BeforeEach
    void serve() throws IOException {
        disks = new ServedDisks(1, 16 << 20, List.of(new Disk("thin", "memory:4m", 512, false, true, 64 << 10),
                new Disk("full", "memory:4m", 4096, false, false, 64 << 10)), image -> {
                    JournalImage journal = new JournalImage(image);
                    journals.add(journal);
                    return journal;
                });
        address = disks.listen(RawPeer.loopback(), null, ConnectionLimits.STANDARD);
    }

    @AfterEach
    void stop() {
        disks.close();
    }

    @Test
    void persistsEveryPartOfARequestWithFua() throws IOException {
        for (int i = 0; i < 2; i++) {
            JournalImage journal = journals.get(i);
            try (RawPeer peer = RawPeer.transmitting(address, i == 0 ? "thin" : "full", true, false)) {
                assertThat(peer.error(1, 1, 1000, 300_000, new byte[300_000])).isZero();
                assertThat(journal.volatileBytes()).isZero();
                assertThat(peer.error(0, 1, 1000, 300_000, new byte[300_000])).isZero();
                assertThat(journal.volatileBytes()).isPositive();
                assertThat(peer.error(0, 3, 0, 0)).isZero();
                assertThat(journal.volatileBytes()).isZero();
                assertThat(peer.error(1, 6, 1000, 300_000)).isZero();
                assertThat(journal.volatileBytes()).isZero();
                assertThat(peer.error(3, 6, 1000, 300_000)).isZero();
                assertThat(journal.volatileBytes()).isZero();
                assertThat(peer.error(1, 4, 1000, 300_000)).isZero();
                assertThat(journal.volatileBytes()).isZero();
            }
        }
    }

    @Test
    void flushesWhatOtherConnectionsWrote() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", true, false);
                RawPeer other = RawPeer.transmitting(address, "thin", true, false)) {
            assertThat(peer.error(0, 1, 3, 3, (byte) 1, (byte) 2, (byte) 3)).isZero();
            assertThat(journals.getFirst().volatileBytes()).isPositive();
            assertThat(other.error(0, 3, 0, 0)).isZero();
            assertThat(journals.getFirst().volatileBytes()).isZero();
        }
    }

    @Test
    void sendsACommandAgainAfterAUnitAttention() throws IOException {
        byte[] data = new byte[70_000];
        Arrays.fill(data, (byte) 7);
        try (RawPeer peer = RawPeer.transmitting(address, "thin", false, false)) {
            reset();
            assertThat(peer.error(0, 1, 512, 4096, Arrays.copyOf(data, 4096))).isZero();
            reset();
            assertThat(peer.error(1, 1, 4600, data.length, data)).isZero();
            reset();
            peer.request(0, 0, 1, 4600, data.length);
            assertThat(peer.reply(data.length).data()).isEqualTo(data);
            for (int type : new int[]{3, 4, 5, 6}) {
                reset();
                int length = type == 3 ? 0 : 8192;
                assertThat(peer.error(0, type, 8L * length, length)).as("type=%d", type).isZero();
            }
            peer.request(0, 0, 1, 512, 4096);
            assertThat(peer.reply(4096).data()).containsOnly(7);
        }
    }

    @Test
    void tellsAFailureInAChunkAndGoesOn() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", true, false)) {
            journals.getFirst().failAt(100_000);
            peer.request(0, 0, 1, 0, 200_000);
            assertThat(peer.reply(0).chunkType()).isEqualTo(1);
            Reply failure = peer.reply(0);
            assertThat(failure.error()).isEqualTo(EIO);
            assertThat(failure.flags()).isEqualTo(1);
            assertThat(peer.error(0, 1, 99_999, 5, new byte[5])).isEqualTo(EIO);
            assertThat(peer.error(0, 1, 0, 200_000, new byte[200_000])).isEqualTo(EIO);
            assertThat(peer.error(0, 6, 0, 200_000)).isEqualTo(EIO);
            assertThat(peer.error(0, 3, 0, 0)).isZero();
        }
    }

    @Test
    void dropsAPeerWhenASimpleReadFailsInItsMiddle() throws IOException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", false, false)) {
            journals.getFirst().failAt(100_000);
            assertThat(peer.error(0, 0, 99_999, 5)).isEqualTo(EIO);
            peer.request(0, 0, 1, 0, 200_000);
            assertThat(peer.read(16)[7]).isZero();
            byte[] _ = peer.read(65_536);
            assertThat(peer.isCutOff()).isTrue();
        }
        assertThat(disks.log()).singleElement().asString().contains("failed after its reply had begun");
    }

    @Test
    void keepsNoTaskOfAPeerThatIsGone() throws IOException {
        for (int i = 0; i < 300; i++) {
            RawPeer peer = RawPeer.transmitting(address, "thin", true, false);
            peer.request(0, 1, 1, 100, 60_000, new byte[i * 200]);
            peer.request(0, 0, 2, 0, 60_000);
            peer.close();
        }
        // More than the engine has tasks for, if each had kept one.
        try (RawPeer peer = RawPeer.transmitting(address, "thin", true, false)) {
            assertThat(peer.error(0, 1, 0, 4096, new byte[4096])).isZero();
        }
    }

    @Test
    void finishesWhatIsUnderWayWhenTheServerStops() throws IOException, InterruptedException {
        try (RawPeer peer = RawPeer.transmitting(address, "thin", true, false)) {
            // A flush, and a write with half of its payload, in one piece: when the first is answered, the second has begun.
            peer.sendHex("25609513 0000 0003 0000000000000001 0000000000000000 00000000"
                    + "25609513 0000 0001 0000000000000002 0000000000000000 00000200" + "07".repeat(256));
            assertThat(peer.reply(0).cookie()).isEqualTo(1);
            Thread stopping = Thread.ofPlatform().start(disks.loops()::close);
            peer.sendHex("07".repeat(256));
            assertThat(peer.reply(0).error()).isZero();
            assertThat(peer.isCutOff()).isTrue();
            stopping.join();
        }
        assertThat(journals.getFirst().volatileBytes()).isEqualTo(512);
    }

    /// The selector and the sockets of the platform are in it, so the limit is not 0.
    @Test
    void allocatesNothingOfItsOwnForARequest() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (RawPeer peer = RawPeer.transmitting(address, "thin", true, false)) {
            run(peer, 20_000);
            long loop = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("trilane-loop-0")).findAny().orElseThrow().threadId();
            long before = threads.getThreadAllocatedBytes(loop);
            run(peer, 4_000);
            long each = (threads.getThreadAllocatedBytes(loop) - before) / 8_000;
            assertThat(each).isLessThan(MAX_BYTES_PER_REQUEST);
        }
    }

    private static void run(RawPeer peer, int pairs) throws IOException {
        byte[] data = new byte[4096];
        for (int i = 0; i < pairs; i++) {
            peer.request(0, 1, 1, 4096, 4096, data);
            peer.request(0, 0, 2, 8192, 4096);
            Reply _ = peer.reply(0);
            Reply _ = peer.reply(0);
        }
    }

    private void reset() {
        try (Client client = disks.engine().openClient("tester", "target")) {
            assertThat(client.manageTask(TaskManagementFunction.LOGICAL_UNIT_RESET, 0, 0, 0))
                    .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
        }
    }
}
