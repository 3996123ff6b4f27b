package io.trilane.perf.harness;

import java.util.ArrayList;
import java.util.List;

/// Adds up what the jobs' verifiers saw.
final class Verifications {
    private Verifications() {}

    static RunResult.Verification sum(List<Job> jobs, boolean complete) {
        long checked = 0;
        long failed = 0;
        List<StampFailure> failures = new ArrayList<>();
        for (Job job : jobs) {
            StampVerifier verifier = job.verifier();
            if (verifier != null) {
                checked += verifier.checkedBlocks();
                failed += verifier.failedBlocks();
                failures.addAll(verifier.failures());
            }
        }
        return new RunResult.Verification(checked, failed, complete, List.copyOf(failures));
    }
}
