package io.trilane.perf.report;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A real browser with one page, driven by the Chrome DevTools Protocol over a WebSocket. The system property
/// `trilane.browser` says whether it is wanted, and whether its absence is a failure (`required`) or skips the test.
final class Chromium implements AutoCloseable, WebSocket.Listener {
    private static final long LIMIT_SECONDS = 90;
    private static final String LISTENING = "DevTools listening on ";

    private final Process process;
    private final Path profile;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Long, CompletableFuture<JsonTree>> answers = new ConcurrentHashMap<>();
    private final List<JsonTree> events = new CopyOnWriteArrayList<>();
    private final StringBuilder message = new StringBuilder();
    private final WebSocket socket;
    private final String session;

    static Chromium start() throws Exception {
        String wish = System.getProperty("trilane.browser", "");
        if (wish.isEmpty()) {
            abort("not asked for: ./mvnw -Pbrowser -pl perf -am test -Dtest=ReportBrowserTest");
        }
        Path program = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of).filter(Files::isExecutable).findFirst().orElseGet(() -> {
                    String text = "chromium is missing, install the Debian package chromium";
                    return wish.equals("required") ? fail(text) : abort(text);
                });
        return new Chromium(program);
    }

    private Chromium(Path program) throws Exception {
        profile = Files.createTempDirectory("trilane-browser-");
        // Root has no sandbox in a container. Whatever the browser asks for by itself would look like the page's request.
        process = new ProcessBuilder(program.toString(), "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-extensions",
                "--hide-scrollbars",
                "--remote-debugging-port=0", "--user-data-dir=" + profile, "about:blank").redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile()).start();
        socket = client.newWebSocketBuilder().buildAsync(URI.create(address()), this).get(LIMIT_SECONDS,
                TimeUnit.SECONDS);
        String target = send("", "Target.createTarget", "{\"url\":\"about:blank\"}").at("targetId").text();
        session = send("", "Target.attachToTarget", "{\"targetId\":\"" + target + "\",\"flatten\":true}")
                .at("sessionId").text();
        for (String domain : List.of("Page", "Network", "Log", "Runtime")) {
            send(domain + ".enable", "{}");
        }
    }

    /// The browser says on its error stream where it listens; what it says later is read away, so that it never waits.
    private String address() throws IOException {
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        List<String> said = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.add(line);
            if (line.startsWith(LISTENING)) {
                Thread.ofPlatform().daemon().start(() -> lines.lines().forEach(_ -> {}));
                return line.substring(LISTENING.length()).strip();
            }
        }
        return fail("chromium ended: " + String.join("\n", said));
    }

    JsonTree send(String method, String parameters) throws Exception {
        return send(",\"sessionId\":\"" + session + "\"", method, parameters);
    }

    private JsonTree send(String where, String method, String parameters) throws Exception {
        long id = lastId.incrementAndGet();
        CompletableFuture<JsonTree> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText("{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + where + "}", true)
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        return await(answer, method);
    }

    private static JsonTree await(CompletableFuture<JsonTree> answer, String what)
            throws InterruptedException, ExecutionException {
        try {
            JsonTree tree = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return tree.find("result").orElseGet(() -> fail(what + ": " + tree.at("error").at("message").text()));
        } catch (TimeoutException _) {
            return fail(what + " was not answered in " + LIMIT_SECONDS + " s");
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        message.append(data);
        if (last) {
            JsonTree tree = JsonTree.parse("devtools", message.toString().getBytes(StandardCharsets.UTF_8));
            message.setLength(0);
            tree.find("id").map(id -> answers.remove(id.integer())).ifPresentOrElse(answer -> answer.complete(tree),
                    () -> events.add(tree));
        }
        from.request(1);
        return null;
    }

    /// Opens a file and waits until it is laid out. Events of earlier pages are forgotten.
    void open(Path file) throws Exception {
        events.clear();
        send("Page.navigate", "{\"url\":\"" + file.toUri() + "\"}");
        String laidOut = "new Promise(done => { const wait = () => document.readyState === 'complete'"
                + " && location.protocol === 'file:' ? done('yes') : setTimeout(wait, 20); wait(); })";
        evaluate(laidOut);
    }

    /// What a script gives, as a text. The page's policy does not bind it.
    String evaluate(String script) throws Exception {
        String quoted = "\"" + script.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
        JsonTree result = send("Runtime.evaluate", "{\"expression\":" + quoted
                + ",\"awaitPromise\":true,\"returnByValue\":true}");
        result.find("exceptionDetails").ifPresent(details -> fail("script failed: " + details.at("text").text()));
        return result.at("result").at("value").text();
    }

    /// A window of this width, as tall as the page.
    void window(int width, boolean isMobile) throws Exception {
        size(width, 900, isMobile);
        size(width,
                Math.min(16_000, Integer.parseInt(evaluate("'' + Math.ceil(document.documentElement.scrollHeight)"))),
                isMobile);
    }

    private void size(int width, int height, boolean isMobile) throws Exception {
        send("Emulation.setDeviceMetricsOverride", "{\"width\":" + width + ",\"height\":" + height
                + ",\"deviceScaleFactor\":1,\"mobile\":" + isMobile + "}");
    }

    /// @param media       `screen` or `print`
    /// @param colorScheme `light` or `dark`
    void media(String media, String colorScheme) throws Exception {
        send("Emulation.setEmulatedMedia", "{\"media\":\"" + media
                + "\",\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + colorScheme + "\"}]}");
    }

    void screenshot(Path file) throws Exception {
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(
                send("Page.captureScreenshot", "{\"format\":\"png\"}").at("data").text()));
    }

    /// What the page asked for: addresses.
    List<String> requests() {
        return named("Network.requestWillBeSent").map(event -> event.at("request").at("url").text()).toList();
    }

    /// What the console would show in red or yellow.
    List<String> complaints() {
        return Stream.concat(named("Log.entryAdded").map(event -> event.at("entry").at("text").text()),
                Stream.concat(named("Runtime.exceptionThrown").map(event -> event.at("exceptionDetails").at("text")
                        .text()), named("Runtime.consoleAPICalled").map(event -> event.at("type").text())))
                .toList();
    }

    private Stream<JsonTree> named(String method) {
        return events.stream().filter(event -> event.find("method").map(JsonTree::text).filter(method::equals)
                .isPresent()).map(event -> event.at("params"));
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        client.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
