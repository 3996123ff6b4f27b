package io.trilane.tools;

import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.tools.frontend.StatisticsFile;
import io.trilane.tools.frontend.StatisticsSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What a running server says of itself at one moment.
///
/// @param statistics per logical unit and nexus
/// @param counters   of its engine
/// @param takenNs    when, by this process's clock
record StatSample(StatisticsSnapshot statistics, Map<EngineCounter, Long> counters, long takenNs) {
    private static final String COUNTERS_SUFFIX = ".counters";

    /// The statistics files of the servers that run, in the order of their names.
    ///
    /// @param pid of the one that is wanted; empty: all
    static List<Path> find(Path directory, OptionalLong pid) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                long owner = name.endsWith(StatisticsFile.SUFFIX) ? pidOf(name) : -1;
                boolean isWanted = pid.isEmpty() || pid.getAsLong() == owner;
                if (owner >= 0 && isWanted && ProcessHandle.of(owner).isPresent()) {
                    found.add(file);
                }
            }
        } catch (NoSuchFileException _) {
            // No server has ever run.
        }
        return found;
    }

    /// @param statisticsFile from [#find]
    static StatSample read(Path statisticsFile, long nowNs) throws IOException {
        String name = statisticsFile.getFileName().toString();
        Path counters = statisticsFile.resolveSibling(
                name.substring(0, name.length() - StatisticsFile.SUFFIX.length()) + COUNTERS_SUFFIX);
        return new StatSample(StatisticsSnapshot.read(statisticsFile), CountersFile.read(counters), nowNs);
    }

    private static long pidOf(String name) {
        int dash = name.indexOf('-');
        try {
            return dash < 0 ? -1 : Long.parseLong(name.substring(0, dash));
        } catch (NumberFormatException _) {
            return -1;
        }
    }
}
