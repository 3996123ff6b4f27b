package io.trilane.perf.harness;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/// CPU time and allocated bytes of the threads of one job: its own, and with DEDICATED threading the engine's. Belongs
/// to the job's thread.
final class ThreadMeter {
    private final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final long[] ids;
    private final long[] before = new long[3];
    private long cpuNs;
    private long userNs;
    private long allocatedBytes;

    /// @param prefix of the names of the engine's threads
    ThreadMeter(String prefix) {
        long[] others = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().startsWith(prefix))
                .mapToLong(info -> info.getThreadId()).toArray();
        ids = Arrays.copyOf(others, others.length + 1);
        ids[others.length] = Thread.currentThread().threadId();
    }

    /// Allocation is read last here and first in [#end], so that the reading does not count itself.
    void begin() {
        before[0] = cpu();
        before[1] = user();
        before[2] = allocated();
    }

    void end() {
        long allocatedNow = allocated();
        allocatedBytes += allocatedNow - before[2];
        userNs += user() - before[1];
        cpuNs += cpu() - before[0];
    }

    long cpuNs() {
        return cpuNs;
    }

    long userNs() {
        return Math.min(userNs, cpuNs);
    }

    long allocatedBytes() {
        return allocatedBytes;
    }

    void reset() {
        cpuNs = 0;
        userNs = 0;
        allocatedBytes = 0;
    }

    private long cpu() {
        long sum = 0;
        for (long id : ids) {
            sum += Math.max(0, threads.getThreadCpuTime(id));
        }
        return sum;
    }

    private long user() {
        long sum = 0;
        for (long id : ids) {
            sum += Math.max(0, threads.getThreadUserTime(id));
        }
        return sum;
    }

    private long allocated() {
        long sum = 0;
        for (long id : ids) {
            sum += Math.max(0, threads.getThreadAllocatedBytes(id));
        }
        return sum;
    }
}
