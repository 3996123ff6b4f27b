package io.trilane.perf.harness;

import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskMemory;

/// What one job asks of its disks. Immutable; a wrong value is refused with the name of its option.
///
/// @param mix    kinds, lengths and places of the requests
/// @param depth  requests in flight (`--iodepth`)
/// @param bundle most tasks handed over in one call
/// @param fua    writes are durable when they complete
/// @param seed   of offsets and mix
/// @param verify writes are stamped and reads are checked
public record Workload(RequestMix mix, int depth, int bundle, boolean fua, long seed, boolean verify) {
    /// Longest request: the largest data buffer.
    public static final long MAX_REQUEST_BYTES = 16L << 20;
    /// Most memory for the buffers of one job.
    public static final long MAX_BUFFER_BYTES = 4L << 30;

    private static final long PAGE_BYTES = 4096;

    public Workload {
        if (depth < 1) {
            throw new IllegalArgumentException("iodepth=" + depth + " < 1, choose at least 1");
        }
        if (depth > TaskMemory.MAX_TASKS) {
            throw new IllegalArgumentException("iodepth=" + depth + " > maxTasks=" + TaskMemory.MAX_TASKS
                    + ", lower --iodepth");
        }
        long longest = mix.sizes().longest();
        if (depth * bufferStride(longest) > MAX_BUFFER_BYTES) {
            throw new IllegalArgumentException("iodepth=" + depth + " x bs=" + longest + " > maxBufferBytes="
                    + MAX_BUFFER_BYTES + ", lower --iodepth or --bs");
        }
        if (bundle < 1 || bundle > TaskBatch.MAX_TASKS) {
            throw new IllegalArgumentException("bundle=" + bundle + " not in 1.." + TaskBatch.MAX_TASKS
                    + ", choose a value in that range");
        }
        if (verify && mix.sizes().count() > 1) {
            throw new IllegalArgumentException("verify=crc32c bssplit=" + mix.sizes().option()
                    + ": only requests of one length can be checked, leave --verify or --bssplit out");
        }
        if (verify && mix.has(RequestKind.UNMAP)) {
            throw new IllegalArgumentException("verify=crc32c rw=" + mix.mode().option() + " unmap-percent="
                    + mix.unmapPercent() + ": unmaps take the stamps away, leave --verify or the unmaps out");
        }
    }

    /// Requests of one length, without flushes and unmaps, every block alike.
    public Workload(RwMode mode, int rwMixRead, long requestBytes, int depth, int bundle, boolean fua, long seed,
            boolean verify) {
        this(RequestMix.of(mode, requestBytes).withReadPercent(rwMixRead), depth, bundle, fua, seed, verify);
    }

    /// Requests of one length, in bundles as large as they get.
    public static Workload of(RwMode mode, long requestBytes, int depth) {
        return new Workload(mode, 50, requestBytes, depth, Math.min(Math.max(depth, 1), TaskBatch.MAX_TASKS), false, 1,
                false);
    }

    /// The same with other requests.
    public Workload withMix(RequestMix newMix) {
        return new Workload(newMix, depth, bundle, fua, seed, verify);
    }

    public RwMode mode() {
        return mix.mode();
    }

    /// Percentage of reads in a mixed mode, 0..100.
    public int rwMixRead() {
        return mix.readPercent();
    }

    /// Length of the requests, in bytes; where lengths are mixed, of the longest.
    public long requestBytes() {
        return longestBytes();
    }

    /// Length of requests with this [Request#sizeIndex], in bytes.
    public long requestBytes(int sizeIndex) {
        return mix.sizes().bytes(sizeIndex);
    }

    /// Length of the longest requests, in bytes.
    public long longestBytes() {
        return mix.sizes().longest();
    }

    /// The same requests in another order and shape: for passes over the whole region.
    Workload withMode(RwMode newMode, long newRequestBytes, int newDepth) {
        return new Workload(RequestMix.of(newMode, newRequestBytes), newDepth,
                Math.min(newDepth, TaskBatch.MAX_TASKS), false, seed, verify);
    }

    /// Memory that one request's buffer takes: a power of two, at least a page, in bytes.
    public static long bufferStride(long requestBytes) {
        return Math.max(PAGE_BYTES, Long.highestOneBit(requestBytes * 2 - 1));
    }

    /// Memory for the buffers of all requests in flight, in bytes.
    public long bufferBytes() {
        return depth * bufferStride(longestBytes());
    }
}
