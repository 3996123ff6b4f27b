package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real server processes, on free ports.
@Timeout(120)
class ServeCommandTest {
    private static final int TERMINATED = 143;
    private static final byte[] NBD_GREETING = "NBDMAGICIHAVEOPT".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;
    private final List<Process> processes = new ArrayList<>();
    private Path image;
    private Path ready;

    @BeforeEach
    void makeImage() {
        image = directory.resolve("disk one.img");
        ready = directory.resolve("ready.json");
        assertThat(CommandLineRun.of("image", "create", image.toString(), "--size", "4m").exitCode()).isZero();
    }

    @AfterEach
    void stop() throws Exception {
        for (Process process : processes) {
            Process _ = process.destroyForcibly();
            assertThat(process.waitFor()).isNotZero();
        }
    }

    @Test
    void listensTellsWhereAndStopsCleanly() throws Exception {
        Path counters = directory.resolve("counters");
        Process server =
                serve("--image", image.toString(), "--image", "memory:1m,ro", "--iscsi", "127.0.0.1:0", "--nbd",
                        "127.0.0.1:0", "--counters-directory", counters.toString());
        Object json = Json.parse(Files.readString(ready));
        assertThat(Json.at(json, "pid")).isEqualTo((double) server.pid());
        URI iscsi = URI.create((String) Json.at(json, "iscsi/1"));
        assertThat(iscsi.getPath()).matches("/iqn\\.2026-11\\.io\\.trilane:disk-one\\.img-[0-9a-f]{8}/1");
        URI nbd = URI.create((String) Json.at(json, "nbd/0"));
        assertThat(nbd.getPath()).isEqualTo("/disk one.img");
        assertThat(greeting(nbd)).isEqualTo(NBD_GREETING);
        assertThat(CommandLineRun.of("image", "info", image.toString()).out()).contains("process " + server.pid());

        CommandLineRun stat = CommandLineRun.of("stat", "--once", "--json", "--interval", "10ms",
                "--counters-directory", counters.toString());
        Object sample = Json.parse(stat.out());
        assertThat(Json.at(sample, "pid")).isEqualTo((double) server.pid());
        assertThat(Json.at(sample, "units/0/name")).isEqualTo("disk one.img");
        assertThat(Json.at(sample, "units/1/read/latency_ns/99.9")).isEqualTo(0.0);
        assertThat(Json.at(sample, "engine/targets")).isEqualTo(1.0);
        assertThat(CommandLineRun.of("stat", "--once", "--interval", "10ms", "--counters-directory",
                counters.toString()).out()).contains("pid " + server.pid(), "memory-1m");

        assertThat(terminate(server)).isEqualTo(TERMINATED);
        assertThat(ready).doesNotExist();
        try (Stream<Path> left = Files.list(counters)) {
            assertThat(left).isEmpty();
        }
        String out = new String(server.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(out.lines()).containsExactly(Json.at(json, "iscsi/0").toString(), iscsi.toString(), nbd.toString(),
                Json.at(json, "nbd/1").toString());
        assertThat(server.getErrorStream().readAllBytes()).isEmpty();
        assertThat(CommandLineRun.of("image", "info", image.toString()).out()).containsPattern("in use +no");
        CommandLineRun gone = CommandLineRun.of("stat", "--once", "--counters-directory", counters.toString());
        assertThat(gone.exitCode()).isEqualTo(1);
        assertThat(gone.err()).contains("no server is running", "trilane serve --image FILE");
    }

    @Test
    void replacesTheSocketOfADeadServerOnly() throws Exception {
        Path socket = directory.resolve("s");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            assertThat(left.bind(address)).isSameAs(left);
            assertRefused("in use by another server", "--image", image.toString(), "--iscsi", "off", "--nbd",
                    "unix:" + socket);
        }
        assertThat(socket).exists();
        Process server = serve("--image", image.toString(), "--iscsi", "off", "--nbd", "unix:" + socket);
        try (SocketChannel channel = SocketChannel.open(address)) {
            ByteBuffer greeting = ByteBuffer.allocate(NBD_GREETING.length);
            while (greeting.hasRemaining()) {
                assertThat(channel.read(greeting)).isPositive();
            }
            assertThat(greeting.array()).isEqualTo(NBD_GREETING);
        }
        assertThat(terminate(server)).isEqualTo(TERMINATED);
        assertThat(socket).doesNotExist();
        Path file = Files.createFile(socket);
        assertRefused("exists and is no socket", "--image", image.toString(), "--iscsi", "off", "--nbd",
                "unix:" + file);
        assertThat(file).exists();
    }

    @Test
    void refusesWithASentenceAndLeavesNothingBehind() throws Exception {
        assertRefused("does not exist, make it: trilane image create", "--image",
                directory.resolve("no.img").toString());
        assertRefused("is given twice", "--image", image.toString(), "--image", directory + "/./disk one.img");
        assertRefused("leave nobody to serve", "--image", image.toString(), "--iscsi", "off", "--nbd", "off");
        assertRefused("max-tasks=0 not in 1..65536", "--image", image.toString(), "--max-tasks", "0");
        assertRefused("max-transfer=3 is not a multiple", "--image", image.toString(), "--max-transfer", "3");
        assertRefused("max-connections=999 not in 1..250", "--image", image.toString(), "--max-connections", "999");
        assertRefused("targetName=disk is no iSCSI name", "--image", image.toString(), "--target-name", "disk");
        assertRefused("serialLength=70 not in 1..64", "--image", image + ",serial=" + "x".repeat(70));
        assertRefused("Missing required option", "--iscsi", "off");
        Path secret = Files.writeString(directory.resolve("secret"), "short");
        assertRefused("chapSecretBytes=5 < minimum=12", "--image", image.toString(), "--chap-user", "me",
                "--chap-secret-file", secret.toString());
        assertThat(CommandLineRun.of("image", "info", image.toString()).out()).containsPattern("in use +no");
    }

    @Test
    void refusesAPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandLineRun run = CommandLineRun.of("serve", "--image", image.toString(), "--nbd", "off", "--iscsi",
                    "127.0.0.1:" + taken.getLocalPort(), "--counters-directory", directory.resolve("c").toString(),
                    "--ready-file", ready.toString());
            assertThat(run.err()).startsWith("trilane: failed: iscsi=127.0.0.1:" + taken.getLocalPort())
                    .contains("cannot listen", "choose another port (0 takes a free one)");
            assertThat(run.exitCode()).isEqualTo(1);
        }
        assertThat(ready).doesNotExist();
        assertThat(CommandLineRun.of("image", "info", image.toString()).out()).containsPattern("in use +no");
    }

    @Test
    void warnsWhenOthersCanReachIt() throws Exception {
        Process server = serve("--image", image.toString(), "--iscsi", "0.0.0.0:0", "--nbd", "0.0.0.0:0");
        assertThat(terminate(server)).isEqualTo(TERMINATED);
        assertThat(new String(server.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).lines())
                .satisfiesExactly(line -> assertThat(line).contains("warning: iscsi=0.0.0.0:0", "add --chap-user"),
                        line -> assertThat(line).contains("warning: nbd=0.0.0.0:0", "--tls-required"));
    }

    private Process serve(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), "io.trilane.tools.Main", "serve", "--ready-file",
                ready.toString()));
        command.addAll(List.of(options));
        Process server = new ProcessBuilder(command).start();
        processes.add(server);
        while (!Files.exists(ready)) {
            if (server.waitFor(10, TimeUnit.MILLISECONDS)) {
                throw new AssertionError(new String(server.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return server;
    }

    private static int terminate(Process server) throws InterruptedException {
        // Not the process object's own way, which closes its streams.
        assertThat(server.toHandle().destroy()).isTrue();
        return server.waitFor();
    }

    private static byte[] greeting(URI nbd) throws IOException {
        try (SocketChannel channel =
                SocketChannel.open(new java.net.InetSocketAddress(nbd.getHost(), nbd.getPort()));
                InputStream in = channel.socket().getInputStream()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(in.readNBytes(NBD_GREETING.length));
            return bytes.toByteArray();
        }
    }

    private void assertRefused(String sentence, String... options) {
        List<String> all = new ArrayList<>(List.of("serve", "--counters-directory",
                directory.resolve("c").toString(), "--ready-file", ready.toString()));
        all.addAll(List.of(options));
        CommandLineRun run = CommandLineRun.of(all.toArray(String[]::new));
        assertThat(run.err()).startsWith("trilane: ").contains(sentence);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(ready).doesNotExist();
    }
}
