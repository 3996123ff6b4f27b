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

/// Jobs and their threads. Work is given to all or to the first few of them, which start it at the same moment. Used by one
/// thread; [#stop] and the list of jobs are for every thread.
public final class Crew<J extends Crew.Job> implements AutoCloseable {
    private final String name;
    private final boolean isSingleHere;
    private final List<ExecutorService> threads = new ArrayList<>();
    private volatile List<J> jobs = List.of();

    /// What a crew does: opened, used and closed by its own thread.
    public interface Job extends AutoCloseable {
        /// Any thread: what it does ends early.
        void stop();

        @Override
        void close();
    }

    /// @param name         of the threads, before their number
    /// @param isSingleHere a single job is done by the caller's thread
    public Crew(String name, boolean isSingleHere) {
        this.name = name;
        this.isSingleHere = isSingleHere;
    }

    /// Opens the jobs one after the other, each on its thread: images and memory are claimed in a fixed order. What was opened is
    /// closed again on failure.
    public void open(int count, IntFunction<J> opener) {
        try {
            openJobs(count, opener);
        } catch (RuntimeException e) {
            try {
                close();
            } catch (RuntimeException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    public List<J> jobs() {
        return jobs;
    }

    private void openJobs(int count, IntFunction<J> opener) {
        boolean isHere = count == 1 && isSingleHere;
        List<J> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            if (!isHere) {
                threads.add(Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name(name + index).factory()));
            }
            opened.add(isHere ? opener.apply(0) : await(threads.get(i).submit(() -> opener.apply(index))));
            jobs = List.copyOf(opened);
        }
    }

    /// Runs `work` on all jobs at once; answers in their order.
    public <T> List<T> run(Function<J, T> work) {
        return run(jobs.size(), work);
    }

    /// Runs `work` on the first `active` jobs at once; answers in their order.
    public <T> List<T> run(int active, Function<J, T> work) {
        if (threads.isEmpty()) {
            return List.of(work.apply(jobs.getFirst()));
        }
        CyclicBarrier start = new CyclicBarrier(active);
        List<Future<T>> running = new ArrayList<>();
        for (int i = 0; i < active; i++) {
            J job = jobs.get(i);
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
                // The others are waited for: nobody may be at work when the crew is closed.
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return answers;
    }

    /// Any thread: rounds end early.
    public void stop() {
        jobs.forEach(Job::stop);
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
