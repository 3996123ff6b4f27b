package io.trilane.perf.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.IntFunction;

/// The jobs of one cell: a single one is on the caller's thread, several have a thread each and start their rounds at the same
/// moment. Used by one thread; only [#stop] is for others.
final class CellCrew implements AutoCloseable {
    private final List<ExecutorService> threads = new ArrayList<>();
    private volatile List<CellJob> jobs = List.of();

    /// Opens the jobs one after the other, each on its thread. What was opened is closed again on failure.
    static CellCrew open(int count, IntFunction<CellJob> opener) {
        CellCrew crew = new CellCrew();
        try {
            crew.openJobs(count, opener);
            return crew;
        } catch (RuntimeException e) {
            try {
                crew.close();
            } catch (RuntimeException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private void openJobs(int count, IntFunction<CellJob> opener) {
        List<CellJob> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            if (count > 1) {
                threads.add(Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("trilane-tune-job-" + index).factory()));
            }
            opened.add(count == 1 ? opener.apply(0) : await(threads.get(i).submit(() -> opener.apply(index))));
            jobs = List.copyOf(opened);
        }
    }

    /// Runs `work` on all jobs at once; answers in their order.
    <T> List<T> run(Function<CellJob, T> work) {
        if (threads.isEmpty()) {
            return List.of(work.apply(jobs.getFirst()));
        }
        CyclicBarrier start = new CyclicBarrier(jobs.size());
        List<Future<T>> running = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            CellJob job = jobs.get(i);
            running.add(threads.get(i).submit(() -> {
                waitFor(start);
                return work.apply(job);
            }));
        }
        List<T> answers = new ArrayList<>();
        RuntimeException failure = null;
        for (Future<T> future : running) {
            try {
                answers.add(await(future));
            } catch (RuntimeException e) {
                // The others are waited for: nobody may be at work when the cell is closed.
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return answers;
    }

    /// Any thread: rounds end early.
    void stop() {
        jobs.forEach(CellJob::stop);
    }

    /// Closes each job on its own thread, the last one first, also when one of them fails.
    @Override
    public void close() {
        RuntimeException failure = null;
        for (int i = Math.max(threads.size(), jobs.size()) - 1; i >= 0; i--) {
            try {
                closeJob(i);
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        jobs = List.of();
        threads.clear();
        if (failure != null) {
            throw failure;
        }
    }

    private void closeJob(int index) {
        if (threads.isEmpty()) {
            jobs.get(index).close();
            return;
        }
        try (ExecutorService thread = threads.get(index)) {
            if (index < jobs.size()) {
                Future<?> closing = thread.submit(jobs.get(index)::close);
                await(closing);
            }
        }
    }

    private static void waitFor(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException("a job did not start its round", e);
        }
    }

    private static <T> T await(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause
                    : new IllegalStateException("a job failed", e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
