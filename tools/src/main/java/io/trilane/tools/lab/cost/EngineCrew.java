package io.trilane.tools.lab.cost;

import io.trilane.engine.ThreadingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/// Engines on threads of their own, each with three queues, a client and an image; the first few of them can be given
/// work to share. Owned by the command's thread.
final class EngineCrew implements AutoCloseable {
    private final List<ExecutorService> threads = new ArrayList<>();
    private final List<CostEngine> engines = new ArrayList<>();

    EngineCrew(int size, CostEngine.Setting setting, CrossingPrice price, LongSupplier nanoClock) {
        try {
            for (int i = 0; i < size; i++) {
                int shard = i;
                threads.add(Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("trilane-lab-engine-" + i).factory()));
                engines.add(await(threads.get(i).submit(
                        () -> CostEngine.open(setting, price, ThreadingMode.INVOKER, shard, nanoClock))));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /// A contender that divides its operations among the first `count` engines, which start at the same moment.
    Contest.Contender first(int count) {
        return operations -> {
            CyclicBarrier start = new CyclicBarrier(count);
            List<Future<Boolean>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                CostEngine engine = engines.get(i);
                long share = operations / count + (i < operations % count ? 1 : 0);
                running.add(threads.get(i).submit(work(start, engine, share)));
            }
            running.forEach(EngineCrew::await);
        };
    }

    @Override
    public void close() {
        for (int i = threads.size() - 1; i >= 0; i--) {
            try (ExecutorService thread = threads.get(i)) {
                if (i < engines.size()) {
                    Future<?> closing = thread.submit(engines.get(i)::close);
                    Object _ = await(closing);
                }
            }
        }
    }

    private static Callable<Boolean> work(CyclicBarrier start, CostEngine engine, long operations) {
        return () -> {
            try {
                start.await();
            } catch (BrokenBarrierException e) {
                throw new IllegalStateException("an engine did not start its round", e);
            }
            engine.run(operations);
            return true;
        };
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while engines work", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause
                    : new IllegalStateException("an engine failed", e.getCause());
        }
    }
}
