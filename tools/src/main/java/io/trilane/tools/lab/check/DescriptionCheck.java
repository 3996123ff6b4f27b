package io.trilane.tools.lab.check;

import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.Personality;
import io.trilane.engine.controller.QueueContract;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Judges a controller description against the rules that the engine has for a running controller, as far as they can be judged
/// without one. The format is described in `docs/lab/README.md`. One thread, used once.
final class DescriptionCheck {
    static final List<String> KEYS = List.of("controller", "contract", "auxiliary-creation", "personality", "queues",
            "callbacks", "maximum-tasks", "task-ids", "identifiers", "constraints", "dma", "locks", "calls", "answers");

    /// Keys of `driverkit.md` section 7 beside those that [Personality] judges.
    private static final List<String> OTHER_PERSONALITY_KEYS = List.of("CFBundleName", "IOUserServerOneProcess",
            "IOPCIMatch", "IOPCIPrimaryMatch", "IOPCITunnelCompatible", "IOMatchCategory", "IOPropertyMatch",
            "IOResourceMatch", "Physical Interconnect", "Physical Interconnect Location", "Read Time Out Duration",
            "Write Time Out Duration");
    private static final List<String> JUDGED_PERSONALITY_KEYS = List.of(Personality.BUNDLE_IDENTIFIER,
            Personality.BUNDLE_IDENTIFIER_KERNEL, Personality.CLASS, Personality.USER_CLASS,
            Personality.USER_SERVER_NAME, Personality.PROVIDER_CLASS);

    private final List<Finding> findings = new ArrayList<>();
    private final Section root;
    private final QueueContract contract;

    private DescriptionCheck(YamlNode.Mapping description) {
        root = new Section("", description, KEYS, findings);
        contract = root.choice("contract", names(QueueContract.values())).map(QueueContract::valueOf)
                .orElse(QueueContract.DRIVERKIT);
    }

    /// Every finding, by line. Throws [UnreadableDescriptionException] for a description of another shape.
    static List<Finding> check(YamlNode.Mapping description) {
        return new DescriptionCheck(description).all();
    }

    static List<String> names(Enum<?>[] constants) {
        List<String> names = new ArrayList<>();
        for (Enum<?> constant : constants) {
            names.add(constant.name());
        }
        return names;
    }

    private List<Finding> all() {
        var _ = root.word("controller");
        personality();
        new QueueCheck(root, contract).check();
        new TaskCheck(root).check();
        new DmaCheck(root).check();
        new CallCheck(root, contract).check();
        new AnswerCheck(root).check();
        findings.sort(Comparator.comparingInt(Finding::line));
        return List.copyOf(findings);
    }

    private void personality() {
        List<String> known = new ArrayList<>(JUDGED_PERSONALITY_KEYS);
        known.addAll(OTHER_PERSONALITY_KEYS);
        Map<String, String> keys = new LinkedHashMap<>();
        root.section("personality", known).ifPresentOrElse(section -> {
            for (String key : JUDGED_PERSONALITY_KEYS) {
                section.word(key).ifPresent(value -> keys.put(key, value));
            }
            for (String finding : new Personality(keys).findings()) {
                findings.add(Finding.of(lineOf(section, finding), Misuse.PERSONALITY_INVALID, finding));
            }
        }, () -> findings.add(Finding.of(root.line(), Misuse.PERSONALITY_INVALID, "personality is missing")));
    }

    /// The engine's sentence begins with the key that it is about.
    private static int lineOf(Section section, String finding) {
        return section.keys().stream().filter(key -> finding.startsWith(key + "=") || finding.startsWith(key + " "))
                .findFirst().map(section::line).orElse(section.line());
    }
}
