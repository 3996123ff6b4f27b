package io.trilane.tools.initiator.iscsi;

import io.trilane.engine.task.TaskBatch;
import io.trilane.perf.harness.LoadDisk;
import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Anybody's iSCSI disk. Asked once what it is; every [#open] is a session of its own with one connection. Any thread.
public final class IscsiLoadDisk implements LoadDisk {
    private static final int MAX_DEPTH = 1024;
    private static final int MAX_JOBS = 64;
    /// "Random" format (RFC 7143 11.12.5): 24 random bits, and a qualifier for each session.
    private static final long ISID_RANDOM = 0x80_0000_0000_00L;
    private static final int QUALIFIER_BITS = 16;
    private static final int QUALIFIER_MASK = (1 << QUALIFIER_BITS) - 1;

    private final IscsiUri uri;
    private final IscsiOptions options;
    private final @Nullable ChapAnswer account;
    private final long isidBase;
    private final AtomicInteger sessions = new AtomicInteger();
    private final DiskTraits traits;

    private IscsiLoadDisk(IscsiUri uri, IscsiOptions options) throws IOException {
        this.uri = uri;
        this.options = options;
        this.account = ChapAnswer.of(uri, options);
        this.isidBase = ISID_RANDOM | (long) new SplittableRandom().nextInt(1 << 24) << QUALIFIER_BITS;
        try (InitiatorSession session =
                InitiatorSession.open(uri, options, account, nextIsid(), 1, UnitCommands.MAX_ANSWER_BYTES)) {
            traits = DiskTraits.of(session);
        }
    }

    /// Logs in once and asks what the disk is.
    ///
    /// @param text `iscsi://[USER[%SECRET]@]HOST[:PORT]/TARGET/LUN`, see [IscsiUri]
    /// @throws IllegalArgumentException the text is no such address
    /// @throws UncheckedIOException     the disk cannot be reached or used; the message says what to do
    public static IscsiLoadDisk open(String text, IscsiOptions options) {
        IscsiUri uri = IscsiUri.parse(text);
        try {
            return new IscsiLoadDisk(uri, options);
        } catch (IOException e) {
            throw unreachable(uri, e);
        }
    }

    @Override
    public String name() {
        return uri.toString();
    }

    @Override
    public int blockBytes() {
        return traits.blockBytes();
    }

    @Override
    public long capacityBytes() {
        return traits.capacityBlocks() * traits.blockBytes();
    }

    /// Depth ends at the target's command window: more would wait here and not there.
    @Override
    public Limits limits() {
        List<String> notes = new ArrayList<>();
        notes.add("disk: " + traits.product() + ", one session and one connection per job");
        notes.add("command window of the target: " + traits.window());
        if (traits.isWriteProtected()) {
            notes.add("the disk is write protected");
        } else if (!options.allowOverwrite()) {
            notes.add("read only: overwriting was not allowed");
        }
        if (traits.maxUnmapBlocks() == 0) {
            notes.add("the disk tells no limit for UNMAP: unmaps may fail");
        }
        return new Limits(maxRequestBytes(), Math.clamp(traits.window(), 1, MAX_DEPTH), TaskBatch.MAX_TASKS, MAX_JOBS,
                isWritable(), List.copyOf(notes));
    }

    @Override
    public LongSupplier nanoClock() {
        return options.nanoClock();
    }

    @Override
    public LoadTarget open(int job, Workload workload) {
        check(workload);
        try {
            InitiatorSession session = InitiatorSession.open(uri, options, account, nextIsid(), workload.depth(),
                    workload.longestBytes());
            try {
                new UnitCommands(session).testUnitReady();
                if (workload.mode().writes()) {
                    session.memory().fill(workload.seed() + job);
                }
                return new IscsiLoadTarget(session, workload, traits.blockBytes(), isWritable());
            } catch (IOException | RuntimeException | Error e) {
                session.close();
                throw e;
            }
        } catch (IOException e) {
            throw unreachable(uri, e);
        }
    }

    /// Nothing is open between the sessions of [#open].
    @Override
    public void close() {}

    private boolean isWritable() {
        return options.allowOverwrite() && !traits.isWriteProtected();
    }

    private long maxRequestBytes() {
        long transfer = traits.maxTransferBlocks() == 0 ? Long.MAX_VALUE
                : traits.maxTransferBlocks() * traits.blockBytes();
        return Math.min(Math.min(Workload.MAX_REQUEST_BYTES, transfer), capacityBytes());
    }

    private void check(Workload workload) {
        if (workload.depth() > limits().maxDepth()) {
            throw new IllegalArgumentException("iodepth=" + workload.depth() + " > commandWindow="
                    + limits().maxDepth() + " of the target, lower --iodepth or use more jobs");
        }
        if (workload.longestBytes() > maxRequestBytes()) {
            throw new IllegalArgumentException("bs=" + workload.longestBytes() + " > maxTransfer=" + maxRequestBytes()
                    + " of the disk, lower --bs");
        }
        if (workload.longestBytes() % traits.blockBytes() != 0) {
            throw new IllegalArgumentException("bs=" + workload.longestBytes() + " is not a multiple of blockBytes="
                    + traits.blockBytes() + ", choose one");
        }
        if (workload.mix().changesMedium() && !isWritable()) {
            throw new IllegalArgumentException("rw=" + workload.mode().option() + " where writable=false, "
                    + (traits.isWriteProtected() ? "the disk is write protected" : "allow overwriting it"));
        }
    }

    private long nextIsid() {
        return isidBase | sessions.getAndIncrement() & QUALIFIER_MASK;
    }

    private static UncheckedIOException unreachable(IscsiUri uri, IOException cause) {
        String reason = String.valueOf(cause.getMessage());
        String text = reason.startsWith(uri.toString()) ? reason : uri + ": " + reason;
        return new UncheckedIOException(text, new IOException(text, cause));
    }
}
