package io.trilane.tools.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// When a loop looks again, when it reads again, and when it sleeps; turn by turn.
@Timeout(60)
class LoopRestTest {
    private static final int REQUESTS = 4;
    /// The first is answered with a unit attention and no data.
    private static final int ANSWERS_BYTES =
            REQUESTS * BlockProtocol.ANSWER_BYTES + (REQUESTS - 1) * MemoryServer.BLOCK;
    private static final int TURNS = 2000;
    /// 50 us of looking again, with the turns of a request around them.
    private static final int LEAST_TURNS_AWAKE = 5;
    private static final int MOST_TURNS_AWAKE = 12;

    @Test
    void looksAgainForAWhileAfterWorkThenSleepsUntilItIsWoken() {
        MemoryLoop.Trace trace = run(BlockProtocol.REQUEST_BYTES, transport -> transport);
        assertThat(trace.total(0)).isEqualTo(ANSWERS_BYTES);
        List<MemoryLoop.Sleep> sleeps = trace.sleeps();
        assertThat(sleeps).allSatisfy(sleep -> assertThat(sleep.timeoutMs()).as("for ever").isZero());
        for (int i = 0; i < REQUESTS; i++) {
            int turnsAwake = sleeps.get(i + 1).turn() - sleeps.get(i).turn();
            assertThat(turnsAwake).as("after request %d", i).isBetween(LEAST_TURNS_AWAKE, MOST_TURNS_AWAKE);
        }
        // From then on nothing is done but sleeping.
        int lastTurn = sleeps.get(REQUESTS).turn();
        assertThat(sleeps.size() - REQUESTS).isEqualTo(TURNS - lastTurn);
    }

    /// A read that got less than there was room for is the last one until the socket is readable again.
    @Test
    void readsOnceForEachArrival() {
        MemoryLoop.Trace trace = run(BlockProtocol.REQUEST_BYTES, transport -> transport);
        assertThat(trace.reads()[0]).isLessThanOrEqualTo(REQUESTS + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 10, 23, 25, 47, 1000})
    void readsAgainWhenTheSocketIsReadableAgain(int piece) {
        assertThat(run(piece, transport -> transport).total(0)).isEqualTo(ANSWERS_BYTES);
    }

    /// What came with one arrival is inside the transport: the socket never becomes readable again.
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 23, 24, 25, 1000})
    void readsWhatTheTransportHasKeptWithoutWaitingForTheSocket(int mostBytes) {
        AtomicReference<KeepingTransport> made = new AtomicReference<>();
        MemoryLoop.Trace trace = run(Integer.MAX_VALUE, plain -> {
            made.set(new KeepingTransport(plain, mostBytes));
            return made.get();
        });
        assertThat(trace.total(0)).isEqualTo(ANSWERS_BYTES);
        int asleepTurn = trace.sleeps().get(1).turn();
        assertThat(trace.turnOf(0, ANSWERS_BYTES)).as("before it sleeps").isLessThanOrEqualTo(asleepTurn);
        assertThat(made.get().hasUnread()).isFalse();
    }

    private static MemoryLoop.Trace run(int piece, UnaryOperator<Transport> around) {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (int i = 0; i < REQUESTS; i++) {
            input.writeBytes(BlockPeer.request(0, i, 1, i));
        }
        FrontEnd frontEnd = BlockProtocol.frontEnd();
        try (MemoryLoop loop = new MemoryLoop(_ -> new FrontEnd() {
            @Override
            public String name() {
                return frontEnd.name();
            }

            @Override
            public Protocol accept(Connection connection) {
                connection.upgrade(around.apply(connection.transport()));
                return frontEnd.accept(connection);
            }
        })) {
            return loop.run(TURNS, piece, input.toByteArray());
        }
    }

    /// Reads all there is, as TLS does with a record, and gives out little at a time.
    private static final class KeepingTransport implements Transport {
        private final Transport plain;
        private final int mostBytes;
        private final ByteBuffer kept = ByteBuffer.allocate(1 << 12).limit(0);

        KeepingTransport(Transport plain, int mostBytes) {
            this.plain = plain;
            this.mostBytes = mostBytes;
        }

        @Override
        public long read(ByteBuffer[] targets, int count) throws IOException {
            if (!kept.hasRemaining()) {
                long got = plain.read(new ByteBuffer[]{kept.clear()}, 1);
                kept.flip();
                if (got <= 0) {
                    return got;
                }
            }
            int length = Math.min(Math.min(mostBytes, kept.remaining()), targets[0].remaining());
            targets[0].put(kept.slice(kept.position(), length));
            kept.position(kept.position() + length);
            return length;
        }

        @Override
        public long write(ByteBuffer[] sources, int count) throws IOException {
            return plain.write(sources, count);
        }

        @Override
        public boolean hasUnsent() {
            return plain.hasUnsent();
        }

        @Override
        public boolean hasUnread() {
            return kept.hasRemaining() || plain.hasUnread();
        }

        @Override
        public void close() throws IOException {
            plain.close();
        }
    }
}
