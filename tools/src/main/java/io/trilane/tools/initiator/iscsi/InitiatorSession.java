package io.trilane.tools.initiator.iscsi;

import io.trilane.engine.task.HotPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// One session in its full-feature phase: slots for commands, and the turns that move it on. When it breaks, every command in
/// flight is over at once, and whoever goes on hears why. Belongs to the thread that opened it.
@HotPath
final class InitiatorSession implements AutoCloseable, AnswerIntake.Completions {
    private static final int PDUS_PER_TURN = 64;
    /// How long requests in flight are waited for at the end, and then the answer to the logout.
    private static final long DRAIN_NS = 3_000_000_000L;
    private static final long LOGOUT_NS = 1_000_000_000L;
    private static final int LOGOUT_TAG = 0x7FFF_0000;
    /// As [RequestSlot#response]: no answer will come.
    private static final int LOST = 0x100;

    private final String name;
    private final long timeoutNs;
    private final SlotMemory memory;
    private final PeerLink link;
    private final CommandNumbers numbers;
    private final CommandSender sender;
    private final AnswerIntake intake;
    private final RequestSlot[] slots;
    /// Indices of free slots: the first [#freeCount].
    private final int[] free;
    private int freeCount;
    private AnswerIntake.Completions listener = slot -> {};
    private @Nullable IOException failure;
    private int completed;
    private long movedBefore;
    private long progressBefore;
    /// Since when nothing came nearer to its end; not known while things do.
    private long stalledSinceNs;
    private boolean isStalled;
    /// Somebody wants to send and the target's window is closed.
    private boolean isHeldUp;

    private InitiatorSession(String name, long timeoutNs, SlotMemory memory, PeerLink link, CommandNumbers numbers,
            Negotiated agreed, long lunField, RequestSlot[] slots) {
        this.name = name;
        this.timeoutNs = timeoutNs;
        this.memory = memory;
        this.link = link;
        this.numbers = numbers;
        this.slots = slots;
        this.sender = new CommandSender(link.writer(), numbers, agreed, lunField, slots.length);
        this.intake = new AnswerIntake(link.reader(), numbers, sender, agreed, slots, this);
        this.free = new int[slots.length];
        for (int i = slots.length - 1; i >= 0; i--) {
            free[freeCount++] = i;
        }
    }

    /// Logs in.
    ///
    /// @param slotCount    most commands in flight
    /// @param longestBytes most data of one
    /// @throws IOException the disk cannot be reached, or refuses us
    static InitiatorSession open(IscsiUri uri, IscsiOptions options, @Nullable ChapAnswer account, long isid,
            int slotCount, long longestBytes) throws IOException {
        SlotMemory memory = new SlotMemory(slotCount, longestBytes);
        PeerLink link = null;
        try {
            long deadlineNs = options.nanoClock().getAsLong() + options.timeoutNs();
            link = PeerLink.connect(uri, memory.windows(), options.nanoClock(), deadlineNs);
            CommandNumbers numbers = new CommandNumbers();
            Negotiated agreed = new LoginClient(link, numbers, isid, deadlineNs).login(uri, options.initiatorName(),
                    account, headerDigest(uri, options), dataDigest(uri, options));
            link.reader().setDigests(agreed.headerDigest(), agreed.dataDigest());
            link.writer().setDigests(agreed.headerDigest(), agreed.dataDigest());
            RequestSlot[] slots = new RequestSlot[slotCount];
            for (int i = 0; i < slotCount; i++) {
                slots[i] = new RequestSlot(i);
            }
            return new InitiatorSession(uri.toString(), options.timeoutNs(), memory, link, numbers, agreed,
                    uri.lunField(), slots);
        } catch (IOException | RuntimeException | Error e) {
            if (link != null) {
                link.close();
            }
            memory.close();
            throw e;
        }
    }

    private static boolean headerDigest(IscsiUri uri, IscsiOptions options) {
        Boolean said = uri.headerDigest();
        return said == null ? options.headerDigest() : said;
    }

    private static boolean dataDigest(IscsiUri uri, IscsiOptions options) {
        Boolean said = uri.dataDigest();
        return said == null ? options.dataDigest() : said;
    }

    /// Who hears of the commands that are over.
    void listen(AnswerIntake.Completions newListener) {
        listener = newListener;
    }

    SlotMemory memory() {
        return memory;
    }

    int slots() {
        return slots.length;
    }

    int inFlight() {
        return slots.length - freeCount;
    }

    /// Commands that the target takes now.
    int window() {
        return numbers.window();
    }

    /// Why the session is over; null: it is not.
    @Nullable
    IOException failure() {
        return failure;
    }

    /// How many of `wanted` commands can be sent now.
    ///
    /// @throws UncheckedIOException the session is over
    int room(int wanted) {
        if (intake.isLogoutAsked()) {
            endAsAsked();
        }
        requireAlive();
        int room = intake.isLogoutAsked() ? 0 : Math.min(Math.min(wanted, freeCount), numbers.window());
        while (room > 0 && !sender.hasRoom(room)) {
            room >>= 1;
        }
        if (isHeldUp != (room == 0)) {
            isHeldUp = room == 0;
            isStalled = false;
        }
        return room;
    }

    /// A slot for a command; [#room] has said that there is one.
    RequestSlot claim() {
        RequestSlot slot = slots[free[--freeCount]];
        slot.begin();
        slot.address = memory.address(slot.index);
        return slot;
    }

    /// Sends the command of a claimed slot with the next [#flush].
    void send(RequestSlot slot) {
        isStalled = false;
        if (failure == null) {
            sender.send(slot);
        }
    }

    void flush() {
        if (failure == null) {
            try {
                sender.pump();
                link.flush();
            } catch (IOException e) {
                fail(e);
            }
        }
    }

    /// Writes, reads, and tells the listener; returns how many commands are over. Sleeps shortly when nothing moves.
    ///
    /// @throws UncheckedIOException the session is over, and there is no command left to say it by
    int poll() {
        completed = 0;
        if (failure == null) {
            try {
                turn();
            } catch (IOException e) {
                fail(e);
            }
        }
        if (failure != null) {
            loseAll();
            if (completed == 0) {
                requireAlive();
            }
        }
        return completed;
    }

    @Override
    public void onCompleted(RequestSlot slot) {
        completed++;
        listener.onCompleted(slot);
        free[freeCount++] = slot.index;
    }

    /// Logs out, if the target still listens.
    @Override
    public void close() {
        try {
            pollUntilIdle();
            if (failure == null && inFlight() == 0) {
                logout();
            }
        } finally {
            link.close();
            memory.close();
        }
    }

    private void turn() throws IOException {
        sender.pump();
        link.flush();
        int pdus = 0;
        while (pdus < PDUS_PER_TURN && intake.readPdu()) {
            pdus++;
        }
        if (intake.progress() != progressBefore) {
            progressBefore = intake.progress();
            movedBefore = link.movedBytes();
            isStalled = false;
            isHeldUp = false;
            link.onBusy();
            sender.pump();
            link.flush();
            return;
        }
        long nowNs = link.nowNs();
        if (!isStalled) {
            isStalled = true;
            stalledSinceNs = nowNs;
        } else if ((isHeldUp || inFlight() > 0) && nowNs - stalledSinceNs > timeoutNs) {
            throw new IOException(
                    "no answer to commands=" + inFlight() + " within seconds=" + timeoutNs / 1_000_000_000L
                            + ", look whether the target still works");
        }
        if (link.movedBytes() == movedBefore) {
            link.idle(nowNs);
        } else {
            movedBefore = link.movedBytes();
            link.onBusy();
        }
    }

    private void fail(IOException cause) {
        failure = new IOException(name + ": " + cause.getMessage(), cause);
        link.close();
    }

    private void loseAll() {
        for (RequestSlot slot : slots) {
            if (slot.isBusy) {
                slot.isBusy = false;
                slot.isQueued = false;
                slot.response = LOST;
                onCompleted(slot);
            }
        }
    }

    private void requireAlive() {
        if (failure != null) {
            throw new UncheckedIOException(failure.getMessage(), failure);
        }
    }

    /// The target wants us gone: what is in flight comes back first.
    private void endAsAsked() {
        if (failure == null && inFlight() == 0) {
            logout();
            fail(new IOException("the target asked for the end of the session, try again later"));
        }
    }

    private void pollUntilIdle() {
        long beginNs = link.nowNs();
        while (failure == null && inFlight() > 0 && link.nowNs() - beginNs < DRAIN_NS) {
            int _ = poll();
        }
    }

    private void logout() {
        long beginNs = link.nowNs();
        try {
            sender.logout(LOGOUT_TAG);
            while (!intake.isLoggedOut() && link.nowNs() - beginNs < LOGOUT_NS) {
                turn();
            }
        } catch (IOException _) {
            return; // It has closed the connection instead of answering: that is an end, too.
        }
    }
}
