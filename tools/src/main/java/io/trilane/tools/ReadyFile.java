package io.trilane.tools;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The file that says that a server listens, and where: a JSON object, whole from its first moment on.
///
/// ```json
/// {"pid": 4711, "iscsi": ["iscsi://127.0.0.1:3260/iqn.../0"], "nbd": ["nbd://127.0.0.1:10809/disk.img"]}
/// ```
final class ReadyFile implements AutoCloseable {
    private final Path path;

    private ReadyFile(Path path) {
        this.path = path;
    }

    /// Before anything is started: is this a place for a file?
    static void requirePlace(Path path) {
        Path absolute = path.toAbsolutePath();
        if (Files.isDirectory(absolute) || !Files.isDirectory(Objects.requireNonNull(absolute.getParent()))) {
            throw new IllegalArgumentException("ready-file=" + path
                    + " is a directory or is in one that does not exist, name a file");
        }
    }

    /// @param uris by front end
    static ReadyFile write(Path path, long pid, Map<String, List<String>> uris) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeNumberProperty("pid", pid);
            uris.forEach((name, list) -> {
                json.writeArrayPropertyStart(name);
                list.forEach(json::writeString);
                json.writeEndArray();
            });
            json.writeEndObject();
        }
        Path draft = path.resolveSibling(path.getFileName() + "." + pid + ".new");
        try {
            Files.write(draft, bytes.toByteArray());
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(draft);
            throw new IOException("ready-file=" + path + " cannot be written (" + e.getMessage() + ")", e);
        }
        return new ReadyFile(path);
    }

    /// The server stops: nobody shall come any more.
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
