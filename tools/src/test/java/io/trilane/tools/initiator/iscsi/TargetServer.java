package io.trilane.tools.initiator.iscsi;

import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.HbaController;
import io.trilane.hba.HbaModel;
import io.trilane.hba.LogicalUnitConfig;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageFiles;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.hba.page.BlockLimits;
import io.trilane.hba.page.Provisioning;
import io.trilane.hba.page.UnitIdentity;
import io.trilane.tools.frontend.ConnectionLimits;
import io.trilane.tools.frontend.EventLoops;
import io.trilane.tools.frontend.ServedUnit;
import io.trilane.tools.iscsi.IscsiFrontEnd;
import io.trilane.tools.iscsi.IscsiService;
import io.trilane.tools.iscsi.LoginPolicy;
import io.trilane.tools.iscsi.SessionRegistry;
import io.trilane.tools.iscsi.TargetDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Our own target on a file of 16 MiB, at a port of its own.
final class TargetServer implements AutoCloseable {
    static final String TARGET = "iqn.2026-01.io.trilane:disk";
    static final int BLOCK = 512;
    static final int CAPACITY = 16 << 20;
    static final int LUN = 3;
    static final int WINDOW = 16;

    private static final int MAX_TRANSFER = 8 << 20;

    final Path file;
    private final DiskImage image;
    private final Engine engine;
    private final EventLoops loops;
    private final int port;

    private TargetServer(Path directory, LoginPolicy policy, boolean isReadOnly, Provisioning provisioning)
            throws IOException {
        file = directory.resolve("disk");
        if (!Files.exists(file)) {
            ImageFiles.create(file, CAPACITY, BLOCK, false);
        }
        image = new ImageRegistry().open(file, isReadOnly, BLOCK);
        LogicalUnitConfig unit = new LogicalUnitConfig(UnitIdentity.ofSerial("TEST"),
                new BlockLimits(MAX_TRANSFER / BLOCK, 128, 8, 0, 0), false, false).withProvisioning(provisioning);
        HbaConfig hardware = new HbaConfig(64, MAX_TRANSFER, 1, List.of(new HbaConfig.Unit(0, LUN, unit, image)));
        loops = new EventLoops(1, line -> {});
        engine = Engine.launch(EngineConfig.defaults().withMaxTasks(64).withClientMaxTasks(32)
                .withCountersDirectory(Optional.empty()).withDriverDoorbell(loops.driverDoorbell()),
                new HbaController(new HbaModel(hardware)));
        ConnectionLimits limits = new ConnectionLimits(16, 15_000_000_000L, 60_000_000_000L, WINDOW);
        loops.start(engine, limits, System::nanoTime);
        ServedUnit served = new ServedUnit(0, LUN, "disk", BLOCK, image.capacityBlocks(), isReadOnly,
                provisioning == Provisioning.THIN, MAX_TRANSFER);
        IscsiService service = new IscsiService(List.of(served), TargetDirectory.of(TARGET, "test"), policy,
                new SessionRegistry(), limits, "");
        port = ((InetSocketAddress) loops.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new IscsiFrontEnd(service, new Random(1)))).getPort();
    }

    static TargetServer start(Path directory) throws IOException {
        return start(directory, LoginPolicy.open(LoginPolicy.Limits.defaults()));
    }

    static TargetServer start(Path directory, LoginPolicy policy) throws IOException {
        return new TargetServer(directory, policy, false, Provisioning.THIN);
    }

    static TargetServer readOnly(Path directory) throws IOException {
        return new TargetServer(directory, LoginPolicy.open(LoginPolicy.Limits.defaults()), true, Provisioning.FULL);
    }

    static TargetServer full(Path directory) throws IOException {
        return new TargetServer(directory, LoginPolicy.open(LoginPolicy.Limits.defaults()), false, Provisioning.FULL);
    }

    String uri() {
        return uri("", TARGET, LUN);
    }

    String uri(String account, String target, int lun) {
        return "iscsi://" + account + "127.0.0.1:" + port + "/" + target + "/" + lun;
    }

    /// Stops as SIGTERM does: every connection ends.
    void stop() {
        loops.close();
    }

    @Override
    public void close() {
        loops.close();
        engine.close();
        image.close();
    }
}
