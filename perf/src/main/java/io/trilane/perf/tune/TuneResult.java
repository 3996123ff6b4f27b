package io.trilane.perf.tune;

import java.util.List;
import java.util.Optional;

/// Everything that a search found out. The same seed on the same simulated disk gives the same one.
///
/// @param target         the disk's name, as the user gave it
/// @param goal           what was asked for
/// @param cells          every cell that was measured, by size, depth, bundle, jobs
/// @param recommendation empty when no cell met the objective or none was measured
/// @param knees          one per curve, by size
/// @param little         one per cell
/// @param fits           one per curve of at least four depths
/// @param spentNs        by the disk's clock
/// @param ending         why the search stopped, a line for people
/// @param isComplete     false: interrupted, or out of budget before the coarse grid was done
/// @param notes          for people: limits of the disk, cells that were left out, unsteady cells
public record TuneResult(String target, TuneGoal goal, List<CellResult> cells,
        Optional<Recommendation> recommendation, List<Knee> knees, List<LittleCheck> little, List<ScalabilityFit> fits,
        long spentNs, String ending, boolean isComplete, List<String> notes) {}
