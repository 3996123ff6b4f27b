package io.trilane.tools;

import io.trilane.engine.EngineConfig;
import io.trilane.tools.frontend.ConnectionLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What `trilane serve` was asked for, checked. A value; nothing has been opened yet.
///
/// @param images            one logical unit each
/// @param targetName        the iSCSI target's
/// @param maxTasks          of the engine
/// @param maxTransferBytes  of one command
/// @param dataBytes         memory for data under way
/// @param countersDirectory for counters and statistics
record ServePlan(List<ImageSpec> images, ListenAddress iscsi, ListenAddress nbd, String targetName, Security security,
        int maxTasks, int maxTransferBytes, long dataBytes, ConnectionLimits limits, int eventLoops,
        Path countersDirectory) {
    private static final long MAX_TRANSFER = 16L << 20;
    private static final long MIN_TRANSFER = 64L << 10;
    private static final long MAX_DEFAULT_DATA = 256L << 20;
    private static final int MAX_TASKS = 65536;
    private static final int MAX_CONNECTIONS = 250;
    private static final int MAX_LOOPS = 64;
    private static final int CONNECTION_TASKS = 64;
    private static final String TARGET_PREFIX = "iqn.2026-11.io.trilane:";
    private static final int NAME_DIGITS = 8;

    /// Who may come.
    ///
    /// @param chap        name and secret that initiators need
    /// @param mutualChap  name and secret of the target
    /// @param tlsCert     certificate chain for NBD
    /// @param tlsKey      its key
    /// @param tlsRequired clients without TLS are refused
    record Security(Optional<Account> chap, Optional<Account> mutualChap, Optional<Path> tlsCert, Optional<Path> tlsKey,
            boolean tlsRequired) {}

    /// A CHAP account.
    record Account(String user, String secret) {}

    static ServePlan of(ServeOptions options) throws IOException {
        List<ImageSpec> images = options.images.stream().map(ImageSpec::parse).toList();
        int maxTasks = inRange("max-tasks", options.maxTasks, MAX_TASKS);
        long transfer = transferBytes(options);
        int connectionTasks = options.maxConnectionTasks == null ? Math.min(CONNECTION_TASKS, maxTasks)
                : inRange("max-connection-tasks", options.maxConnectionTasks, MAX_TASKS);
        if (connectionTasks > maxTasks) {
            throw new IllegalArgumentException("max-connection-tasks=" + connectionTasks + " > max-tasks=" + maxTasks
                    + ", lower the first or raise the second");
        }
        ConnectionLimits standard = ConnectionLimits.STANDARD;
        ConnectionLimits limits = new ConnectionLimits(
                inRange("max-connections", options.maxConnections, MAX_CONNECTIONS), standard.handshakeTimeoutNs(),
                standard.peerTimeoutNs(), connectionTasks);
        ListenAddress iscsi = ListenAddress.parse("iscsi", options.iscsi, false);
        ListenAddress nbd = ListenAddress.parse("nbd", options.nbd, true);
        if (iscsi instanceof ListenAddress.Off && nbd instanceof ListenAddress.Off) {
            throw new IllegalArgumentException(
                    "iscsi=off and nbd=off leave nobody to serve, give one of them an address");
        }
        if (options.readyFile != null) {
            ReadyFile.requirePlace(options.readyFile);
        }
        return new ServePlan(images, iscsi, nbd, targetName(options, images.getFirst()), security(options), maxTasks,
                (int) transfer, dataBytes(options, maxTasks, transfer), limits,
                inRange("event-loops", options.eventLoops, MAX_LOOPS),
                options.countersDirectory != null ? options.countersDirectory
                        : EngineConfig.defaults().countersDirectory().orElseThrow());
    }

    private static int inRange(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + "=" + value + " not in 1.." + max + ", choose one in range");
        }
        return value;
    }

    private static long transferBytes(ServeOptions options) {
        long bytes = Quantities.positiveSize("max-transfer", options.maxTransfer);
        if (bytes < MIN_TRANSFER || bytes > MAX_TRANSFER || bytes % 4096 != 0) {
            throw new IllegalArgumentException("max-transfer=" + options.maxTransfer
                    + " is not a multiple of 4k in 64k..16m, choose one");
        }
        return bytes;
    }

    private static long dataBytes(ServeOptions options, int maxTasks, long transfer) {
        if (options.dataMemory == null) {
            return Math.max(Math.min(maxTasks * transfer, MAX_DEFAULT_DATA), 2 * transfer);
        }
        long bytes = Quantities.positiveSize("data-memory", options.dataMemory);
        if (bytes < 2 * transfer) {
            throw new IllegalArgumentException("data-memory=" + options.dataMemory + " < 2 x max-transfer="
                    + options.maxTransfer + ", raise the first or lower the second");
        }
        return bytes;
    }

    private static String targetName(ServeOptions options, ImageSpec first) {
        if (options.targetName != null) {
            return options.targetName;
        }
        String path = first.isMade() ? first.image() : Path.of(first.image()).toAbsolutePath().normalize().toString();
        String file = path.substring(path.lastIndexOf('/') + 1);
        String plain = file.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-").replaceAll("^[-.]+|[-.]+$", "");
        String name = plain.substring(0, Math.min(plain.length(), 64));
        return TARGET_PREFIX + (name.isEmpty() ? "" : name + "-") + MachineName.digest(path, NAME_DIGITS);
    }

    private static Security security(ServeOptions options) throws IOException {
        Optional<Account> chap = account("chap", options.chapUser, options.chapSecretFile);
        Optional<Account> mutual = account("mutual-chap", options.mutualChapUser, options.mutualChapSecretFile);
        if (mutual.isPresent() && chap.isEmpty()) {
            throw new IllegalArgumentException("mutual-chap-user=" + options.mutualChapUser
                    + " needs chap-user, add --chap-user and --chap-secret-file");
        }
        if ((options.tlsCert == null) != (options.tlsKey == null)) {
            throw new IllegalArgumentException("tls-cert=" + options.tlsCert + " and tls-key=" + options.tlsKey
                    + " belong together, give both or neither");
        }
        if (options.tlsRequired && options.tlsCert == null) {
            throw new IllegalArgumentException("tls-required needs a certificate, add --tls-cert and --tls-key");
        }
        return new Security(chap, mutual, Optional.ofNullable(options.tlsCert), Optional.ofNullable(options.tlsKey),
                options.tlsRequired);
    }

    private static Optional<Account> account(String name, @Nullable String user, @Nullable Path file)
            throws IOException {
        if (user == null && file == null) {
            return Optional.empty();
        }
        if (user == null || file == null) {
            throw new IllegalArgumentException(name + "-user=" + user + " and " + name + "-secret-file=" + file
                    + " belong together, give both or neither");
        }
        try {
            List<String> lines = Files.readAllLines(file);
            if (lines.isEmpty() || lines.getFirst().isBlank()) {
                throw new IllegalArgumentException(name + "-secret-file=" + file
                        + " has no first line, write the secret there");
            }
            return Optional.of(new Account(user, lines.getFirst().strip()));
        } catch (IOException e) {
            throw new IllegalArgumentException(name + "-secret-file=" + file + " cannot be read (" + e.getMessage()
                    + "), check the path", e);
        }
    }
}
