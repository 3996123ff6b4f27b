package io.trilane.tools.initiator.nbd;

import io.trilane.engine.task.TaskBatch;
import io.trilane.perf.harness.LoadDisk;
import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.Workload;
import io.trilane.tools.initiator.slot.DiskRules;
import io.trilane.tools.nbd.NbdCodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// An export of any NBD server. Asks the server once for what the export can do; each job then has a connection of its own.
public final class NbdLoadDisk implements LoadDisk {
    private static final long PATIENCE_NS = 30_000_000_000L;
    private static final long HANDSHAKE_PATIENCE_NS = 10_000_000_000L;
    private static final int MIN_BLOCK_BYTES = 512;
    private static final int MAX_DEPTH = 1024;
    private static final int MAX_JOBS = 64;

    private final NbdUri uri;
    private final LongSupplier nanoClock;
    private final Patience patience;
    private final NbdExport export;
    private final DiskRules rules;
    private final Limits limits;

    /// How long a server may be silent, in nanoseconds.
    ///
    /// @param handshakeNs for all of the handshake
    /// @param replyNs     for the next reply to any request in flight
    record Patience(long handshakeNs, long replyNs) {
        static final Patience STANDARD = new Patience(HANDSHAKE_PATIENCE_NS, PATIENCE_NS);
    }

    private NbdLoadDisk(String name, boolean allowOverwrite, LongSupplier nanoClock, Patience patience) {
        this.uri = NbdUri.parse(name);
        this.nanoClock = nanoClock;
        this.patience = patience;
        this.export = probe(name);
        int blockBytes = Math.max(MIN_BLOCK_BYTES, export.minBytes());
        long capacityBytes = export.sizeBytes() / blockBytes * blockBytes;
        boolean isReadOnly = export.has(NbdCodes.READ_ONLY);
        this.rules = new DiskRules(name, blockBytes, capacityBytes, allowOverwrite && !isReadOnly,
                export.has(NbdCodes.SEND_FLUSH), export.has(NbdCodes.SEND_TRIM), export.has(NbdCodes.SEND_FUA));
        long maxRequestBytes = Math.min(export.maxBytes(), Workload.MAX_REQUEST_BYTES) / blockBytes * blockBytes;
        if (capacityBytes == 0 || maxRequestBytes == 0) {
            throw new IllegalArgumentException(
                    "target=" + name + " sizeBytes=" + export.sizeBytes() + " maxRequestBytes="
                            + export.maxBytes() + " < blockBytes=" + blockBytes + ", choose another export");
        }
        this.limits = new Limits(maxRequestBytes, MAX_DEPTH, TaskBatch.MAX_TASKS,
                export.has(NbdCodes.CAN_MULTI_CONN) ? MAX_JOBS : 1, rules.isWritable(), notes(allowOverwrite));
    }

    /// Reaches the server and asks what the export can do.
    ///
    /// @param uri            `nbd://HOST[:PORT]/EXPORT` or `nbd+unix:///EXPORT?socket=PATH`
    /// @param allowOverwrite what is on the export may go
    /// @throws IllegalArgumentException it is no such URI
    /// @throws UncheckedIOException     the server cannot be reached or does not have the export
    public static NbdLoadDisk open(String uri, boolean allowOverwrite) {
        return open(uri, allowOverwrite, System::nanoTime, Patience.STANDARD);
    }

    static NbdLoadDisk open(String uri, boolean allowOverwrite, LongSupplier nanoClock, Patience patience) {
        return new NbdLoadDisk(uri, allowOverwrite, nanoClock, patience);
    }

    @Override
    public String name() {
        return rules.name();
    }

    @Override
    public int blockBytes() {
        return rules.blockBytes();
    }

    @Override
    public long capacityBytes() {
        return rules.capacityBytes();
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public LongSupplier nanoClock() {
        return nanoClock;
    }

    @Override
    public LoadTarget open(int job, Workload workload) {
        return connect(job, workload);
    }

    /// Nothing: connections belong to the jobs.
    @Override
    public void close() {}

    NbdLoadTarget connect(int job, Workload workload) {
        rules.check(workload, job, limits);
        try {
            PatientChannel channel = PatientChannel.connect(uri.address(), nanoClock, patience.handshakeNs());
            try {
                requireSame(Negotiation.run(channel, uri.export()));
                return new NbdLoadTarget(channel, export, rules, workload, workload.seed() + job, nanoClock,
                        patience.replyNs());
            } catch (IOException | RuntimeException | Error e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw unreachable(name(), e);
        }
    }

    private NbdExport probe(String name) {
        try (PatientChannel channel = PatientChannel.connect(uri.address(), nanoClock, patience.handshakeNs())) {
            NbdExport found = Negotiation.run(channel, uri.export());
            Disconnection.send(channel);
            return found;
        } catch (IOException e) {
            throw unreachable(name, e);
        }
    }

    /// What was promised to the caller must still hold.
    private void requireSame(NbdExport now) throws IOException {
        if (!now.equals(export)) {
            throw new IOException("the export has changed since it was opened, open it again: was " + export + ", is "
                    + now);
        }
    }

    private List<String> notes(boolean allowOverwrite) {
        List<String> notes = new ArrayList<>();
        notes.add("depth is requests in flight on one connection per job, a bundle is one write to the socket");
        notes.add((export.isStructured() ? "structured" : "simple") + " replies, block sizes min=" + export.minBytes()
                + " preferred=" + export.preferredBytes() + " max=" + export.maxBytes());
        if (export.has(NbdCodes.READ_ONLY)) {
            notes.add("read only, says the server");
        } else if (!allowOverwrite) {
            notes.add("only read, because overwriting was not allowed");
        }
        if (!export.has(NbdCodes.CAN_MULTI_CONN)) {
            notes.add("one job, because the server does not promise that several connections see the same data");
        }
        return notes;
    }

    private static UncheckedIOException unreachable(String name, IOException e) {
        String reason = e.getMessage() == null ? e.toString() : e.getMessage();
        return new UncheckedIOException("target=" + name + " cannot be opened: " + reason, e);
    }
}
