package io.trilane.tools.initiator;

import io.trilane.perf.harness.LoadDisk;
import io.trilane.tools.initiator.file.FileLoadDisk;
import io.trilane.tools.initiator.nbd.NbdLoadDisk;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/// Opens the disk that a text names. Immutable; any thread.
///
/// | Text | Disk |
/// |---|---|
/// | `nbd://HOST[:PORT]/EXPORT`, `nbd+unix:///EXPORT?socket=PATH` | an export of an NBD server |
/// | `iscsi://[USER[%SECRET]@]HOST[:PORT]/IQN/LUN` | a logical unit of an iSCSI target |
/// | `null:SIZE`, `memory:SIZE` | an image in this process |
/// | a path | plain reads and writes, or an image in this process: [Options#isPlain] decides |
public final class LoadDisks {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*://.*", Pattern.DOTALL);

    private static final String ISCSI_FORM = "iscsi://[USER[%SECRET]@]HOST[:PORT]/IQN/LUN";

    private final Opener iscsi;
    private final Opener images;

    /// Opens a disk of one kind.
    @FunctionalInterface
    public interface Opener {
        LoadDisk open(String text, Options options);
    }

    /// What holds for every disk of a run.
    ///
    /// @param allowOverwrite what is on the disk may go
    /// @param isPlain        a path is loaded by plain reads and writes, not as an image behind an engine
    /// @param isDirect       plain reads and writes go past the page cache where that works
    public record Options(boolean allowOverwrite, boolean isPlain, boolean isDirect) {}

    /// The kinds of text.
    public enum Kind {
        ISCSI,
        NBD,
        /// `null:` and `memory:`, which are in this process only.
        IMAGE,
        PATH
    }

    /// @param iscsi  of `iscsi://`
    /// @param images of `null:`, `memory:` and paths that are not plain
    public LoadDisks(Opener iscsi, Opener images) {
        this.iscsi = iscsi;
        this.images = images;
    }

    /// @throws IllegalArgumentException      no disk has such a text
    /// @throws java.io.UncheckedIOException it cannot be reached
    public LoadDisk open(String text, Options options) {
        return switch (kind(text)) {
            case ISCSI -> iscsi.open(text, options);
            case NBD -> NbdLoadDisk.open(text, options.allowOverwrite());
            case IMAGE -> images.open(text, options);
            case PATH -> options.isPlain() ? FileLoadDisk.open(path(text), options.allowOverwrite(), options.isDirect())
                    : images.open(text, options);
        };
    }

    /// @throws IllegalArgumentException no disk has such a text
    public static Kind kind(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("iscsi://")) {
            return Kind.ISCSI;
        }
        if (lower.startsWith("iscsi:")) {
            // Without the text that was given, as a path would have it in every message: it may hold a secret.
            throw new IllegalArgumentException("target begins with iscsi: and not with iscsi://, write " + ISCSI_FORM);
        }
        if (lower.startsWith("nbd:") || lower.startsWith("nbds:") || lower.startsWith("nbd+")
                || lower.startsWith("nbds+")) {
            return Kind.NBD;
        }
        if (lower.startsWith("null:") || lower.startsWith("memory:")) {
            return Kind.IMAGE;
        }
        if (text.isBlank() || SCHEME.matcher(lower).matches()) {
            throw new IllegalArgumentException("target=" + withoutAccount(text)
                    + " is not known, write a path, null:SIZE, memory:SIZE, nbd://HOST[:PORT]/EXPORT, "
                    + "nbd+unix:///EXPORT?socket=PATH or iscsi://HOST[:PORT]/IQN/LUN");
        }
        return Kind.PATH;
    }

    /// A misspelt scheme may stand before a secret.
    private static String withoutAccount(String text) {
        return text.indexOf('@') < 0 && text.indexOf('%') < 0 ? text : text.substring(0, text.indexOf(':')) + "://...";
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("target=" + text + " is not a path: " + e.getReason(), e);
        }
    }
}
