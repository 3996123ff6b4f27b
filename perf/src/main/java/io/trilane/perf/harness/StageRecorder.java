package io.trilane.perf.harness;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStage;
import org.HdrHistogram.Histogram;

/// Takes apart where the time of finished tasks went, from their stamps ([TaskStage]). Belongs to one job's thread until the job
/// is done; allocates nothing per task.
@HotPath
final class StageRecorder {
    private static final TaskStage[] STAGES = TaskStage.values();

    /// Entry `i` is the time that ends with stage `i`; entry 0 the whole.
    private final Histogram[] histograms = new Histogram[STAGES.length];

    StageRecorder() {
        for (int i = 0; i < histograms.length; i++) {
            histograms[i] = LatencyRecorder.newHistogram();
        }
    }

    /// A task that came back good, with its stamps.
    void onFinished(Task task) {
        long submittedNs = task.stageNs(TaskStage.SUBMITTED);
        long beforeNs = submittedNs;
        for (int i = 1; i < STAGES.length; i++) {
            // Clocks of two processors may differ a little; the sum of all stages stays the whole.
            long atNs = Math.max(beforeNs, task.stageNs(STAGES[i]));
            LatencyRecorder.record(histograms[i], atNs - beforeNs);
            beforeNs = atNs;
        }
        LatencyRecorder.record(histograms[0], beforeNs - submittedNs);
    }

    /// The time up to `stage` from the one before it; of SUBMITTED: from there to DELIVERED.
    Histogram of(TaskStage stage) {
        return histograms[stage.ordinal()];
    }

    /// Forgets what warm-up recorded.
    void reset() {
        for (Histogram histogram : histograms) {
            histogram.reset();
        }
    }
}
