package io.trilane.tools.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.Client;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.image.PendingImage;
import io.trilane.tools.frontend.CompletingController;
import io.trilane.tools.frontend.ConnectionLimits;
import io.trilane.tools.nbd.RawPeer.Reply;
import io.trilane.tools.nbd.ServedDisks.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Requests whose commands are aborted by the task management of others, on an image that keeps operations until it is told.
/// An aborted operation has had no effect, so a request that seems done without being sent again is found out.
@Timeout(60)
class AbortedRequestsTest {
    private static final int SIZE = 1 << 20;
    private static final int BYTES = 4096;
    private static final int MAX_ABORTS = 4;

    private PendingImage image;
    private ServedDisks disks;
    private SocketAddress address;

    @BeforeEach
    void serve() throws IOException {
        disks = new ServedDisks(1, 16 << 20, List.of(Disk.of("disk", "memory:" + SIZE)), this::pending,
                inner -> new CompletingController(inner, this::failOldest));
        address = disks.listen(RawPeer.loopback(), null, ConnectionLimits.STANDARD);
        // Who is served knows that the loop drives the engine, and this thread does not.
        RawPeer.transmitting(address, "disk", false, false).close();
        await(() -> counter(EngineCounter.CLIENTS) == 0);
    }

    @AfterEach
    void stop() {
        disks.close();
    }

    /// Any step of a request may be aborted.
    enum Asked {
        READ(0, 1000, 5000), WRITE(1, 8192, 16_384), WRITE_OF_EDGES(1, 1001, 3000), WRITE_FUA(1, 4096, BYTES),
        FLUSH(3, 0, 0), TRIM(4, 8192, 65_536), ZEROES(6, 300, 9000);

        final int type;
        final int offset;
        final int length;

        Asked(int type, int offset, int length) {
            this.type = type;
            this.offset = offset;
            this.length = length;
        }
    }

    @ParameterizedTest
    @EnumSource(Asked.class)
    void requestsThatOthersAbortAreTriedAgain(Asked asked) throws IOException {
        byte[] before = random(SIZE);
        byte[] expected = before.clone();
        byte[] payload = asked.type == 1 ? random(asked.length) : new byte[0];
        try (RawPeer peer = RawPeer.transmitting(address, "disk", false, false);
                RawPeer other = RawPeer.transmitting(address, "disk", false, false)) {
            CompletableFuture<Reply> filled = answer(other, 0);
            other.request(0, 1, 1, 0, SIZE, before);
            int _ = serve(filled, 0);
            CompletableFuture<Reply> answered = answer(peer, asked.type == 0 ? asked.length : 0);
            peer.request(asked == Asked.WRITE_FUA ? 1 : 0, asked.type, 2, asked.offset, asked.length, payload);
            assertThat(serve(answered, MAX_ABORTS)).as("aborts").isPositive();
            Reply reply = answered.join();
            assertThat(reply.error()).isZero();
            assertThat(reply.cookie()).isEqualTo(2);
            switch (asked.type) {
                case 0 -> assertThat(reply.data())
                        .isEqualTo(Arrays.copyOfRange(before, asked.offset, asked.offset + asked.length));
                case 1 -> System.arraycopy(payload, 0, expected, asked.offset, asked.length);
                case 4, 6 -> Arrays.fill(expected, asked.offset, asked.offset + asked.length, (byte) 0);
                default -> {
                }
            }
            CompletableFuture<Reply> read = answer(other, SIZE);
            other.request(0, 0, 3, 0, SIZE);
            int _ = serve(read, 0);
            assertThat(Arrays.equals(read.join().data(), expected)).as("what others read").isTrue();
        }
        assertThat(disks.log()).isEmpty();
        assertThat(counter(EngineCounter.STALE_RELEASES)).isZero();
    }

    /// The command that is under way reads the memory of the first one: it is given to nobody before that is back, and then
    /// all of it is.
    @Test
    void aWriteThatWasSentAgainKeepsItsDataWhenThePeerGoes() throws IOException {
        Room before = room();
        byte[] data = random(BYTES);
        try (RawPeer peer = RawPeer.transmitting(address, "disk", false, false)) {
            peer.request(0, 1, 1, 0, BYTES, data);
            await(() -> image.pendingOperations() == 1);
            reset();
            await(() -> image.pendingOperations() == 1);
        }
        await(() -> disks.loops().connections() == 0);
        try (Client taker = disks.engine().openClient("taker", "target")) {
            List<Task> taken = claimAll(taker, BYTES);
            taken.forEach(task -> task.extents().segment(0).asSlice(task.extents().offset(0), BYTES)
                    .fill((byte) 0xEE));
            assertThat(image.completeOldest()).isTrue();
            releaseAll(taker, taken);
        }
        await(() -> counter(EngineCounter.CLIENTS) == 0);
        assertThat(room()).isEqualTo(before);
        assertThat(counter(EngineCounter.STALE_RELEASES)).isZero();
        try (RawPeer other = RawPeer.transmitting(address, "disk", false, false)) {
            CompletableFuture<Reply> read = answer(other, BYTES);
            other.request(0, 0, 1, 0, BYTES);
            int _ = serve(read, 0);
            assertThat(read.join().data()).isEqualTo(data);
        }
    }

    /// Peers that go at any point of such a write, more of them than there are tasks.
    @Test
    void writesThatWereSentAgainLeakNothing() throws IOException {
        Room before = room();
        for (int i = 0; i < before.tasks; i++) {
            try (RawPeer peer = RawPeer.transmitting(address, "disk", false, false)) {
                peer.request(0, 1, 1, 0, BYTES, new byte[BYTES]);
                await(() -> image.pendingOperations() == 1);
                reset();
                if (i % 2 == 0) {
                    await(() -> image.pendingOperations() == 1);
                }
            }
            await(() -> {
                boolean _ = image.completeOldest();
                return counter(EngineCounter.CLIENTS) == 0;
            });
        }
        assertThat(room()).isEqualTo(before);
        assertThat(counter(EngineCounter.STALE_RELEASES)).isZero();
    }

    private DiskImage pending(DiskImage inner) {
        image = new PendingImage(inner);
        return image;
    }

    /// While a function is performed: what it aborts comes to nothing.
    private void failOldest() {
        List<Long> tokens = image.pendingTokens();
        if (!tokens.isEmpty()) {
            image.completeWith(tokens.getFirst(), ImageResult.MEDIUM_ERROR);
        }
    }

    /// Does operations until there is an answer, and aborts every second one at first; returns how many.
    private int serve(CompletableFuture<Reply> answer, int maxAborts) {
        int aborts = 0;
        for (int i = 0; !answer.isDone(); i++) {
            await(() -> answer.isDone() || image.pendingOperations() > 0);
            if (i % 2 == 0 && aborts < maxAborts && image.pendingOperations() > 0) {
                aborts++;
                reset();
            } else {
                boolean _ = image.completeOldest();
            }
        }
        return aborts;
    }

    private void reset() {
        try (Client client = disks.engine().openClient("tester", "target")) {
            assertThat(client.manageTask(TaskManagementFunction.LOGICAL_UNIT_RESET, 0, 0, 0))
                    .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
        }
    }

    /// Tasks that a newcomer can claim, and of those with data.
    private record Room(int tasks, int buffers) {}

    private Room room() {
        try (Client client = disks.engine().openClient("counts", "target")) {
            return new Room(claimable(client, 0), claimable(client, 1 << 18));
        }
    }

    private static int claimable(Client client, int bytes) {
        List<Task> claimed = claimAll(client, bytes);
        releaseAll(client, claimed);
        return claimed.size();
    }

    private static List<Task> claimAll(Client client, int bytes) {
        List<Task> claimed = new ArrayList<>();
        Task task;
        while ((task = client.claim(bytes)) != null) {
            claimed.add(task);
        }
        return claimed;
    }

    private static void releaseAll(Client client, List<Task> tasks) {
        tasks.forEach(task -> {
            boolean _ = client.release(task.token());
        });
    }

    private long counter(EngineCounter counter) {
        return disks.engine().counters().get(counter);
    }

    private static CompletableFuture<Reply> answer(RawPeer peer, int dataBytes) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return peer.reply(dataBytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, work -> {
            Thread _ = Thread.ofPlatform().start(work);
        });
    }

    private static void await(BooleanSupplier condition) {
        long untilNs = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(untilNs);
            Thread.onSpinWait();
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
