package io.trilane.perf.harness;

import io.trilane.engine.task.HotPath;
import org.jspecify.annotations.Nullable;

/// A target that takes down what was made for it. Opened, used and closed by one thread.
@HotPath
final class OpenedTarget implements LoadTarget {
    private final EngineLoadTarget target;
    private final Runnable onClose;
    private boolean isClosed;

    OpenedTarget(EngineLoadTarget target, Runnable onClose) {
        this.target = target;
        this.onClose = onClose;
    }

    @Override
    public int begin(int wanted) {
        return target.begin(wanted);
    }

    @Override
    public boolean add(long request) {
        return target.add(request);
    }

    @Override
    public void submit() {
        target.submit();
    }

    @Override
    public int poll() {
        return target.poll();
    }

    @Override
    public void observe(@Nullable RequestObserver observer) {
        target.observe(observer);
    }

    @Override
    public int slots() {
        return target.slots();
    }

    @Override
    public int inFlight() {
        return target.inFlight();
    }

    @Override
    public long errors() {
        return target.errors();
    }

    @Override
    public @Nullable String firstError() {
        return target.firstError();
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            onClose.run();
        }
    }
}
