package io.trilane.tools.conformance;

import io.trilane.tools.conformance.TestVerdict.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs every suite of iscsi-test-cu, each in a process of its own: one that hangs or crashes costs its own tests only.
final class IscsiTestTool {
    private static final Pattern LISTED = Pattern.compile("^(ALL|SCSI|iSCSI)\\.(\\w+)\\.([\\w-]+)$", Pattern.MULTILINE);
    private static final Duration SUITE_LIMIT = Duration.ofSeconds(30);
    private static final Duration WHOLE_LIMIT = Duration.ofSeconds(100);

    private final ForeignTool tool = ForeignTool.of("iscsi-test-cu", "libiscsi-bin");

    /// One verdict for each test that the tool lists, in its order. Several URIs are paths to one unit.
    List<TestVerdict> runAll(TestServer server, List<String> uris, StringBuilder log) {
        long deadline = System.nanoTime() + WHOLE_LIMIT.toNanos();
        List<TestVerdict> verdicts = new ArrayList<>();
        suites().forEach((suite, tests) -> {
            String family = tests.iterator().next();
            Set<String> names = new LinkedHashSet<>(tests);
            names.remove(family);
            if (!server.isAlive()) {
                names.forEach(test -> verdicts.add(failed(test, "the server had ended")));
            } else if (System.nanoTime() > deadline) {
                names.forEach(test -> verdicts.add(failed(test, "not begun within " + WHOLE_LIMIT)));
            } else {
                long begin = System.nanoTime();
                ToolRun run = tool.run(SUITE_LIMIT, arguments(family + "." + suite, uris));
                long milliseconds = (System.nanoTime() - begin) / 1_000_000;
                log.append("== %s, %d ms%n%s%n".formatted(suite, milliseconds, run.output()));
                verdicts.addAll(complete(names, run));
            }
        });
        return verdicts;
    }

    private static Object[] arguments(String suite, List<String> uris) {
        List<String> line = new ArrayList<>(List.of("--dataloss", "--allow-sanitize", "--test", suite));
        line.addAll(uris);
        return line.toArray();
    }

    /// The suites with their tests; the first element of each set is the family through which the tool reaches it.
    private Map<String, Set<String>> suites() {
        Map<String, Set<String>> suites = new LinkedHashMap<>();
        Matcher listed = LISTED.matcher(tool.run("--list").output());
        while (listed.find()) {
            suites.computeIfAbsent(listed.group(2), _ -> new LinkedHashSet<>(List.of(listed.group(1))))
                    .add(listed.group(2) + "." + listed.group(3));
        }
        if (suites.isEmpty()) {
            throw new AssertionError("iscsi-test-cu --list names no test");
        }
        return suites;
    }

    /// A test that the tool listed but did not report did not pass.
    private static List<TestVerdict> complete(Set<String> names, ToolRun run) {
        Map<String, TestVerdict> reported = new LinkedHashMap<>();
        SuiteOutput.parse(run.output()).forEach(verdict -> reported.put(verdict.test(), verdict));
        String why = run.timedOut()
                ? "the suite hung for " + SUITE_LIMIT
                : "not run, the tool ended with " + run.exitCode();
        return names.stream().map(test -> reported.getOrDefault(test, failed(test, why))).toList();
    }

    private static TestVerdict failed(String test, String why) {
        return new TestVerdict(test, Outcome.FAIL, why);
    }
}
