package io.trilane.tools.initiator.nbd;

import io.trilane.engine.task.HotPath;
import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.RequestObserver;
import io.trilane.perf.harness.Workload;
import io.trilane.tools.initiator.slot.DiskRules;
import io.trilane.tools.initiator.slot.RequestSlots;
import io.trilane.tools.nbd.NbdCodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One connection in the transmission phase, with as many requests in flight as the depth. Belongs to one thread.
///
/// When the connection is lost, or the server makes no sense, the requests in flight come back as errors with the next poll;
/// whoever goes on after that gets an exception.
@HotPath
final class NbdLoadTarget implements LoadTarget {
    /// Without a reply, first look again and again for so long ...
    private static final long BUSY_NS = 50_000;
    /// ... then sleep until there is one, at most so long.
    private static final long SLEEP_MILLIS = 1;
    /// With nothing in flight it is the caller that has something next, and soon.
    private static final long NOTHING_TO_DO_NS = 10_000;
    private static final long CLOSE_NS = 3_000_000_000L;
    private static final int PAGE_BYTES = 4096;
    private static final Consumer<SelectionKey> NO_ACTION = _ -> {};
    private static final int[] COMMANDS = commands();

    private final PatientChannel channel;
    private final DiskRules rules;
    private final Workload workload;
    private final LongSupplier nanoClock;
    private final long patienceNs;
    private final int writeFlags;
    private final RequestSlots slots;
    private final Transfers transfers;
    private final RequestSender sender;
    private final ReplyReader reader;
    private boolean isQuiet;
    /// Since when nothing has come back; valid while it is quiet.
    private long quietSinceNs;
    private @Nullable String lost;

    /// @param channel    behind the handshake; closed with the target
    /// @param patienceNs how long the server may take for any reply while requests are in flight
    NbdLoadTarget(PatientChannel channel, NbdExport export, DiskRules rules, Workload workload, long seed,
            LongSupplier nanoClock, long patienceNs) {
        this.channel = channel;
        this.rules = rules;
        this.workload = workload;
        this.nanoClock = nanoClock;
        this.patienceNs = patienceNs;
        this.writeFlags = workload.fua() ? NbdCodes.CMD_FLAG_FUA : 0;
        this.slots = new RequestSlots(workload.depth(), (int) workload.longestBytes(), PAGE_BYTES, seed);
        this.transfers = new Transfers(slots);
        this.sender = new RequestSender(channel.channel(), transfers, slots);
        this.reader = new ReplyReader(channel.channel(), transfers, export.isStructured(), workload.longestBytes());
    }

    @Override
    public int begin(int wanted) {
        refuseWhenLost();
        return Math.min(wanted, slots.freeCount());
    }

    /// @throws IllegalArgumentException the export must not be asked this
    /// @throws UncheckedIOException     the connection is lost
    @Override
    public boolean add(long request) {
        int kind = Request.kind(request);
        boolean isFlush = kind == RequestKind.FLUSH.ordinal();
        long offset = isFlush ? 0 : Request.offsetBytes(request);
        long length = isFlush ? 0 : workload.requestBytes(Request.sizeIndex(request));
        rules.check(request, length);
        if (slots.freeCount() == 0 || !slots.accepts(request)) {
            return false;
        }
        int slot = slots.take(request);
        int flags = kind == RequestKind.WRITE.ordinal() ? writeFlags : 0;
        sender.add(slot, flags, COMMANDS[kind], offset, (int) length);
        return true;
    }

    @Override
    public void submit() {
        if (lost != null) {
            return;
        }
        try {
            sender.flush();
        } catch (IOException e) {
            onLost(e);
        }
    }

    @Override
    public int poll() {
        int before = slots.inFlight();
        if (lost == null) {
            try {
                sender.flush();
                reader.poll();
                if (slots.inFlight() == before) {
                    idle();
                } else {
                    isQuiet = false;
                }
            } catch (IOException e) {
                onLost(e);
            }
        } else if (before == 0) {
            refuseWhenLost();
        }
        if (lost != null) {
            transfers.failAll(lost);
        }
        return before - slots.inFlight();
    }

    @Override
    public void observe(@Nullable RequestObserver observer) {
        slots.observe(observer);
    }

    @Override
    public int slots() {
        return slots.count();
    }

    @Override
    public int inFlight() {
        return slots.inFlight();
    }

    @Override
    public long errors() {
        return slots.errors();
    }

    @Override
    public @Nullable String firstError() {
        return slots.firstError();
    }

    /// The data of a slot, for a look at what was read.
    ByteBuffer buffer(int slot) {
        return slots.buffer(slot);
    }

    /// Tells the server when everything has come back, as it is asked for; otherwise just goes.
    @Override
    public void close() {
        long endNs = nanoClock.getAsLong() + CLOSE_NS;
        while (slots.inFlight() > 0 && nanoClock.getAsLong() < endNs) {
            int _ = poll();
        }
        try (channel) {
            if (lost == null && slots.inFlight() == 0) {
                Disconnection.send(channel);
            }
        } catch (IOException e) {
            // It is over, with or without a good-bye.
            lost = e.getMessage();
        }
    }

    /// Nothing came back.
    private void idle() throws IOException {
        long nowNs = nanoClock.getAsLong();
        if (!isQuiet) {
            isQuiet = true;
            quietSinceNs = nowNs;
        }
        long quietNs = nowNs - quietSinceNs;
        if (slots.inFlight() > 0 && quietNs > patienceNs) {
            throw new IOException("no reply within patienceNs=" + patienceNs);
        }
        if (quietNs < BUSY_NS) {
            Thread.onSpinWait();
        } else if (slots.inFlight() == 0) {
            LockSupport.parkNanos(NOTHING_TO_DO_NS);
        } else {
            sleep();
        }
    }

    private void sleep() throws IOException {
        int operations = sender.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (channel.key().interestOps() != operations) {
            channel.key().interestOps(operations);
        }
        int _ = channel.selector().select(NO_ACTION, SLEEP_MILLIS);
    }

    /// Cold: what is in flight fails with the next poll.
    private void onLost(IOException e) {
        lost = "target=" + rules.name() + " connection lost: " + (e.getMessage() == null ? e : e.getMessage());
    }

    private void refuseWhenLost() {
        if (lost != null) {
            throw new UncheckedIOException(new IOException(lost));
        }
    }

    /// By kind of request.
    private static int[] commands() {
        int[] commands = new int[RequestKind.values().length];
        commands[RequestKind.READ.ordinal()] = NbdCodes.CMD_READ;
        commands[RequestKind.WRITE.ordinal()] = NbdCodes.CMD_WRITE;
        commands[RequestKind.FLUSH.ordinal()] = NbdCodes.CMD_FLUSH;
        commands[RequestKind.UNMAP.ordinal()] = NbdCodes.CMD_TRIM;
        return commands;
    }
}
