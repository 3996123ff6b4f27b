package io.trilane.tools;

import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.FrameworkConfig;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.HbaController;
import io.trilane.hba.HbaModel;
import io.trilane.tools.frontend.EventLoops;
import io.trilane.tools.frontend.FrontEnd;
import io.trilane.tools.frontend.ServedUnit;
import io.trilane.tools.frontend.ServerEvent;
import io.trilane.tools.frontend.StatisticsFile;
import io.trilane.tools.iscsi.IscsiFrontEnd;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/// One engine, its images, and the front ends that serve them: what `trilane serve` runs. Opened and closed by one thread;
/// everything else happens on its event loops.
final class DiskServer implements AutoCloseable {
    private final ServePlan plan;
    private final Map<String, List<String>> uris = new LinkedHashMap<>();
    /// In the order in which they were opened.
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final ServedDisks disks;
    private final EventLoops loops;
    private final StatisticsFile statistics;

    /// @param log takes a line; any thread
    private DiskServer(ServePlan plan, Consumer<String> log) throws IOException {
        this.plan = plan;
        try {
            disks = keep(ServedDisks.open(plan.images(), plan.maxTransferBytes()));
            // Before anything listens: what they refuse is the operator's to mend.
            FrontEnd iscsi = ServedFrontEnds.iscsi(plan, disks.units());
            FrontEnd nbd = ServedFrontEnds.nbd(plan, disks.units());
            loops = new EventLoops(plan.eventLoops(), log);
            Engine engine = launch();
            statistics = keep(StatisticsFile.create(Objects.requireNonNull(engine.counters().path()), disks.units(),
                    System::nanoTime));
            keep(loops);
            loops.start(engine, plan.limits(), System::nanoTime, statistics);
            engine.setTargetListener((target, change) -> loops.publish(switch (change) {
                case CREATED -> new ServerEvent.TargetChanged(target);
                case DESTROYED -> new ServerEvent.TargetGone(target);
                case MEDIA_CHANGED -> new ServerEvent.MediaChanged(target);
            }));
            listen("iscsi", plan.iscsi(), iscsi);
            listen("nbd", plan.nbd(), nbd);
        } catch (IOException | RuntimeException e) {
            closeAfter(e);
            throw e;
        }
    }

    /// Opens the images, starts the engine, listens. When it fails nothing is left behind.
    ///
    /// @param log takes a line; any thread
    static DiskServer start(ServePlan plan, Consumer<String> log) throws IOException {
        return new DiskServer(plan, log);
    }

    /// By front end that listens: a URI for each logical unit.
    Map<String, List<String>> uris() {
        return uris;
    }

    /// What was done so far.
    StatisticsFile statistics() {
        return statistics;
    }

    int connections() {
        return loops.connections();
    }

    /// It cannot go on and is to be closed.
    boolean hasFailed() {
        return loops.hasFailed();
    }

    /// Accepts no more, finishes the commands under way, makes the images durable, gives everything back.
    @Override
    public void close() throws IOException {
        IOException failure = new IOException("server did not stop cleanly");
        closeAfter(failure);
        if (failure.getSuppressed().length > 0) {
            Throwable first = failure.getSuppressed()[0];
            throw first instanceof IOException io ? io : new IOException(first.toString(), first);
        }
    }

    /// Each part in turn; one that fails must not keep the images from being flushed.
    private void closeAfter(Exception reason) {
        while (!parts.isEmpty()) {
            try {
                parts.removeLast().close();
            } catch (Exception e) {
                reason.addSuppressed(e);
            }
        }
    }

    private Engine launch() {
        EngineConfig config = EngineConfig.defaults().withMaxTasks(plan.maxTasks())
                .withClientMaxTasks(Math.min(plan.maxTasks(), plan.limits().maxTasks() + IscsiFrontEnd.IMMEDIATE_TASKS))
                .withDataBudgetBytes(plan.dataBytes())
                .withCountersDirectory(Optional.of(plan.countersDirectory()))
                .withDriverDoorbell(loops.driverDoorbell()).withFramework(FrameworkConfig.defaults());
        HbaConfig hardware = new HbaConfig(plan.maxTasks(), plan.maxTransferBytes(), 1, disks.hardware());
        return keep(Engine.launch(config, new HbaController(new HbaModel(hardware))));
    }

    private void listen(String name, ListenAddress address, FrontEnd frontEnd) throws IOException {
        if (address instanceof ListenAddress.Off) {
            return;
        }
        if (address instanceof ListenAddress.Unix unix) {
            UnixSocketFile.clear(unix.path());
        }
        SocketAddress bound;
        try {
            bound = loops.listen(address.socketAddress(), frontEnd);
        } catch (IOException e) {
            String remedy = e instanceof BindException ? "choose another port (0 takes a free one) or address"
                    : "choose another place";
            throw new IOException(name + "=" + address.text() + " cannot listen (" + e.getMessage() + "), " + remedy,
                    e);
        }
        if (address instanceof ListenAddress.Unix unix) {
            UnixSocketFile _ = keep(UnixSocketFile.of(unix.path()));
        }
        uris.put(name, disks.units().stream().map(unit -> uri(name, bound, address, unit)).toList());
    }

    private String uri(String name, SocketAddress bound, ListenAddress address, ServedUnit unit) {
        if (name.equals("iscsi")) {
            return "iscsi://" + ListenAddress.authority((InetSocketAddress) bound) + "/" + plan.targetName() + "/"
                    + unit.lun();
        }
        String scheme = plan.security().tlsRequired() ? "nbds" : "nbd";
        String export = encoded(unit.name());
        return address instanceof ListenAddress.Unix(Path path)
                ? scheme + "+unix:///" + export + "?socket=" + encoded(path.toString())
                : scheme + "://" + ListenAddress.authority((InetSocketAddress) bound) + "/" + export;
    }

    /// Percent-encodes what has a meaning of its own in a URI, or none (RFC 3986 2).
    private static String encoded(String text) {
        StringBuilder uri = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean isPlain = b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
                    || "-._~/:,".indexOf(b) >= 0;
            uri.append(isPlain ? String.valueOf((char) b) : String.format("%%%02X", b));
        }
        return uri.toString();
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.addLast(part);
        return part;
    }
}
