package io.trilane.tools.initiator.iscsi;

import io.trilane.engine.task.HotPath;
import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestObserver;
import io.trilane.perf.harness.Workload;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A session with a disk, under load: requests become commands, as many as the target's window takes. Used by the thread
/// that opened it. When the session breaks, the requests in flight come back as errors, and the next call says why with an
/// [java.io.UncheckedIOException].
@HotPath
public final class IscsiLoadTarget implements LoadTarget, AnswerIntake.Completions {
    private final InitiatorSession session;
    private final RequestCommands commands;
    private final boolean isWritable;
    private @Nullable RequestObserver observer;
    private long errors;
    private @Nullable String firstError;

    /// @param session ready: no unit attention waits. Is closed with the target
    IscsiLoadTarget(InitiatorSession session, Workload workload, int blockBytes, boolean isWritable) {
        this.session = session;
        this.commands = new RequestCommands(workload, session.memory(), blockBytes);
        this.isWritable = isWritable;
        session.listen(this);
    }

    @Override
    public int begin(int wanted) {
        return session.room(wanted);
    }

    /// @throws IllegalStateException the request would change a disk that may not be written to
    @Override
    public boolean add(long request) {
        RequestObserver observing = observer;
        if (observing != null && !observing.accepts(request)) {
            return false;
        }
        if (!isWritable && Request.kindOf(request).changesMedium()) {
            throw new IllegalStateException("request=" + Request.kindOf(request)
                    + " where writable=false, our bug: the workload should have been refused");
        }
        commands.require(request);
        RequestSlot slot = session.claim();
        commands.fill(slot, request);
        session.send(slot);
        if (observing != null) {
            observing.onAdded(slot.index, request);
        }
        return true;
    }

    @Override
    public void submit() {
        session.flush();
    }

    @Override
    public int poll() {
        return session.poll();
    }

    @Override
    public void onCompleted(RequestSlot slot) {
        boolean isGood = slot.isGood();
        if (!isGood && errors++ == 0) {
            IOException failure = session.failure();
            firstError = failure == null ? SenseText.describe(slot) : String.valueOf(failure.getMessage());
        }
        if (observer != null) {
            observer.onFinished(slot.index, isGood);
        }
    }

    @Override
    public void observe(@Nullable RequestObserver newObserver) {
        observer = newObserver;
    }

    @Override
    public int slots() {
        return session.slots();
    }

    @Override
    public int inFlight() {
        return session.inFlight();
    }

    @Override
    public long errors() {
        return errors;
    }

    @Override
    public @Nullable String firstError() {
        return firstError;
    }

    @Override
    public void close() {
        session.close();
    }

    /// For tests: the data of all slots.
    SlotMemory memory() {
        return session.memory();
    }
}
