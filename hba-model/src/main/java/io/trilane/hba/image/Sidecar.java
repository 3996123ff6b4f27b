package io.trilane.hba.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the raw file beside it cannot say: the text file `NAME.trilane`, absent when everything is default. A value;
/// whoever opened the image for writing may replace the file.
///
/// ```text
/// version = 1
/// block-size = 4096
/// serial = 0123456789
/// ```
///
/// @param values everything but the version; only keys of [#KEYS]
public record Sidecar(Map<String, String> values) {
    public static final String BLOCK_SIZE = "block-size";
    public static final String VENDOR = "vendor";
    public static final String PRODUCT = "product";
    public static final String REVISION = "revision";
    public static final String SERIAL = "serial";
    public static final String NAA = "naa";
    /// Longest transfer without a performance penalty, as `trilane tune` finds it: a size in bytes.
    public static final String OPTIMAL_TRANSFER = "optimal-transfer";
    /// All keys there are.
    public static final Set<String> KEYS =
            Set.of(BLOCK_SIZE, VENDOR, PRODUCT, REVISION, SERIAL, NAA, OPTIMAL_TRANSFER);
    /// Of an image without a sidecar.
    public static final Sidecar DEFAULT = new Sidecar(Map.of());

    private static final String SUFFIX = ".trilane";
    private static final String VERSION = "version";
    private static final String VERSION_1 = "1";

    public Sidecar {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
        values.forEach(Sidecar::requireValid);
    }

    /// Where the sidecar of an image is.
    public static Path path(Path image) {
        return image.resolveSibling(image.getFileName() + SUFFIX);
    }

    /// The sidecar of an image, or [#DEFAULT].
    public static Sidecar read(Path image) {
        Path path = path(image);
        try {
            Map<String, String> values = parse(Files.readString(path));
            requireVersion(values.remove(VERSION));
            return new Sidecar(values);
        } catch (NoSuchFileException _) {
            return DEFAULT;
        } catch (CharacterCodingException e) {
            throw new ImageException("sidecar=" + path + " is not UTF-8 text, repair or remove it", e);
        } catch (IOException e) {
            throw new ImageException("sidecar=" + path + " cannot be read (" + ImageFile.reason(e) + "), check it", e);
        } catch (ImageException e) {
            throw new ImageException("sidecar=" + path + ": " + e.getMessage(), e);
        }
    }

    /// Replaces the sidecar of an image in one step; a default one is removed.
    public void write(Path image) {
        Path path = path(image);
        Path draft = path.resolveSibling(path.getFileName() + ".new");
        try {
            if (values.isEmpty()) {
                Files.deleteIfExists(path);
                return;
            }
            Files.writeString(draft, toString());
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ImageException("sidecar=" + path + " cannot be written (" + ImageFile.reason(e)
                    + "), check its directory", e);
        }
    }

    public int blockBytes() {
        return Integer.parseInt(values.getOrDefault(BLOCK_SIZE, Integer.toString(ImageFile.DEFAULT_BLOCK_BYTES)));
    }

    public Sidecar withBlockBytes(int blockBytes) {
        return blockBytes == ImageFile.DEFAULT_BLOCK_BYTES ? without(BLOCK_SIZE)
                : with(BLOCK_SIZE, Integer.toString(blockBytes));
    }

    /// In bytes, a multiple of 512.
    public OptionalLong optimalTransferBytes() {
        String text = values.get(OPTIMAL_TRANSFER);
        return text == null ? OptionalLong.empty() : OptionalLong.of(ByteSize.parse(text));
    }

    public Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    public Sidecar with(String key, String value) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.put(key, value);
        return new Sidecar(changed);
    }

    public Sidecar without(String key) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.remove(key);
        return new Sidecar(changed);
    }

    /// The text of the file.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("# Trilane: what the raw image beside this file cannot say.\n");
        text.append(VERSION).append(" = ").append(VERSION_1).append('\n');
        values.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
        return text.toString();
    }

    private static Map<String, String> parse(String text) {
        Map<String, String> values = new TreeMap<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 0) {
                throw new ImageException("line=" + number + " has no '=', write: key = value");
            }
            String key = line.substring(0, equals).strip();
            if (values.put(key, line.substring(equals + 1).strip()) != null) {
                throw new ImageException("line=" + number + " key=" + key + " is there twice, remove one");
            }
        }
        return values;
    }

    private static void requireVersion(@Nullable String version) {
        if (!VERSION_1.equals(version)) {
            throw new ImageException("version=" + version + " != " + VERSION_1 + ", use the Trilane that wrote it");
        }
    }

    private static void requireValid(String key, String value) {
        if (!KEYS.contains(key)) {
            throw new ImageException("key=" + key + " is unknown, use one of " + new TreeSet<>(KEYS));
        }
        if (value.isEmpty() || !value.equals(value.strip()) || value.chars().anyMatch(Character::isISOControl)) {
            throw new ImageException("key=" + key + " has an empty value, spaces around it or control characters, "
                    + "write plain text");
        }
        if (key.equals(BLOCK_SIZE) && !value.equals("512") && !value.equals("4096")) {
            throw new ImageException(BLOCK_SIZE + "=" + value + " is not supported, choose 512 or 4096");
        }
        if (key.equals(OPTIMAL_TRANSFER)) {
            long bytes = ByteSize.parse(value);
            if (bytes == 0 || bytes % 512 != 0) {
                throw new ImageException(key + "=" + value + " is not a multiple of 512 above 0, choose one");
            }
        }
    }
}
