package io.trilane.perf.report;

import io.trilane.perf.tune.TuneResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Every plot as a file of its own.
public final class PlotFiles {
    private PlotFiles() {}

    /// Writes them into `folder`, which is made where it is missing; files of the same names are replaced.
    ///
    /// @return the files
    public static List<Path> write(TuneResult result, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, Svg> plot : plots(new TuneView(result)).entrySet()) {
            files.add(Files.writeString(folder.resolve(plot.getKey() + ".svg"), plot.getValue().file()));
        }
        return files;
    }

    private static Map<String, Svg> plots(TuneView view) {
        Map<String, Svg> plots = new LinkedHashMap<>();
        if (!view.result().cells().isEmpty()) {
            plots.put("throughput", HeatMapPlot.of(view, HeatMapPlot.Measure.THROUGHPUT, true));
            plots.put("latency", HeatMapPlot.of(view, HeatMapPlot.Measure.LATENCY, true));
            plots.put("curves", CurvesPlot.of(view, true));
            plots.put("percentiles", PercentilePlot.of(view));
            plots.put("time", TimeSeriesPlot.of(view));
        }
        return plots;
    }
}
