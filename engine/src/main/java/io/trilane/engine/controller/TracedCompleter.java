package io.trilane.engine.controller;

import io.trilane.engine.controller.CallTrace.Direction;

/// A completer whose calls are written down. Belongs to the same role as the real one.
final class TracedCompleter implements Completer {
    private final CallTrace trace;
    private final Completer completer;

    TracedCompleter(CallTrace trace, Completer completer) {
        this.trace = trace;
        this.completer = completer;
    }

    @Override
    public void complete(long token) {
        trace.run(Direction.TO_FRAMEWORK, "complete", () -> Brief.token(token), () -> completer.complete(token));
    }

    @Override
    public void complete(long[] tokens, int count) {
        trace.run(Direction.TO_FRAMEWORK, "complete", () -> Brief.tokens(tokens, count),
                () -> completer.complete(tokens, count));
    }
}
