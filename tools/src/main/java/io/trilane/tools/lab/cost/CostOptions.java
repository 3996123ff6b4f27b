package io.trilane.tools.lab.cost;

import io.trilane.hba.image.ByteSize;
import io.trilane.hba.image.ImageException;
import io.trilane.perf.harness.RwMode;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of `lab cost`, with fio's names where fio has them. Filled in by the parser.
final class CostOptions {
    private static final Pattern TIME = Pattern.compile("(\\d{1,15})(ns|us|ms|s|m|h)?");
    private static final Map<String, Long> UNIT_NS = Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L, "s",
            1_000_000_000L, "m", 60_000_000_000L, "h", 3_600_000_000_000L);
    private static final long MAX_COST_NS = 1_000_000_000L;

    @Option(names = {"--rw", "--readwrite"}, paramLabel = "MODE", defaultValue = "randread",
            description = "randread or randwrite. Default: ${DEFAULT-VALUE}.")
    String rw = "randread";

    @Option(names = {"--bs", "--blocksize"}, paramLabel = "SIZE", split = ",", defaultValue = "4k,64k,256k,1m",
            description = "Lengths of requests. Default: ${DEFAULT-VALUE}.")
    List<String> bs = List.of();

    @Option(names = "--iodepth", paramLabel = "N", split = ",", defaultValue = "1,8,32",
            description = "Requests in flight. Default: ${DEFAULT-VALUE}.")
    List<Integer> ioDepth = List.of();

    @Option(names = "--bundle", paramLabel = "N", split = ",", defaultValue = "8,32",
            description = "Most tasks per crossing, 1..32. Default: ${DEFAULT-VALUE}.")
    List<Integer> bundle = List.of();

    @Option(names = "--transfer", paramLabel = "SIZE", defaultValue = "1m",
            description = "Length of the request that is split. Default: ${DEFAULT-VALUE}.")
    String transfer = "1m";

    @Option(names = "--max-transfer", paramLabel = "SIZE", split = ",", defaultValue = "4k,16k,64k,256k,1m",
            description = "Longest transfers to split it by. Default: ${DEFAULT-VALUE}.")
    List<String> maxTransfer = List.of();

    @Option(names = "--numjobs", paramLabel = "N", split = ",",
            description = "Numbers of engines, each with a thread. Default: 1, 2 and so on in doublings up to the"
                    + " number of processors.")
    @Nullable
    List<Integer> numJobs;

    @Option(names = "--size", paramLabel = "SIZE", defaultValue = "32m",
            description = "Length of each engine's image in memory. Default: ${DEFAULT-VALUE}.")
    String size = "32m";

    @Option(names = "--call-cost", paramLabel = "TIME", defaultValue = "50us",
            description = "What one call between framework and controller costs. Default: ${DEFAULT-VALUE}.")
    String callCost = "50us";

    @Option(names = "--wake-up-cost", paramLabel = "TIME", defaultValue = "5us",
            description = "What waking the next queue costs. Default: ${DEFAULT-VALUE}.")
    String wakeUpCost = "5us";

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
            description = "Rounds of each contender, at least 5. Default: ${DEFAULT-VALUE}.")
    int rounds = 5;

    @Option(names = "--runtime", paramLabel = "TIME", defaultValue = "60s",
            description = "About how long everything takes. Default: ${DEFAULT-VALUE}.")
    String runtime = "60s";

    CostPlan plan() {
        CrossingPrice price = new CrossingPrice(cost("call-cost", callCost), cost("wake-up-cost", wakeUpCost), true);
        return new CostPlan(RwMode.parse(rw), sizes("bs", bs), ioDepth, bundle, size("transfer", transfer),
                sizes("max-transfer", maxTransfer), jobs(), size("size", size), price, rounds,
                timeNs("runtime", runtime));
    }

    private List<Integer> jobs() {
        List<Integer> given = numJobs;
        return given == null ? upTo(Runtime.getRuntime().availableProcessors()) : given;
    }

    /// 1, 2, 4 and so on, and the number itself.
    private static List<Integer> upTo(int processors) {
        TreeSet<Integer> jobs = new TreeSet<>(List.of(processors));
        for (int n = 1; n < processors; n *= 2) {
            jobs.add(n);
        }
        return List.copyOf(jobs);
    }

    private static List<Long> sizes(String option, List<String> texts) {
        return texts.stream().map(text -> size(option, text)).toList();
    }

    private static long size(String option, String text) {
        try {
            return ByteSize.parse(text);
        } catch (ImageException e) {
            throw new IllegalArgumentException(option + "=" + text + " is not a size, write 4096, 4k, 1m or 1g", e);
        }
    }

    private static long cost(String option, String text) {
        long ns = timeNs(option, text);
        if (ns > MAX_COST_NS) {
            throw new IllegalArgumentException(option + "=" + text + " > 1s, choose a shorter time");
        }
        return ns;
    }

    private static long timeNs(String option, String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(option + "=" + text + " is not a time, write 5, 500ms, 20us or 1m");
        }
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), UNIT_NS.getOrDefault(unit, 1L));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(option + "=" + text + " > 292 years, choose a shorter time", e);
        }
    }
}
