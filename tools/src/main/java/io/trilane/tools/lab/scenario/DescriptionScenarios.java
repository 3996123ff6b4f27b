package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.Personality;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is wrong before the first callback. Stateless.
final class DescriptionScenarios {
    private static final String BUNDLE = "io.trilane.example";

    private DescriptionScenarios() {}

    static List<Scenario> all() {
        return List
                .of(new Scenario("personality-wrong-kernel-library", "The property list names another kernel library",
                        Optional.of(Misuse.PERSONALITY_INVALID), DescriptionScenarios::wrongKernelLibrary));
    }

    private static ScenarioResult wrongKernelLibrary() {
        Personality good = Personality.virtual(BUNDLE, "ExampleController");
        Map<String, String> keys = new HashMap<>(good.keys());
        keys.put(Personality.BUNDLE_IDENTIFIER_KERNEL, "com.apple.kpi.iokit");
        List<String> findings = new Personality(keys).findings();
        boolean passed = good.findings().isEmpty() && findings.size() == 1
                && findings.getFirst().startsWith(Personality.BUNDLE_IDENTIFIER_KERNEL);
        return ScenarioResult.of(Misuse.PERSONALITY_INVALID,
                Personality.BUNDLE_IDENTIFIER_KERNEL + "=com.apple.kpi.iokit in an otherwise good personality",
                String.join("; ", findings), passed, "findings=" + findings.size() + ", expected the one key alone");
    }
}
