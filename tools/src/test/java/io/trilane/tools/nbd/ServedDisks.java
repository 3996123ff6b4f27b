package io.trilane.tools.nbd;

import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.controller.Controller;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.HbaController;
import io.trilane.hba.HbaModel;
import io.trilane.hba.LogicalUnitConfig;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.hba.page.Provisioning;
import io.trilane.tools.frontend.ConnectionLimits;
import io.trilane.tools.frontend.EventLoops;
import io.trilane.tools.frontend.ServedUnit;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/// Disks of a real engine behind an NBD server, for tests and for trying clients by hand.
public final class ServedDisks implements AutoCloseable {
    private static final int TASKS = 256;

    private final ImageRegistry registry = new ImageRegistry();
    private final List<DiskImage> images = new ArrayList<>();
    private final List<ServedUnit> units = new ArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final EventLoops loops;
    private final Engine engine;

    /// @param spec             as [ImageRegistry#open(String, boolean, int)]
    /// @param maxTransferBytes of one command
    public record Disk(String name, String spec, int blockBytes, boolean isReadOnly, boolean isThin,
            int maxTransferBytes) {
        public static Disk of(String name, String spec) {
            return new Disk(name, spec, 512, false, true, 1 << 20);
        }
    }

    public ServedDisks(int loopCount, long dataBudgetBytes, List<Disk> disks) throws IOException {
        this(loopCount, dataBudgetBytes, disks, image -> image);
    }

    /// @param decorator of every image
    public ServedDisks(int loopCount, long dataBudgetBytes, List<Disk> disks, UnaryOperator<DiskImage> decorator)
            throws IOException {
        this(loopCount, dataBudgetBytes, disks, decorator, controller -> controller);
    }

    /// @param decorator of every image
    /// @param around    the controller
    ServedDisks(int loopCount, long dataBudgetBytes, List<Disk> disks, UnaryOperator<DiskImage> decorator,
            UnaryOperator<Controller> around) throws IOException {
        List<HbaConfig.Unit> hardware = new ArrayList<>();
        for (Disk disk : disks) {
            boolean isReadOnly = disk.isReadOnly() && !disk.spec().startsWith("memory:");
            DiskImage image = decorator.apply(registry.open(disk.spec(), isReadOnly, disk.blockBytes()));
            images.add(image);
            LogicalUnitConfig config = LogicalUnitConfig.ofSerial("NBD" + units.size())
                    .withProvisioning(disk.isThin() ? Provisioning.THIN : Provisioning.FULL);
            hardware.add(new HbaConfig.Unit(0, units.size(), config, image));
            units.add(new ServedUnit(0, units.size(), disk.name(), disk.blockBytes(), image.capacityBlocks(),
                    disk.isReadOnly(), disk.isThin(), disk.maxTransferBytes()));
        }
        loops = new EventLoops(loopCount, log::add);
        engine = Engine.launch(EngineConfig.defaults().withMaxTasks(TASKS).withDataBudgetBytes(dataBudgetBytes)
                .withDriverDoorbell(loops.driverDoorbell()),
                around.apply(new HbaController(new HbaModel(new HbaConfig(TASKS, 16 << 20, 1, hardware)))));
        loops.start(engine, ConnectionLimits.STANDARD, System::nanoTime);
    }

    public List<ServedUnit> units() {
        return units;
    }

    public SocketAddress listen(SocketAddress address, TlsSettings tls, ConnectionLimits limits) throws IOException {
        return loops.listen(address, new NbdFrontEnd(units, tls, limits));
    }

    public Engine engine() {
        return engine;
    }

    public EventLoops loops() {
        return loops;
    }

    public DiskImage image(int index) {
        return images.get(index);
    }

    public List<String> log() {
        return log;
    }

    @Override
    public void close() {
        loops.close();
        engine.close();
        images.forEach(DiskImage::close);
    }

    public static Disk file(String name, Path path) {
        return Disk.of(name, path.toString());
    }
}
