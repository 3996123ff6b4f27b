package io.trilane.tools.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.hostile.HostileServer.Holdings;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A server, two bystanders, and the books: what the server held before an attack it holds again after it, and it has said
/// one line for each hostile peer at most.
final class Siege implements AutoCloseable {
    private static final long STEP_NS = HostileServer.PEER_TIMEOUT_NS / 4;

    final HostileServer server;
    private final Bystanders bystanders;
    private final Holdings before;

    Siege() throws IOException {
        this(null);
    }

    Siege(@Nullable Path certificate) throws IOException {
        server = new HostileServer(certificate);
        bystanders = new Bystanders(server);
        boolean isIdle = HostileServer.await(() -> server.holdings().freeTasks() == HostileServer.TASKS);
        assertThat(isIdle).as("idle at first").isTrue();
        before = server.holdings();
        bystanders.goOn();
    }

    /// In the middle of an attack: the others are served.
    void proveService() {
        bystanders.proveService();
    }

    /// Lets time pass for the server, so slowly that nobody who is served seems dead.
    void leap(long ns) {
        for (long left = ns; left > 0; left -= STEP_NS) {
            bystanders.proveService();
            server.leap(Math.min(left, STEP_NS));
        }
        bystanders.proveService();
    }

    /// The attack is over and its peers are gone, or should be.
    void lift(int hostilePeers) {
        bystanders.proveService();
        bystanders.pause();
        try {
            Holdings after = server.settle(before);
            assertThat(after.isBackAt(before)).as("before %s, after %s", before, after).isTrue();
            assertThat(server.linesOfOurBugs()).isEmpty();
            assertThat(server.hasFailed()).isFalse();
            assertThat(server.log).hasSizeLessThanOrEqualTo(hostilePeers);
        } finally {
            server.log.clear();
            bystanders.goOn();
        }
    }

    @Override
    public void close() throws IOException {
        bystanders.close();
        server.close();
    }
}
