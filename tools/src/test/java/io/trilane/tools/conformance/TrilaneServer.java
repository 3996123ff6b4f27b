package io.trilane.tools.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `trilane serve` in a JVM of its own, from the classes that are being tested, on ports that were free.
final class TrilaneServer implements TestServer {
    private static final Pattern URI = Pattern.compile("\"((?:iscsi|nbds?)(?:\\+unix)?://[^\"]+)\"");
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private final ServerProcess process;
    private final List<String> uris;
    private final String login;

    private TrilaneServer(ServerProcess process, List<String> uris, String login) {
        this.process = process;
        this.uris = uris;
        this.login = login;
    }

    /// Serves what `options` say; the directory is for the log and the ready file.
    static TrilaneServer start(Path directory, String... options) {
        return startWithLogin(directory, "", options);
    }

    /// The same for a server that wants CHAP: the login is `user%secret`, as it stands in libiscsi's URIs.
    static TrilaneServer startWithLogin(Path directory, String login, String... options) {
        Path ready = directory.resolve("ready.json");
        ServerProcess process = ServerProcess.start(directory.resolve("trilane.log"), commandLine(ready, options));
        process.await("trilane serve", START_LIMIT, () -> Files.exists(ready));
        return new TrilaneServer(process, uris(process, ready), login);
    }

    private static List<String> commandLine(Path ready, String... options) {
        List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=deny", "-ea", "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), Main.class.getName(), "serve", "--ready-file",
                ready.toString()));
        List<String> given = List.of(options);
        line.addAll(given.contains("--iscsi") ? List.of() : List.of("--iscsi", "127.0.0.1:0"));
        line.addAll(given.contains("--nbd") ? List.of() : List.of("--nbd", "127.0.0.1:0"));
        line.addAll(given);
        return line;
    }

    private static List<String> uris(ServerProcess process, Path ready) {
        try {
            String text = Files.readString(ready);
            List<String> uris = URI.matcher(text.replace("\\/", "/")).results().map(found -> found.group(1)).toList();
            if (uris.isEmpty()) {
                process.close();
                throw new AssertionError("no URI in the ready file: " + text);
            }
            return uris;
        } catch (IOException failure) {
            process.close();
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String iscsi(int disk) {
        String uri = iscsiUri(disk);
        return login.isEmpty() ? uri : uri.replace("://", "://" + login + "@");
    }

    /// The portal alone, for discovery: `iscsi://user%secret@host:port`.
    String portal() {
        String uri = iscsi(0);
        return uri.substring(0, uri.indexOf('/', "iscsi://".length()));
    }

    /// The URI as the server printed it.
    private String iscsiUri(int lun) {
        return uris.stream().filter(uri -> uri.startsWith("iscsi") && uri.endsWith("/" + lun)).findFirst()
                .orElseThrow(() -> new AssertionError("no iSCSI URI of lun=" + lun + " in " + uris));
    }

    /// The host's port and name: what a client without URIs needs.
    Matcher iscsiParts(int lun) {
        Matcher parts = Pattern.compile("iscsi://([^:/]+):(\\d+)/([^/]+)/(\\d+)").matcher(iscsiUri(lun));
        assertThat(parts.matches()).as(iscsiUri(lun)).isTrue();
        return parts;
    }

    @Override
    public String nbd(int disk) {
        return uris.stream().filter(uri -> uri.startsWith("nbd")).skip(disk).findFirst()
                .orElseThrow(() -> new AssertionError("no NBD URI of disk=" + disk + " in " + uris));
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public String log() {
        return process.log();
    }

    @Override
    public int stop() {
        return process.stop();
    }

    @Override
    public void close() {
        process.close();
    }
}
