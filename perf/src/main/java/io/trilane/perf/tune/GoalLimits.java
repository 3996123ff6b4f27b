package io.trilane.perf.tune;

import io.trilane.perf.harness.LoadDisk;
import io.trilane.perf.harness.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/// A goal as far as a disk can go, and what was left out of it.
///
/// @param goal  values that are beyond the disk are gone; bundles are cut to the disk's longest
/// @param notes for people: what was left out, and what the disk says of itself
public record GoalLimits(TuneGoal goal, List<String> notes) {
    /// @throws IllegalArgumentException nothing is left: `name=value relation name=value, remedy`
    public static GoalLimits of(TuneGoal wanted, LoadDisk disk) {
        LoadDisk.Limits limits = disk.limits();
        List<String> notes = new ArrayList<>(limits.notes());
        long longest = Math.min(Math.min(limits.maxRequestBytes(), Workload.MAX_REQUEST_BYTES), disk.capacityBytes());
        List<Long> sizes = kept("bs", wanted.sizes(), notes,
                size -> size <= longest && size % disk.blockBytes() == 0,
                "at most " + longest + " and a multiple of " + disk.blockBytes());
        List<Integer> depths = kept("iodepth", wanted.depths(), notes, depth -> depth <= limits.maxDepth(),
                "at most " + limits.maxDepth());
        List<Integer> jobs = kept("numjobs", wanted.jobs(), notes, count -> count <= limits.maxJobs(),
                "at most " + limits.maxJobs());
        List<Integer> bundles = List.copyOf(new TreeSet<>(
                wanted.bundles().stream().map(bundle -> Math.min(bundle, limits.maxBundle())).toList()));
        return new GoalLimits(new TuneGoal(wanted.mode(), wanted.rwMixRead(), sizes, depths, bundles, jobs,
                wanted.objective(), wanted.budgetNs(), wanted.seed()), List.copyOf(notes));
    }

    private static <T> List<T> kept(String name, List<T> values, List<String> notes,
            Predicate<T> fits, String rule) {
        List<T> kept = values.stream().filter(fits).toList();
        if (kept.isEmpty()) {
            throw new IllegalArgumentException(
                    name + "=" + values + " cannot be had on this disk, choose values that are "
                            + rule);
        }
        if (kept.size() < values.size()) {
            notes.add(name + "=" + values.stream().filter(value -> !kept.contains(value)).toList()
                    + " left out: the disk takes what is " + rule);
        }
        return kept;
    }
}
