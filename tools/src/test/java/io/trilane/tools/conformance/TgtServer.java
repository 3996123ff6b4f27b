package io.trilane.tools.conformance;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Debian's tgtd on a port and a management socket of its own, unprivileged.
final class TgtServer implements AutoCloseable {
    /// LUN 0 is its controller.
    static final int FIRST_LUN = 1;
    static final String TARGET_NAME = "iqn.2026-11.io.trilane.peer:tgt";

    private static final String PACKAGE = "tgt";
    private static final int CHANNEL = 1;
    private static final ForeignTool ENVIRONMENT = new ForeignTool(Path.of("/usr/bin/env"));

    private final ServerProcess process;
    private final int port;

    private TgtServer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    static TgtServer start(Path directory, Path image, String parameters) {
        ForeignTool daemon = ForeignTool.of("tgtd", PACKAGE);
        ForeignTool admin = ForeignTool.of("tgtadm", PACKAGE);
        int port = LoopbackPort.free();
        // Its usual management socket is under /var/run, which belongs to root.
        String socket = "TGT_IPC_SOCKET=" + directory.resolve("tgt");
        ServerProcess process = ServerProcess.start(directory.resolve("tgtd.log"), ENVIRONMENT
                .commandLine(socket, daemon.program(), "-f", "-C", CHANNEL, "--iscsi", "portal=127.0.0.1:" + port));
        TgtServer server = new TgtServer(process, port);
        try {
            process.await("tgtd's portal", Duration.ofSeconds(10), () -> LoopbackPort.listens(port));
            configure(List.of(socket, admin.program().toString()), image, parameters);
            return server;
        } catch (AssertionError failure) {
            process.close();
            throw failure;
        }
    }

    private static void configure(List<String> admin, Path image, String parameters) {
        administrate(admin, "target", "new", "-T", TARGET_NAME);
        administrate(admin, "logicalunit", "new", "--lun", FIRST_LUN, "--backing-store", image, "--bstype", "rdwr");
        administrate(admin, "logicalunit", "update", "--lun", FIRST_LUN, "--params", parameters);
        administrate(admin, "target", "bind", "-I", "ALL");
    }

    private static void administrate(List<String> admin, String mode, String operation, Object... more) {
        List<Object> line = new ArrayList<>(admin);
        line.addAll(List.of("-C", CHANNEL, "--lld", "iscsi", "--mode", mode, "--op", operation, "--tid", 1));
        line.addAll(List.of(more));
        ToolRun _ = ENVIRONMENT.run(line.toArray()).good();
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String log() {
        return process.log();
    }

    /// It does not stop on TERM while sessions are open, so it is killed; nothing that it wrote is lost by that.
    @Override
    public void close() {
        process.close();
    }
}
