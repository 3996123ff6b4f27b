package io.trilane.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C and TERM: asks what runs to stop, and lets the process end only after the command has printed and tidied up.
/// Made and closed by the command's thread.
final class Interruption implements AutoCloseable {
    /// Longer than a load driver waits for a disk that says nothing (60 s), and its good-bye.
    private static final long PATIENCE_SECONDS = 75;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().name("trilane-interrupt").unstarted(this::onShutdown);
    private final List<Runnable> stops = new ArrayList<>();
    private boolean requested;

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Calls `stop` when, or if already, the process is asked to end.
    void onRequest(Runnable stop) {
        boolean now;
        synchronized (stops) {
            stops.add(stop);
            now = requested;
        }
        if (now) {
            stop.run();
        }
    }

    boolean isRequested() {
        synchronized (stops) {
            return requested;
        }
    }

    /// Everything is printed and closed.
    @Override
    public void close() {
        finished.countDown();
        if (!isRequested()) {
            try {
                boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException _) {
                // It is running already, and will not wait.
            }
        }
    }

    private void onShutdown() {
        List<Runnable> all;
        synchronized (stops) {
            requested = true;
            all = List.copyOf(stops);
        }
        all.forEach(Runnable::run);
        try {
            boolean _ = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
