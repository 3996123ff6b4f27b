package io.trilane.engine.role;

import io.trilane.engine.controller.SlowJob;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.SerialQueue;
import java.util.function.Consumer;

/// The one agent for work that may take long (making data durable, formatting), so that no role ever waits for a disk.
/// On a thread of its own, or inline where a test or a simulation wants one thread.
public final class SlowWork implements RoleWork {
    private static final int JOBS_PER_CYCLE = 8;

    private final SerialQueue<SlowJob> jobs;
    private final CountersFile counters;
    private final Consumer<SlowJob> run = this::run;
    private final boolean inline;

    public SlowWork(int capacity, Doorbell doorbell, CountersFile counters, boolean inline) {
        this.jobs = new SerialQueue<>("slow-work", capacity, doorbell);
        this.counters = counters;
        this.inline = inline;
    }

    /// Runs the job now or later; false when the queue is full. Any thread.
    public boolean submit(SlowJob job) {
        if (inline) {
            run(job);
            return true;
        }
        return jobs.offer(job);
    }

    @Override
    public int doWork(long nowNs) {
        return jobs.drain(run, JOBS_PER_CYCLE);
    }

    private void run(SlowJob job) {
        try {
            job.run();
        } catch (RuntimeException | Error e) {
            counters.increment(EngineCounter.CONTROLLER_ERRORS);
            System.getLogger("io.trilane.engine").log(System.Logger.Level.ERROR, "slow job failed", e);
        }
    }
}
