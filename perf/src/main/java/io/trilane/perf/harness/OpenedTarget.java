package io.trilane.perf.harness;

/// A target that takes down what was made for it. Opened, used and closed by one thread.
final class OpenedTarget extends ForwardingTarget {
    private final Runnable onClose;
    private boolean isClosed;

    OpenedTarget(EngineLoadTarget target, Runnable onClose) {
        super(target);
        this.onClose = onClose;
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            onClose.run();
        }
    }
}
