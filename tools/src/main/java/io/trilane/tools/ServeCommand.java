package io.trilane.tools;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `trilane serve`: disk images for any initiator on the machine, over iSCSI and NBD at once, until it is interrupted.
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {"Serves disk images over iSCSI and NBD at once, until Ctrl-C or TERM.",
                "Then no command is accepted any more, those under way complete, images are flushed and unlocked.",
                "An existing file is written to, because you named it; ,ro protects it."})
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private ServeOptions options = new ServeOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ServePlan plan = ServePlan.of(options);
        CountDownLatch stop = new CountDownLatch(1);
        ServerLog log = new ServerLog(err(), System::nanoTime);
        try (Interruption interruption = new Interruption();
                DiskServer server = DiskServer.start(plan, log::line)) {
            interruption.onRequest(stop::countDown);
            warn(plan, log);
            return serve(server, stop);
        } finally {
            log.close();
        }
    }

    private int serve(DiskServer server, CountDownLatch stop) throws IOException {
        server.uris().values().forEach(uris -> uris.forEach(out()::println));
        out().flush();
        try (ReadyFile _ = options.readyFile == null ? null
                : ReadyFile.write(options.readyFile, ProcessHandle.current().pid(), server.uris())) {
            return watch(server, stop) ? 0 : Failures.FAILED;
        }
    }

    /// Until it is to stop; false when the server cannot go on.
    private boolean watch(DiskServer server, CountDownLatch stop) {
        boolean terminal = ProgressLine.onTerminal();
        StatusLine line = new StatusLine(err(), System.nanoTime());
        try {
            while (!stop.await(1, TimeUnit.SECONDS) && !server.hasFailed()) {
                if (terminal) {
                    line.show(server.connections(), server.statistics().read(), System.nanoTime());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (terminal) {
            line.erase();
        }
        return !server.hasFailed();
    }

    /// Other machines can reach it: that was asked for by naming the address, but without a lock on the door it is told.
    private void warn(ServePlan plan, ServerLog log) {
        boolean hasChap = plan.security().chap().isPresent();
        if (plan.iscsi() instanceof ListenAddress.Tcp tcp && !tcp.isLoopback() && !hasChap) {
            log.line("warning: iscsi=" + options.iscsi + " can be reached by other machines and nobody has to log in, "
                    + "add --chap-user and --chap-secret-file");
        }
        if (plan.nbd() instanceof ListenAddress.Tcp tcp && !tcp.isLoopback() && !plan.security().tlsRequired()) {
            log.line("warning: nbd=" + options.nbd + " can be reached by other machines without encryption, "
                    + "add --tls-cert, --tls-key and --tls-required");
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
