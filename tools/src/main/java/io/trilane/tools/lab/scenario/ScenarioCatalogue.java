package io.trilane.tools.lab.scenario;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// All scenarios, in the order of the table. A new one goes into a class `...Scenarios` with a list, named here.
final class ScenarioCatalogue {
    private ScenarioCatalogue() {}

    static List<Scenario> all() {
        return uniqueNames(Stream.of(DescriptionScenarios.all(), ConfigurationScenarios.all(),
                CreationScenarios.all(), TargetScenarios.all(), CompletionScenarios.all(), MemoryScenarios.all(),
                WaitScenarios.all(), LockScenarios.all(), PatternScenarios.all(), PatternTaskScenarios.all(),
                PatternPowerScenarios.all()).flatMap(Collection::stream).toList());
    }

    /// The same scenarios; two of one name are a mistake of ours.
    static List<Scenario> uniqueNames(List<Scenario> scenarios) {
        Set<String> names = new HashSet<>();
        for (Scenario scenario : scenarios) {
            if (!names.add(scenario.name())) {
                throw new IllegalStateException("scenario=" + scenario.name() + " is there twice, rename one");
            }
        }
        return scenarios;
    }
}
