package io.trilane.engine.controller;

/// Work that may take long: a flush, a format. It reports its result itself, through a queue.
public interface SlowJob {
    void run();
}
