package io.trilane.perf.harness;

import java.util.List;
import java.util.Optional;

/// A job with an exact number of requests and nothing around it, so that a fault at the n-th write has a known place.
final class Passes {
    private Passes() {}

    static RunResult write(BenchPlan plan, BenchDisk disk, long requests) {
        try (Job job = Job.open(0, plan, List.of(disk), System::nanoTime)) {
            RoundSample sample = job.engineRound(requests);
            if (sample.operations() != requests) {
                throw new AssertionError(sample);
            }
            SequentialPass.Result pass = job.verifyPass(SequentialPass.Progress.NONE);
            RunResult.Verification verification = Verifications.sum(List.of(job), pass.complete());
            IoStats none = new IoStats(0, 0, 0, 0, 0, LatencySummary.of(job.latency().histogram(RequestKind.READ)));
            return new RunResult(plan, List.of(disk), List.of(), none, none, none, none, List.of(), Optional.empty(),
                    "", verification, false, List.of(), LatencyDetail.NONE);
        }
    }
}
