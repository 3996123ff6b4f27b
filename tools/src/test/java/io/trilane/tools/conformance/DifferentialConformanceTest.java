package io.trilane.tools.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.conformance.ExpectedDifferences.Difference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same commands to Debian's tgtd and to Trilane, on images with the same bytes. Where the answers differ, one of
/// the two is wrong or the standard leaves a choice: `expected-differences.txt` says which. The answers are left in
/// `target/conformance/differential.log`.
class DifferentialConformanceTest {
    private static final Path RESOURCES = Path.of("src/test/resources/conformance");
    private static final String NAME = "iqn.2026-11.io.trilane:differential";
    private static final byte[] NOTHING = {};

    @TempDir
    Path directory;

    @Test
    void everyDifferenceFromTgtIsExplained() throws IOException {
        List<String> expected = TestServer.PEERS
                ? List.of()
                : Files.readAllLines(RESOURCES.resolve("expected-differences.txt"));
        try (Side peer = tgt("peer"); Side own = TestServer.PEERS ? tgt("other-peer") : trilane()) {
            assertThat(ExpectedDifferences.parse(expected).complaints(differences(peer, own))).isEmpty();
        }
    }

    private static List<Difference> differences(Side peer, Side own) throws IOException {
        List<CdbCase> cases = new ArrayList<>(CdbCase.read(RESOURCES.resolve("cdbs.txt")));
        cases.addAll(CdbCase.everyOperationCode());
        assertThat(cases).extracting(CdbCase::name).doesNotHaveDuplicates();
        List<Difference> differences = new ArrayList<>();
        List<String> transcript = new ArrayList<>();
        try {
            for (CdbCase command : cases) {
                compare(command, peer, own, differences, transcript);
            }
        } finally {
            leave(differences, transcript);
        }
        return differences;
    }

    private Side tgt(String name) throws IOException {
        Path home = Files.createDirectory(directory.resolve(name));
        Path image = DiskFixture.empty(home.resolve("disk.img"));
        return new Side(() -> {
            TgtServer server = TgtServer.start(home, image, Personality.THIN.tgtParameters());
            return new Running(server::isAlive, server::close, server.port(), TgtServer.TARGET_NAME,
                    TgtServer.FIRST_LUN);
        });
    }

    private Side trilane() {
        Path image = DiskFixture.empty(directory.resolve("disk.img"));
        return new Side(() -> {
            TrilaneServer server =
                    TrilaneServer.start(directory, "--image", image + Personality.THIN.imageOptions());
            Matcher uri = server.iscsiParts(0);
            return new Running(server::isAlive, server::close, Integer.parseInt(uri.group(2)), uri.group(3), 0);
        });
    }

    private static void compare(CdbCase command, Side peer, Side own, List<Difference> differences,
            List<String> transcript) throws IOException {
        Reply theirs = peer.execute(command);
        Reply ours = own.execute(command);
        transcript.add("%-40s tgt: %-40s trilane: %s".formatted(command.name(), theirs.text, ours.text));
        // What came before an error is not defined: tgt sends what its buffer held.
        boolean bothGood = theirs.text.startsWith("GOOD") && ours.text.startsWith("GOOD");
        differences.addAll(ExpectedDifferences.between(command.name(), ours.text, bothGood ? ours.data : NOTHING,
                theirs.text, bothGood ? theirs.data : NOTHING));
    }

    private static void leave(List<Difference> differences, List<String> transcript) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "conformance"));
        Files.write(folder.resolve("differential.log"), transcript);
        Files.write(folder.resolve("differences.txt"), differences.stream().map(difference -> difference.name() + " | "
                + difference.aspect() + " | " + difference.change() + " | ").toList());
    }

    private record Reply(String text, byte[] data) {}

    private record Running(BooleanSupplier alive, Runnable close, int port, String target, int lun) {}

    /// A server and the one session with it. A target that drops the session gets a new one, and a server that dies is
    /// started again: both are answers, and they are in the list or fail the test.
    private static final class Side implements AutoCloseable {
        private static final CdbCase TEST_UNIT_READY = CdbCase.parse("ready | 00 00 00 00 00 00");
        private static final long DEATH_MS = 500;

        private final Supplier<Running> start;
        private Running server;
        private @Nullable ScsiInitiator initiator;

        Side(Supplier<Running> start) {
            this.start = start;
            this.server = start.get();
        }

        Reply execute(CdbCase command) throws IOException {
            ScsiInitiator open = initiator == null ? ready(command) : initiator;
            initiator = open;
            try {
                ScsiAnswer answer =
                        open.execute(server.lun, command.cdb(), command.dataOut(), command.transferIn());
                return new Reply(answer.toString(), answer.data());
            } catch (IOException failure) {
                open.close();
                initiator = null;
                return new Reply(diedSoon() ? "the server died" : String.valueOf(failure.getMessage()), NOTHING);
            }
        }

        private boolean diedSoon() {
            long deadline = System.nanoTime() + DEATH_MS * 1_000_000;
            while (server.alive.getAsBoolean() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            boolean died = !server.alive.getAsBoolean();
            if (died) {
                server = start.get();
            }
            return died;
        }

        /// A session past its first unit attentions.
        private ScsiInitiator ready(CdbCase command) throws IOException {
            ScsiInitiator fresh = ScsiInitiator.login(server.port, server.target, NAME);
            for (int i = 0; i < 8; i++) {
                if (fresh.execute(server.lun, TEST_UNIT_READY.cdb(), NOTHING, 0).status() == 0) {
                    return fresh;
                }
            }
            fresh.close();
            throw new IOException("the unit does not become ready before " + command.name());
        }

        @Override
        public void close() {
            if (initiator != null) {
                initiator.close();
            }
            server.close.run();
        }
    }
}
