package io.trilane.perf.harness;

import io.trilane.engine.task.HotPath;
import org.jspecify.annotations.Nullable;

/// Passes everything on to another target but for what a subclass does otherwise.
@HotPath
abstract class ForwardingTarget implements LoadTarget {
    final EngineLoadTarget target;

    ForwardingTarget(EngineLoadTarget target) {
        this.target = target;
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
}
