package io.trilane.perf.harness;

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

/// The jobs' threads. Work is given to all or to the first few of them, which start it at the same moment. Owned by one
/// [Bench], on its caller's thread; the list of jobs alone is for every thread.
final class Crew implements AutoCloseable {
    private final List<ExecutorService> threads = new ArrayList<>();
    private volatile List<Job> jobs = List.of();

    /// Opens the jobs, each on its thread, one after the other: images and memory are claimed in a fixed order.
    void open(int count, IntFunction<Job> opener) {
        List<Job> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            threads.add(Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("trilane-bench-job-" + index).factory()));
            opened.add(await(threads.get(index).submit(() -> opener.apply(index))));
            jobs = List.copyOf(opened);
        }
    }

    List<Job> jobs() {
        return jobs;
    }

    /// Runs `work` on the first `active` jobs at once; answers in their order.
    <T> List<T> run(int active, Function<Job, T> work) {
        CyclicBarrier start = new CyclicBarrier(active);
        List<Future<T>> running = new ArrayList<>();
        for (int i = 0; i < active; i++) {
            Job job = jobs.get(i);
            running.add(threads.get(i).submit(() -> {
                waitFor(start);
                return work.apply(job);
            }));
        }
        List<T> answers = new ArrayList<>();
        for (Future<T> future : running) {
            answers.add(await(future));
        }
        return answers;
    }

    /// Any thread: rounds end early.
    void stop() {
        jobs.forEach(Job::stop);
    }

    /// Closes each job on its own thread, the last one first, also when one of them fails.
    @Override
    public void close() {
        RuntimeException failure = null;
        for (int i = threads.size() - 1; i >= 0; i--) {
            try (ExecutorService thread = threads.get(i)) {
                if (i < jobs.size()) {
                    Future<?> closing = thread.submit(jobs.get(i)::close);
                    await(closing);
                }
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
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
