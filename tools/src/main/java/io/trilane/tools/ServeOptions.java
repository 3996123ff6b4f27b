package io.trilane.tools;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of `trilane serve`. Filled in by the parser; [ServePlan] says what they mean.
final class ServeOptions {
    @Option(names = "--image", paramLabel = "FILE[,OPTION]...", required = true,
            description = "A disk image; the first is LUN 0, the next LUN 1, ... Options: ro, thin, block-size=N, removable, "
                    + "serial=S, product=P. Also memory:SIZE and null:SIZE. A comma in a name is written twice.")
    List<String> images = new ArrayList<>();

    @Option(names = "--iscsi", paramLabel = "HOST:PORT|off", defaultValue = "127.0.0.1:3260",
            description = "Where iSCSI listens; port 0 is a free one. Default: ${DEFAULT-VALUE}.")
    String iscsi = "127.0.0.1:3260";

    @Option(names = "--nbd", paramLabel = "HOST:PORT|unix:PATH|off", defaultValue = "127.0.0.1:10809",
            description = "Where NBD listens. Default: ${DEFAULT-VALUE}.")
    String nbd = "127.0.0.1:10809";

    @Option(names = "--ready-file", paramLabel = "FILE",
            description = "Write a JSON object with the URIs once both listen; removed at the end.")
    @Nullable
    Path readyFile;

    @Option(names = "--target-name", paramLabel = "IQN",
            description = "The iSCSI target. Default: iqn.2026-11.io.trilane: and a name made of the first image and this "
                    + "machine.")
    @Nullable
    String targetName;

    @Option(names = "--chap-user", paramLabel = "NAME", description = "iSCSI initiators have to log in with CHAP.")
    @Nullable
    String chapUser;

    @Option(names = "--chap-secret-file", paramLabel = "FILE", description = "Their secret: the first line of a file.")
    @Nullable
    Path chapSecretFile;

    @Option(names = "--mutual-chap-user", paramLabel = "NAME",
            description = "Whom the target says it is (mutual CHAP).")
    @Nullable
    String mutualChapUser;

    @Option(names = "--mutual-chap-secret-file", paramLabel = "FILE", description = "The target's own secret.")
    @Nullable
    Path mutualChapSecretFile;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "Certificate chain (PEM) for TLS on NBD.")
    @Nullable
    Path tlsCert;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key (PEM, PKCS#8).")
    @Nullable
    Path tlsKey;

    @Option(names = "--tls-required", description = "NBD clients without TLS are refused.")
    boolean tlsRequired;

    @Option(names = "--max-tasks", paramLabel = "N", defaultValue = "256",
            description = "Commands at once, over all connections. Default: ${DEFAULT-VALUE}.")
    int maxTasks = 256;

    @Option(names = "--max-connection-tasks", paramLabel = "N",
            description = "Commands at once of one connection. Default: 64, or --max-tasks if that is less.")
    @Nullable
    Integer maxConnectionTasks;

    @Option(names = "--max-transfer", paramLabel = "SIZE", defaultValue = "1m",
            description = "Longest transfer of one command, at most 16m. Default: ${DEFAULT-VALUE}.")
    String maxTransfer = "1m";

    @Option(names = "--data-memory", paramLabel = "SIZE",
            description = "Memory for data under way. Default: --max-tasks x --max-transfer, 256m at most.")
    @Nullable
    String dataMemory;

    @Option(names = "--max-connections", paramLabel = "N", defaultValue = "200",
            description = "Connections at once, at most 250. Default: ${DEFAULT-VALUE}.")
    int maxConnections = 200;

    @Option(names = "--event-loops", paramLabel = "N", defaultValue = "1",
            description = "Threads that serve connections; the first executes all commands. Default: ${DEFAULT-VALUE}.")
    int eventLoops = 1;

    @Option(names = "--counters-directory", paramLabel = "DIR",
            description = "Where counters and statistics are for trilane stat. Default: a private one on /dev/shm.")
    @Nullable
    Path countersDirectory;
}
