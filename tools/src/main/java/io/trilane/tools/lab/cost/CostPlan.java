package io.trilane.tools.lab.cost;

import io.trilane.engine.task.TaskBatch;
import io.trilane.perf.harness.RwMode;
import io.trilane.perf.harness.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// What `lab cost` measures. Immutable; lists are ascending and without repetition; a wrong value is refused with the name
/// of its option.
///
/// @param sizes         request sizes, in bytes (`--bs`)
/// @param depths        requests in flight (`--iodepth`)
/// @param bundles       most tasks per crossing (`--bundle`)
/// @param transferBytes length of the request that is split
/// @param limits        longest transfers that it is split by
/// @param jobs          numbers of engines (`--numjobs`)
/// @param runtimeNs     about how long everything takes
record CostPlan(RwMode mode, List<Long> sizes, List<Integer> depths, List<Integer> bundles, long transferBytes,
        List<Long> limits, List<Integer> jobs, long imageBytes, CrossingPrice price, int rounds, long runtimeNs) {
    static final int BLOCK_BYTES = 512;
    static final int MIN_ROUNDS = 5;
    private static final int MAX_JOBS = 64;

    CostPlan {
        sizes = ascending("bs", sizes);
        depths = ascending("iodepth", depths);
        bundles = ascending("bundle", bundles);
        limits = ascending("max-transfer", limits);
        jobs = ascending("numjobs", jobs);
        if (mode != RwMode.RANDREAD && mode != RwMode.RANDWRITE) {
            throw new IllegalArgumentException(
                    "rw=" + mode.option() + " is not measured here, choose randread or randwrite");
        }
        for (long size : sizes) {
            requireBlocks("bs", size, imageBytes);
            Workload _ = Workload.of(mode, size, depths.getLast());
        }
        Workload _ = Workload.of(mode, sizes.getFirst(), depths.getFirst());
        requireBlocks("transfer", transferBytes, imageBytes);
        for (long limit : limits) {
            requireBlocks("max-transfer", limit, Workload.MAX_REQUEST_BYTES);
        }
        requireRange("bundle", bundles, TaskBatch.MAX_TASKS);
        requireRange("numjobs", jobs, MAX_JOBS);
        if (rounds < MIN_ROUNDS) {
            throw new IllegalArgumentException("rounds=" + rounds + " < " + MIN_ROUNDS + ", choose at least "
                    + MIN_ROUNDS);
        }
        if (runtimeNs < 1) {
            throw new IllegalArgumentException("runtime=" + runtimeNs + "ns < 1ns, choose a positive time");
        }
    }

    /// The bundle sizes that differ at a depth; [CrossingCost#SINGLE] comes first.
    List<Integer> bundlesAt(int depth) {
        List<Integer> effective = new ArrayList<>();
        effective.add(CrossingCost.SINGLE);
        effective.addAll(new TreeSet<>(bundles.stream().map(bundle -> Math.min(bundle, depth)).toList()));
        return effective;
    }

    /// How many contenders the first table has.
    int cells() {
        return sizes.size() * depths.stream().mapToInt(depth -> bundlesAt(depth).size()).sum();
    }

    private static <T extends Comparable<T>> List<T> ascending(String name, List<T> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException(name + " is empty, name at least one value");
        }
        return List.copyOf(new TreeSet<>(values));
    }

    private static void requireBlocks(String name, long bytes, long mostBytes) {
        if (bytes < BLOCK_BYTES || bytes % BLOCK_BYTES != 0) {
            throw new IllegalArgumentException(name + "=" + bytes + " is not a multiple of blockBytes=" + BLOCK_BYTES
                    + ", choose one");
        }
        if (bytes > mostBytes) {
            throw new IllegalArgumentException(
                    name + "=" + bytes + " > " + mostBytes + ", choose a smaller one or a larger --size");
        }
    }

    private static void requireRange(String name, List<Integer> values, int most) {
        if (values.getFirst() < 1 || values.getLast() > most) {
            throw new IllegalArgumentException(name + "=" + values + " not in 1.." + most
                    + ", choose values in that range");
        }
    }
}
