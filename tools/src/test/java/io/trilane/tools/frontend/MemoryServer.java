package io.trilane.tools.frontend;

import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.HbaController;
import io.trilane.hba.HbaModel;
import io.trilane.hba.LogicalUnitConfig;
import io.trilane.hba.image.DiskImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// An engine on one image, event loops on loopback: what the tests of this package talk to.
final class MemoryServer implements AutoCloseable {
    static final int TASKS = 64;
    static final int BLOCK = 512;
    static final int MAX_TRANSFER = 1 << 20;

    final List<String> log = new CopyOnWriteArrayList<>();
    final EventLoops loops;
    final Engine engine;
    final DiskImage image;
    final StatisticsFile statistics;
    private boolean closed;

    MemoryServer(int loopCount, DiskImage image) throws IOException {
        this(loopCount, image, ConnectionLimits.STANDARD.withMaxTasks(16), 8L << 20);
    }

    MemoryServer(int loopCount, DiskImage image, ConnectionLimits limits, long dataBytes) throws IOException {
        this.image = image;
        loops = new EventLoops(loopCount, log::add);
        EngineConfig config = EngineConfig.defaults().withMaxTasks(TASKS).withClientMaxTasks(limits.maxTasks())
                .withDataBudgetBytes(dataBytes).withCountersDirectory(Optional.empty())
                .withDriverDoorbell(loops.driverDoorbell());
        engine = Engine.launch(config,
                new HbaController(new HbaModel(HbaConfig.of(TASKS, LogicalUnitConfig.ofSerial("1"), image))));
        ServedUnit unit = new ServedUnit(0, 0, "disk", BLOCK, image.capacityBlocks(), false, false, MAX_TRANSFER);
        statistics = StatisticsFile.inMemory(List.of(unit), System::nanoTime);
        loops.start(engine, limits, System::nanoTime, statistics);
    }

    InetSocketAddress listen(FrontEnd frontEnd) throws IOException {
        return (InetSocketAddress) loops.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), frontEnd);
    }

    Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        socket.connect(address);
        return socket;
    }

    /// Stops the loops and the engine; once.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            loops.close();
            engine.close();
            image.close();
        }
    }
}
