package io.trilane.tools.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `trilane serve` in a JVM of its own, so that it can be killed.
final class ServerProcess implements AutoCloseable {
    private static final Pattern ISCSI = Pattern.compile("iscsi://127\\.0\\.0\\.1:(\\d+)/([^/]+)/0");
    private static final Pattern NBD = Pattern.compile("nbd://127\\.0\\.0\\.1:(\\d+)/([^\"]+)");

    private final Process process;
    final InetSocketAddress iscsi;
    final String target;
    final InetSocketAddress nbd;
    final String export;

    /// @param around what to start the JVM with: `strace` and its options, or nothing
    ServerProcess(Path image, List<String> around) throws IOException {
        Path directory = image.toAbsolutePath().getParent();
        Path ready = directory.resolve("ready.json");
        Path said = directory.resolve("server.log");
        boolean _ = Files.deleteIfExists(ready);
        List<String> command = new ArrayList<>(around);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-exports",
                "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED", "-Xshare:auto", "-cp",
                System.getProperty("java.class.path"), "io.trilane.tools.Main", "serve", "--image", image.toString(),
                "--iscsi", "127.0.0.1:0", "--nbd", "127.0.0.1:0", "--max-tasks", "64", "--ready-file",
                ready.toString()));
        process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
        boolean isReady = HostileServer.await(() -> Files.exists(ready) || !process.isAlive());
        if (!isReady || !process.isAlive()) {
            String log = Files.readString(said);
            Process _ = process.destroyForcibly();
            throw new IOException("server did not start: " + log);
        }
        String uris = Files.readString(ready);
        Matcher iscsiUri = found(ISCSI, uris);
        Matcher nbdUri = found(NBD, uris);
        iscsi = loopback(iscsiUri.group(1));
        target = iscsiUri.group(2);
        nbd = loopback(nbdUri.group(1));
        export = nbdUri.group(2);
    }

    private static Matcher found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return matcher;
    }

    private static InetSocketAddress loopback(String port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    /// SIGKILL: nothing of it runs any more when this returns.
    void kill() {
        try {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            int _ = process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /// SIGTERM, and its exit code.
    int stop() throws InterruptedException {
        List<ProcessHandle> inside = process.descendants().toList();
        (inside.isEmpty() ? process.toHandle() : inside.getFirst()).destroy();
        return process.waitFor();
    }

    @Override
    public void close() {
        kill();
    }
}
