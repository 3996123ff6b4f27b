package io.trilane.tools.frontend;

import io.trilane.engine.Engine;
import io.trilane.engine.queue.Doorbell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The event loops of a server, one thread each. A new connection goes to the loop with the fewest, the first of them
/// while they are equal: it drives the engine, so a single connection never changes threads.
public final class EventLoops implements AutoCloseable {
    private static final long STOP_NS = 10_000_000_000L;

    private final Selector[] selectors;
    private final Doorbell[] doorbells;
    private final AtomicInteger[] counts;
    private final List<EventLoop> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final Consumer<String> log;
    private ConnectionLimits limits = ConnectionLimits.STANDARD;

    /// @param count loops, at least 1
    /// @param log   takes a line; any thread
    public EventLoops(int count, Consumer<String> log) throws IOException {
        this.log = log;
        selectors = new Selector[count];
        doorbells = new Doorbell[count];
        counts = new AtomicInteger[count];
        for (int i = 0; i < count; i++) {
            Selector selector = Selector.open();
            selectors[i] = selector;
            doorbells[i] = Doorbell.waking(() -> {
                Selector _ = selector.wakeup();
            });
            counts[i] = new AtomicInteger();
        }
    }

    /// What the engine has to ring: give it to [io.trilane.engine.EngineConfig#withDriverDoorbell].
    public Doorbell driverDoorbell() {
        return doorbells[0];
    }

    /// Starts the threads, without statistics. The caller has launched the INVOKER engine and drives it no longer.
    public void start(Engine engine, ConnectionLimits newLimits, LongSupplier nanoClock) {
        start(engine, newLimits, nanoClock, StatisticsFile.inMemory());
    }

    /// Starts the threads. The caller has launched the INVOKER engine and drives it no longer.
    public void start(Engine engine, ConnectionLimits newLimits, LongSupplier nanoClock, StatisticsFile statistics) {
        limits = newLimits;
        engine.releaseDriver();
        DataWindows windows = new DataWindows(engine.memory().dmaSpace().region(0));
        LoopShare share = new LoopShare(engine, windows, statistics, nanoClock, log);
        for (int i = 0; i < selectors.length; i++) {
            EventLoop loop = new EventLoop(share, i == 0, doorbells[i], selectors[i]);
            loops.add(loop);
            threads.add(Thread.ofPlatform().name("trilane-loop-" + i).start(loop));
        }
    }

    /// Listens for a front end; returns the address with the port that was chosen. After [#start].
    public SocketAddress listen(SocketAddress address, FrontEnd frontEnd) throws IOException {
        Listener listener = Listener.open(address, frontEnd, this);
        listeners.add(listener);
        loops.getFirst().add(listener);
        return listener.address();
    }

    /// Every connection hears of it. Any thread.
    public void publish(ServerEvent event) {
        loops.forEach(loop -> loop.publish(event));
    }

    /// Open connections, over all front ends. Any thread.
    public int connections() {
        int sum = 0;
        for (AtomicInteger count : counts) {
            sum += count.get();
        }
        return sum;
    }

    /// A loop has ended because of an error: the server is to be stopped. Any thread.
    public boolean hasFailed() {
        return loops.stream().anyMatch(EventLoop::hasFailed);
    }

    /// Accepts no more, lets commands under way finish and be answered, ends the threads.
    @Override
    public void close() {
        listeners.forEach(Listener::close);
        loops.forEach(loop -> loop.stop(STOP_NS));
        // The first one last: it drives the engine, which the others need to finish.
        for (int i = threads.size() - 1; i >= 0; i--) {
            if (i == 0) {
                loops.getFirst().stopDriving();
            }
            join(threads.get(i));
        }
        loops.forEach(EventLoop::finish);
        for (Selector selector : selectors) {
            try {
                selector.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// The loop that accepts: gives a connection to its loop, or closes it when there are too many.
    void assign(SocketChannel channel, FrontEnd frontEnd) throws IOException {
        if (connections() >= limits.maxConnections()) {
            log(frontEnd.name() + " peer=" + channel.getRemoteAddress() + " refused: connections=" + connections()
                    + " >= maxConnections=" + limits.maxConnections());
            channel.close();
            return;
        }
        int index = 0;
        for (int i = 1; i < counts.length; i++) {
            if (counts[i].get() < counts[index].get()) {
                index = i;
            }
        }
        AtomicInteger count = counts[index];
        int _ = count.incrementAndGet();
        EventLoop loop = loops.get(index);
        loop.execute(() -> loop.adopt(channel, frontEnd, count::decrementAndGet));
    }

    void log(String line) {
        log.accept(line);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
