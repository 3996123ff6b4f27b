package io.trilane.perf.harness;

import io.trilane.engine.task.TaskStage;
import java.util.List;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/// Where the time of requests went, one part after the other; each task's parts add up to its whole.
///
/// @param queueWait from the client's submission until the submitting role takes the task to its controller
/// @param execution until the device has executed it: the driver's posting and the device's queue are in it
/// @param interrupt until the driver, in its interrupt handler, completes it
/// @param delivery  until the client takes it
/// @param total     all of it
public record StageLatency(LatencySummary queueWait, LatencySummary execution, LatencySummary interrupt,
        LatencySummary delivery, LatencySummary total) {
    static StageLatency of(List<StageRecorder> recorders) {
        Function<TaskStage, LatencySummary> sum = stage -> {
            Histogram all = LatencyRecorder.newHistogram();
            recorders.forEach(recorder -> all.add(recorder.of(stage)));
            return LatencySummary.of(all);
        };
        return new StageLatency(sum.apply(TaskStage.DEQUEUED), sum.apply(TaskStage.EXECUTED),
                sum.apply(TaskStage.INTERRUPTED), sum.apply(TaskStage.DELIVERED), sum.apply(TaskStage.SUBMITTED));
    }
}
