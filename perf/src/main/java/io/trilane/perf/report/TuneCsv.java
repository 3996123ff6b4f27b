package io.trilane.perf.report;

import io.trilane.perf.harness.LatencySummary;
import io.trilane.perf.tune.CellResult;
import io.trilane.perf.tune.Interval;
import io.trilane.perf.tune.TuneResult;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The cells for a spreadsheet: a header, then a line per cell; fields are numbers, true and false, so that nothing needs
/// quotes (RFC 4180). Lines end with a line feed.
public final class TuneCsv {
    private static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9, 99.99);

    private TuneCsv() {}

    public static String of(TuneResult result) {
        return Stream.concat(Stream.of(header()), result.cells().stream().map(TuneCsv::line))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String header() {
        return "bs_bytes,iodepth,bundle,numjobs,bytes_in_flight,iops_low,iops_median,iops_high,bw_bytes_low,"
                + "bw_bytes_median,bw_bytes_high,lat_count,lat_min_ns,lat_mean_ns,"
                + PERCENTILES.stream().map(percentile -> "lat_" + Labels.percentile(percentile).replace('.', '_')
                        + "_ns").collect(Collectors.joining(","))
                + ",lat_max_ns,objective_ns_low,objective_ns_median,objective_ns_high,rounds,steady,meets_objective,"
                + "equal_to_best,errors";
    }

    private static String line(CellResult result) {
        LatencySummary latency = result.latency();
        Stream<Object> load = Stream.of(result.cell().requestBytes(), result.cell().depth(), result.cell().bundle(),
                result.cell().jobs(), result.cell().bytesInFlight(), interval(result.iops()),
                interval(result.bytesPerSecond()));
        Stream<Object> latencies = Stream.of(latency.count(), latency.minNs(), decimal(latency.meanNs()),
                PERCENTILES.stream().map(percentile -> Long.toString(latency.valueNs(percentile)))
                        .collect(Collectors.joining(",")),
                latency.maxNs(), interval(result.objectiveNs()));
        Stream<Object> verdicts = Stream.of(result.rounds().size(), result.isSteady(), result.meetsObjective(),
                result.isEqualToBest(), result.errors());
        return Stream.of(load, latencies, verdicts).flatMap(fields -> fields).map(Object::toString)
                .collect(Collectors.joining(","));
    }

    private static String interval(Interval interval) {
        return decimal(interval.low()) + "," + decimal(interval.median()) + "," + decimal(interval.high());
    }

    private static String decimal(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "";
    }
}
