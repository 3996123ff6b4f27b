package io.trilane.engine;

import io.trilane.engine.controller.QueueContract;
import java.util.Random;

/// What a seed decides before anything happens.
///
/// @param tasks     how many tasks are accepted before the end
/// @param isCorrect the controller breaks no rule, nothing is late, no misuse may be reported
/// @param bundled   tasks come in bundles
/// @param probes    new targets are probed
/// @param autoSense sense data comes with CHECK CONDITION
/// @param throwing  callbacks throw now and then
/// @param removes   the hardware is removed at the end
/// @param holds     suspended tasks are held
record SimulationPlan(long seed, int tasks, SimulatedFault fault, int maxTasks, int maxTaskCount,
        QueueContract contract,
        boolean isCorrect, boolean bundled, boolean probes, boolean autoSense, boolean throwing, boolean removes,
        boolean holds) {
    static SimulationPlan of(long seed, int tasks, SimulatedFault fault, Random random) {
        boolean isCorrect = fault == SimulatedFault.NONE && random.nextInt(4) == 0;
        return new SimulationPlan(seed, tasks, fault, 1 + random.nextInt(64), 1 + random.nextInt(64),
                QueueContract.values()[random.nextInt(2)], isCorrect, random.nextBoolean(), random.nextInt(3) == 0,
                random.nextBoolean(), !isCorrect && random.nextInt(8) == 0, !isCorrect && random.nextInt(3) == 0,
                random.nextBoolean());
    }

    EngineConfig config(ManualClock clock, Random random) {
        FrameworkConfig framework = FrameworkConfig.defaults().withProbesTargets(probes)
                .withSuspendPolicy(holds ? SuspendPolicy.HOLD : SuspendPolicy.FAIL_FAST);
        if (!isCorrect) {
            framework = framework.withCallTimeoutNs(400_000).withPowerTimeoutNs(300_000);
        }
        return EngineConfig.defaults().withMaxTasks(maxTasks).withClientMaxTasks(1 + random.nextInt(maxTasks))
                .withDataBudgetBytes(1 << 20).withContract(contract).withSimulatedTime(clock)
                .withCloseTimeoutNs(2_000_000).withFramework(framework);
    }
}
