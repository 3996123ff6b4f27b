package io.trilane.tools.lab.cost;

import io.trilane.tools.lab.cost.Samples.Comparison;
import java.util.List;
import java.util.Optional;

/// What was measured at one price. Immutable.
///
/// @param splits by limit, ascending
/// @param queues the first one is one engine on one thread
record CostResult(CrossingPrice price, List<Cell> cells, List<Split> splits, List<Queues> queues) {
    CostResult {
        cells = List.copyOf(cells);
        splits = List.copyOf(splits);
        queues = List.copyOf(queues);
    }

    /// Requests of one size, depth and path.
    ///
    /// @param bundle most tasks per crossing, or [CrossingCost#SINGLE]
    record Cell(long sizeBytes, int depth, int bundle, Samples samples) {
        double bytesPerSecond() {
            return sizeBytes * samples.perSecond();
        }
    }

    /// One long request, split.
    ///
    /// @param roundTrips as counted while it ran
    /// @param samples    per request
    record Split(long transferBytes, long limitBytes, long roundTrips, Samples samples) {}

    /// The same work on engines.
    ///
    /// @param engines   each with three queues of its own
    /// @param dedicated each queue has a thread, otherwise each engine has one for all
    record Queues(int engines, boolean dedicated, Samples samples) {}

    Optional<Cell> cell(long sizeBytes, int depth, int bundle) {
        return cells.stream().filter(c -> c.sizeBytes == sizeBytes && c.depth == depth && c.bundle == bundle)
                .findFirst();
    }

    /// The cell with the largest bundle at this place.
    Optional<Cell> bundled(long sizeBytes, int depth) {
        return cells.stream().filter(c -> c.sizeBytes == sizeBytes && c.depth == depth
                && c.bundle != CrossingCost.SINGLE).max((a, b) -> Integer.compare(a.bundle, b.bundle));
    }

    /// How many times faster bundles are than single tasks at this place.
    Optional<Comparison> bundlingGain(long sizeBytes, int depth) {
        return bundled(sizeBytes, depth).flatMap(best -> cell(sizeBytes, depth, CrossingCost.SINGLE)
                .map(single -> best.samples().fasterThan(single.samples())));
    }

    List<Long> sizes() {
        return cells.stream().map(Cell::sizeBytes).distinct().sorted().toList();
    }

    List<Integer> depths() {
        return cells.stream().map(Cell::depth).distinct().sorted().toList();
    }
}
