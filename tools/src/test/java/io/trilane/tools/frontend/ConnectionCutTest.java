package io.trilane.tools.frontend;

import static io.trilane.tools.frontend.LoopTalk.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.metrics.EngineCounter;
import io.trilane.hba.image.ImageRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A connection that is dropped by somebody else, from another loop or thread.
@Timeout(60)
class ConnectionCutTest {
    /// Its loop is in the middle of reading a request when the connection is dropped: the request never reaches the engine.
    @Test
    void nothingReachesTheEngineOnceItIsDropped() throws Exception {
        CountDownLatch isReading = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        AtomicBoolean isArmed = new AtomicBoolean();
        List<Connection> connections = new CopyOnWriteArrayList<>();
        try (MemoryServer server = new MemoryServer(2, new ImageRegistry().open("memory:16m", false, 512))) {
            InetSocketAddress address = server.listen(slow(connections, () -> {
                if (isArmed.compareAndSet(true, false)) {
                    isReading.countDown();
                    mayGoOn.await();
                }
            }));
            try (BlockPeer driver = new BlockPeer(server, address); BlockPeer peer = new BlockPeer(server, address)) {
                driver.write(0, LoopTalk.filled(8, 1));
                isArmed.set(true);
                peer.send(1, 0, 8, 7, LoopTalk.filled(8, 2));
                isReading.await();
                long submitted = server.engine.counters().get(EngineCounter.SUBMITTED);
                connections.get(1).dropFromOutside("somebody else wants it");
                mayGoOn.countDown();
                assertThat(peer.socket.getInputStream().read()).isEqualTo(-1);
                await(() -> server.loops.connections() == 1);
                assertThat(server.engine.counters().get(EngineCounter.SUBMITTED)).isEqualTo(submitted);
                assertThat(driver.read(0, 8)).isEqualTo(LoopTalk.filled(8, 1));
                await(() -> server.engine.counters().get(EngineCounter.CLIENTS) == 1);
            }
            assertThat(server.log.getFirst()).contains("closed: ");
        }
    }

    /// What it has not sent is dropped: it does not wait for a peer that reads nothing.
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void doesNotWaitForItsPeerToRead(int loopCount) throws Exception {
        List<Connection> connections = new CopyOnWriteArrayList<>();
        try (MemoryServer server = new MemoryServer(loopCount, new ImageRegistry().open("memory:16m", false, 512))) {
            InetSocketAddress address = server.listen(slow(connections, () -> {}));
            try (BlockPeer driver = new BlockPeer(server, address); BlockPeer peer = new BlockPeer(server, address)) {
                for (int i = 0; i < 100; i++) {
                    peer.send(0, 0, 1000, i, new byte[0]);
                }
                await(() -> connections.get(1).outbox().queuedBytes() > 0);
                connections.get(1).dropFromOutside("somebody else wants it");
                await(() -> server.loops.connections() == 1);
                await(() -> server.engine.counters().get(EngineCounter.CLIENTS) == 1);
                assertThat(driver.read(0, 8)).hasSize(8 * 512);
            }
            // A request that is refused because of it may be the first to notice.
            assertThat(server.log).singleElement().asString()
                    .containsPattern("closed: (somebody else wants it|refused)$");
        }
    }

    @Test
    void mayBeDroppedWhenItIsGoneAlready() throws Exception {
        List<Connection> connections = new CopyOnWriteArrayList<>();
        try (MemoryServer server = new MemoryServer(2, new ImageRegistry().open("memory:16m", false, 512))) {
            InetSocketAddress address = server.listen(slow(connections, () -> {}));
            new BlockPeer(server, address).close();
            await(() -> server.loops.connections() == 0);
            connections.getFirst().dropFromOutside("too late");
            try (Socket socket = server.connect(address)) {
                await(() -> connections.size() == 2);
                assertThat(socket.isConnected()).isTrue();
            }
            assertThat(server.log).isEmpty();
        }
    }

    /// What a loop does between a look at its queue and a request.
    private interface Pause {
        void run() throws InterruptedException;
    }

    private static FrontEnd slow(List<Connection> connections, Pause beforeReading) {
        return new FrontEnd() {
            @Override
            public String name() {
                return "slow";
            }

            @Override
            public Protocol accept(Connection connection) {
                connections.add(connection);
                try {
                    return new BlockProtocol(connection, new AtomicInteger()) {
                        @Override
                        public boolean onReadable() throws IOException {
                            try {
                                beforeReading.run();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            return super.onReadable();
                        }
                    };
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }
}
