package io.trilane.tools.conformance;

import java.nio.file.Path;

/// A server of disks, of whatever make. Disks count from 0, in the order in which they were named.
interface TestServer extends AutoCloseable {
    /// True if the tests run against other people's servers: it shows that a test asks for nothing special.
    boolean PEERS = "peers".equals(System.getProperty("trilane.conformance.target"));

    /// One disk, over iSCSI and NBD.
    static TestServer start(Path directory, Path image, Personality personality) {
        return PEERS
                ? PeerServers.start(directory, image, personality)
                : TrilaneServer.start(directory, "--image", image + personality.imageOptions());
    }

    /// The URI of this disk as libiscsi and qemu take it, with user and secret if the server wants them.
    String iscsi(int disk);

    /// The URI of this disk as libnbd, qemu and fio take it.
    String nbd(int disk);

    boolean isAlive();

    /// What the server printed.
    String log();

    /// Asks the server to stop, waits for it, and answers its exit code.
    int stop();

    /// Kills the server.
    @Override
    void close();
}
