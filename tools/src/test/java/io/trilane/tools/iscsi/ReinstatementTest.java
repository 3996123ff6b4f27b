package io.trilane.tools.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Session reinstatement (RFC 7143 6.3.5): the old session's connection lives on the loop of the new one, or on another.
@Timeout(120)
class ReinstatementTest {
    private static final byte[] NONE = {};
    private static final int ROUNDS = 40;
    private static final int MEGABYTE = 1 << 20;
    /// More than sockets hold.
    private static final int READS = 14;
    private static final int RECEIVE_BYTES = 64 << 10;
    /// More tasks than there are, if they were lost.
    private static final int READER_ROUNDS = 6;

    /// Every round the old session has a write under way whose data comes while the new one logs in and writes the same place.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theOldSessionHasNoEffectOnceTheNewOneIsThere(int loopCount) throws IOException {
        try (IscsiServer server = IscsiServer.start(IscsiServer.options().withLoops(loopCount))) {
            IscsiPeer old = server.login("ImmediateData=No");
            for (int round = 0; round < ROUNDS; round++) {
                int tag = old.command(0xA0, 512, IscsiPeer.write10(5, 1), NONE);
                int transferTag = old.receive().u32(20);
                IscsiPeer next = server.connect();
                Thread late = send(old, tag, transferTag);
                next.login("ImmediateData=No");
                next.testUnitReady();
                byte[] data = filled(round + 1);
                int own = next.command(0xA0, 512, IscsiPeer.write10(5, 1), NONE);
                next.dataOut(own, next.receive().u32(20), 0, 0, true, data);
                IscsiPeer.Answer _ = next.expectGood(own);
                join(late);
                drain(old);
                assertThat(next.readBack(5, 1)).as("round %d", round).isEqualTo(data);
                old.close();
                old = next;
            }
            old.close();
            assertThat(server.log).hasSizeLessThanOrEqualTo(ROUNDS)
                    .allSatisfy(line -> assertThat(line).contains("session reinstated by a new login"));
            assertThat(server.log).isNotEmpty();
        }
    }

    /// What waits for the old session is dropped, with its tasks: nobody waits for it to read, and nothing is used up.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anOldSessionThatReadsNothingIsGoneAtOnce(int loopCount) throws IOException {
        IscsiServer.Options options = IscsiServer.options().withLoops(loopCount).withWindow(READS);
        try (IscsiServer server = IscsiServer.start(options)) {
            for (int round = 0; round < READER_ROUNDS; round++) {
                try (IscsiPeer old = server.connectNarrow(RECEIVE_BYTES); IscsiPeer next = server.connect()) {
                    old.login("MaxRecvDataSegmentLength=262144");
                    old.testUnitReady();
                    long completed = server.completed();
                    for (int i = 0; i < READS; i++) {
                        int _ = old.command(0xC0, MEGABYTE, IscsiPeer.read10(0, MEGABYTE / IscsiServer.BLOCK), NONE);
                    }
                    await(() -> server.completed() >= completed + READS);
                    next.login();
                    await(() -> server.connections() == 1 && server.clients() == 1);
                    next.testUnitReady();
                }
                await(() -> server.connections() == 0);
            }
            assertThat(server.log).hasSize(READER_ROUNDS)
                    .allSatisfy(line -> assertThat(line).endsWith("closed: session reinstated by a new login"));
        }
    }

    /// The answer of its write, if it was faster than the new login, then the end.
    private static void drain(IscsiPeer old) throws IOException {
        try {
            while (true) {
                IscsiPeer.Answer answer = old.receive();
                assertThat(answer.opcode()).isEqualTo(0x21);
            }
        } catch (EOFException | SocketException _) {
            // Closed or reset: that is what is wanted. A session that lives would run into the time limit of the socket.
        }
    }

    private static Thread send(IscsiPeer old, int tag, int transferTag) {
        return Thread.ofPlatform().start(() -> {
            try {
                old.dataOut(tag, transferTag, 0, 0, true, filled(0xEE));
            } catch (IOException _) {
                // The server was faster.
            }
        });
    }

    private static byte[] filled(int value) {
        byte[] data = new byte[512];
        Arrays.fill(data, (byte) value);
        return data;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(BooleanSupplier condition) {
        long untilNs = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(untilNs);
            Thread.onSpinWait();
        }
    }
}
