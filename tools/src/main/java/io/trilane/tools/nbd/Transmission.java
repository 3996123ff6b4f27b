package io.trilane.tools.nbd;

import io.trilane.engine.Client;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.tools.frontend.Connection;
import io.trilane.tools.frontend.Inbox;
import io.trilane.tools.frontend.Protocol;
import io.trilane.tools.frontend.ServedUnit;
import io.trilane.tools.nbd.RequestWork.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The transmission phase of a connection (proto.md, "Transmission"): reads requests, keeps those under way, answers them.
/// Nothing is allocated for a request. Belongs to its connection's event loop.
@HotPath
final class Transmission {
    /// More would not fit the outbox with their answers.
    private static final int MAX_REQUESTS = 128;
    private static final int REQUEST_BYTES = 28;
    /// Steps of one connection before others have their turn.
    private static final int TURN = 64;
    private static final long MAX_LENGTH = 0xFFFF_FFFFL;
    /// Of a write that is too long: beyond this nobody reads it to its end.
    private static final long MAX_DISCARDED_BYTES = 2L * NbdCodes.MAX_PAYLOAD_BYTES;

    /// What a step of reading came to.
    private enum Step {
        AGAIN, STARVED, BLOCKED
    }

    private final Connection connection;
    private final Inbox inbox;
    private final RequestWork work;
    private final RequestRules rules;
    private final Replies replies;
    private final ServedUnit unit;
    private final Request[] requests;
    private final ArrayDeque<Request> free;
    private final ArrayDeque<Request> blocked;
    private final PeerWatch watch;
    private int active;
    /// Its payload is coming in; nothing else can be read before.
    private @Nullable Request receiving;
    /// Sends one reply in parts, so that there can be no other meanwhile.
    private @Nullable Request exclusive;
    /// The peer's next bytes are waited for.
    private boolean isStarved;
    private boolean isDisconnecting;
    private boolean isStopping;

    Transmission(Connection connection, Client client, ServedUnit unit, UnitTraits traits, boolean isStructured,
            boolean hasContext, int maxRequests, long peerTimeoutNs) {
        this.connection = connection;
        this.inbox = connection.inbox();
        this.unit = unit;
        this.replies = new Replies(connection.outbox(), isStructured);
        this.work = new RequestWork(connection, client, unit, traits, replies);
        this.rules = new RequestRules(unit, isStructured, hasContext,
                Math.max(1 << 16, unit.maxTransferBytes() - 2 * unit.blockBytes()));
        this.requests = new Request[Math.min(maxRequests, MAX_REQUESTS)];
        this.free = new ArrayDeque<>(requests.length + 1);
        this.blocked = new ArrayDeque<>(requests.length + 1);
        this.watch = new PeerWatch(connection, peerTimeoutNs);
        for (int i = requests.length - 1; i >= 0; i--) {
            requests[i] = new Request(i, unit.blockBytes());
            free.push(requests[i]);
        }
    }

    /// As [Protocol#onReadable].
    boolean onReadable() throws IOException {
        if (!retryBlocked()) {
            connection.pauseReading();
            return false;
        }
        for (int i = 0; i < TURN; i++) {
            Step step = step();
            isStarved = step == Step.STARVED;
            if (step == Step.BLOCKED) {
                connection.pauseReading();
                return false;
            }
            if (step == Step.STARVED) {
                return false;
            }
        }
        return true;
    }

    void onTask(Task task) throws IOException {
        Request request = requests[(int) task.userData()];
        work.onTask(request, task);
        run(request);
    }

    long deadlineNs() {
        return watch.deadlineNs(isStarved && receiving != null);
    }

    void onDeadline(long nowNs) throws IOException {
        watch.onDeadline(nowNs);
    }

    /// Requests from now on are refused; those under way are finished.
    void onStop() {
        isStopping = true;
    }

    boolean isIdle() {
        return active == 0;
    }

    void onClosed() {
        for (Request request : requests) {
            work.drop(request);
        }
    }

    private Step step() throws IOException {
        Request current = receiving;
        if (!blocked.isEmpty()) {
            return Step.BLOCKED;
        }
        if (current != null) {
            return receive(current);
        }
        if (isDisconnecting || exclusive != null || free.isEmpty() || !work.hasRoom(active)) {
            return Step.BLOCKED;
        }
        return inbox.require(REQUEST_BYTES) ? begin() : Step.STARVED;
    }

    private Step begin() throws IOException {
        ByteBuffer staged = inbox.staged();
        int at = inbox.position();
        int magic = staged.getInt(at);
        if (magic != NbdCodes.REQUEST_MAGIC) {
            throw new IOException("request magic=" + Integer.toHexString(magic) + " != "
                    + Integer.toHexString(NbdCodes.REQUEST_MAGIC) + ", the peer does not speak NBD");
        }
        int flags = staged.getShort(at + 4) & 0xFFFF;
        int type = staged.getShort(at + 6) & 0xFFFF;
        long cookie = staged.getLong(at + 8);
        long offset = staged.getLong(at + 16);
        long length = staged.getInt(at + 24) & MAX_LENGTH;
        if (type == NbdCodes.CMD_DISC) {
            return disconnect();
        }
        if (type == NbdCodes.CMD_WRITE && length > MAX_DISCARDED_BYTES) {
            throw new IOException("write length=" + length + " > " + MAX_DISCARDED_BYTES + ", the peer is cut off");
        }
        if (needsSilence(type, flags, offset, length) && active > 0) {
            return Step.BLOCKED;
        }
        inbox.skip(REQUEST_BYTES);
        Request request = free.pop();
        active++;
        request.begin(type, flags, cookie, offset, length);
        rules.check(request, length);
        if (isStopping) {
            request.fail(NbdCodes.ESHUTDOWN, "the server stops");
        }
        if (request.error == 0 && needsSilence(type, flags, offset, length)) {
            exclusive = request;
        }
        if (request.payloadBytes > 0) {
            watch.onProgress();
            receiving = request;
        } else {
            run(request);
        }
        return Step.AGAIN;
    }

    /// A read that takes several commands and can only be answered in one piece: no other reply may come between.
    private boolean needsSilence(int type, int flags, long offset, long length) {
        if (type != NbdCodes.CMD_READ || replies.isStructured() && (flags & NbdCodes.CMD_FLAG_DF) == 0) {
            return false;
        }
        return length + (offset & unit.blockBytes() - 1) > unit.maxTransferBytes();
    }

    /// Soft disconnect: what is under way is finished and answered.
    private Step disconnect() {
        inbox.skip(REQUEST_BYTES);
        isDisconnecting = true;
        if (active == 0) {
            connection.close(null);
        }
        return Step.BLOCKED;
    }

    private Step receive(Request request) throws IOException {
        if (request.step != Request.Step.NONE) {
            return Step.BLOCKED;
        }
        if (request.error != 0) {
            return discard(request);
        }
        if (request.receiving == null) {
            if (request.isAtEdge()) {
                return receiveEdge(request);
            }
            request.takeBlocks(unit.maxTransferBytes());
            request.received = 0;
            request.receiving = work.claim(request, request.partBytes());
            if (request.receiving == null) {
                return Step.BLOCKED;
            }
        }
        return receiveBlocks(request, request.receiving);
    }

    private Step receiveBlocks(Request request, Task task) throws IOException {
        int got = inbox.readInto(task, request.received, request.partBytes() - request.received);
        if (got == 0) {
            return Step.STARVED;
        }
        watch.onProgress();
        request.received += got;
        request.payloadBytes -= got;
        if (request.received < request.partBytes()) {
            return Step.AGAIN;
        }
        request.receiving = null;
        if (request.payloadBytes == 0) {
            receiving = null;
        }
        settle(request, work.write(request, task));
        return Step.AGAIN;
    }

    /// Part of a block: small enough to be staged, and kept in the request.
    private Step receiveEdge(Request request) throws IOException {
        request.takeEdge();
        int length = request.partBytes();
        if (!inbox.require(length)) {
            return Step.STARVED;
        }
        watch.onProgress();
        request.takeEdgeBytes(inbox.staged(), inbox.position());
        inbox.skip(length);
        request.payloadBytes -= length;
        if (request.payloadBytes == 0) {
            receiving = null;
        }
        run(request);
        return Step.AGAIN;
    }

    private Step discard(Request request) throws IOException {
        int dropped = inbox.discard(request.payloadBytes);
        if (dropped == 0) {
            return Step.STARVED;
        }
        watch.onProgress();
        request.payloadBytes -= dropped;
        if (request.payloadBytes == 0) {
            receiving = null;
            finish(request);
        }
        return Step.AGAIN;
    }

    private void run(Request request) {
        settle(request, work.advance(request, active));
    }

    private void settle(Request request, Progress progress) {
        switch (progress) {
            case UNDER_WAY -> {
            }
            case BLOCKED -> {
                blocked.add(request);
                connection.pauseReading();
            }
            case NEEDS_PAYLOAD -> receiving = request;
            case FINISHED -> {
                if (request.payloadBytes > 0) {
                    receiving = request;
                } else {
                    finish(request);
                }
            }
        }
    }

    /// Tries again what found no room, in order; false when there still is none.
    private boolean retryBlocked() {
        for (int i = blocked.size(); i > 0; i--) {
            run(Objects.requireNonNull(blocked.poll()));
        }
        return blocked.isEmpty();
    }

    private void finish(Request request) {
        if (request.error != 0 || !request.isReplyStarted) {
            replies.end(request);
        }
        if (exclusive == request) {
            exclusive = null;
        }
        active--;
        free.push(request);
        if (isDisconnecting && active == 0) {
            connection.close(null);
        }
    }
}
