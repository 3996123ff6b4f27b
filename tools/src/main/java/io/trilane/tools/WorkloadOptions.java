package io.trilane.tools;

import io.trilane.perf.harness.OffsetDistribution;
import io.trilane.perf.harness.RequestMix;
import io.trilane.perf.harness.RequestSizes;
import io.trilane.perf.harness.RwMode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say which requests are made, with fio's names where fio has them. Filled in by the parser.
final class WorkloadOptions {
    @Option(names = {"--rw", "--readwrite"}, paramLabel = "MODE", defaultValue = "randread",
            description = "read, write, randread, randwrite, rw, randrw, trim or randtrim. Default: ${DEFAULT-VALUE}.")
    String rw = "randread";

    @Option(names = "--rwmixread", paramLabel = "PERCENT", defaultValue = "50",
            description = "Reads in a mixed workload. Default: ${DEFAULT-VALUE}.")
    int rwMixRead = 50;

    @Option(names = {"--bs", "--blocksize"}, paramLabel = "SIZE", defaultValue = "4k",
            description = "Length of a request. Default: ${DEFAULT-VALUE}.")
    String bs = "4k";

    @Option(names = "--bssplit", paramLabel = "SIZE/PERCENT:...",
            description = "Lengths of requests and the share of each, instead of --bs: 4k/60:64k/40. A length without a "
                    + "percentage takes what is left.")
    @Nullable
    String bsSplit;

    @Option(names = "--random_distribution", paramLabel = "KIND", defaultValue = "random",
            description = "Which blocks random modes prefer: random, zipf:THETA, pareto:H (0.2 is 80/20) or "
                    + "normal:DEVIATION in percent of the region. Default: ${DEFAULT-VALUE}.")
    String randomDistribution = "random";

    @Option(names = "--fsync", paramLabel = "N", defaultValue = "0",
            description = "Flush a disk after every N writes to it. Default: never.")
    int fsync;

    @Option(names = "--unmap-percent", paramLabel = "PERCENT", defaultValue = "0",
            description = "Unmaps among the other requests; the disk is thin then. Default: ${DEFAULT-VALUE}.")
    int unmapPercent;

    RequestMix mix() {
        RequestSizes sizes =
                bsSplit == null ? RequestSizes.of(Quantities.positiveSize("bs", bs)) : RequestSizes.parse(bsSplit);
        return new RequestMix(RwMode.parse(rw), rwMixRead, unmapPercent, fsync, sizes,
                OffsetDistribution.parse(randomDistribution));
    }
}
