package io.trilane.tools.conformance;

import java.nio.file.Path;
import java.time.Duration;

/// What Trilane is compared with: Debian's tgtd, and nbdkit on the same image.
final class PeerServers implements TestServer {
    private final TgtServer tgt;
    private final ServerProcess nbdkit;
    private final int nbdPort;

    private PeerServers(TgtServer tgt, ServerProcess nbdkit, int nbdPort) {
        this.tgt = tgt;
        this.nbdkit = nbdkit;
        this.nbdPort = nbdPort;
    }

    static PeerServers start(Path directory, Path image, Personality personality) {
        ForeignTool tool = ForeignTool.of("nbdkit", "nbdkit");
        TgtServer tgt = TgtServer.start(directory, image, personality.tgtParameters());
        int port = LoopbackPort.free();
        boolean readOnly = personality == Personality.WRITE_PROTECTED;
        ServerProcess nbdkit = ServerProcess.start(directory.resolve("nbdkit.log"), tool.commandLine("-f",
                readOnly ? "-rp" : "-p", port, "-i", "127.0.0.1", "file", image));
        try {
            nbdkit.await("nbdkit's port", Duration.ofSeconds(10), () -> LoopbackPort.listens(port));
            return new PeerServers(tgt, nbdkit, port);
        } catch (AssertionError failure) {
            tgt.close();
            throw failure;
        }
    }

    @Override
    public String iscsi(int disk) {
        return "iscsi://127.0.0.1:" + tgt.port() + "/" + TgtServer.TARGET_NAME + "/" + (TgtServer.FIRST_LUN + disk);
    }

    @Override
    public String nbd(int disk) {
        return "nbd://127.0.0.1:" + nbdPort;
    }

    @Override
    public boolean isAlive() {
        return tgt.isAlive() && nbdkit.isAlive();
    }

    @Override
    public String log() {
        return tgt.log() + nbdkit.log();
    }

    @Override
    public int stop() {
        tgt.close();
        return nbdkit.stop();
    }

    @Override
    public void close() {
        tgt.close();
        nbdkit.close();
    }
}
