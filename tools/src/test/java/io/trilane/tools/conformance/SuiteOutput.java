package io.trilane.tools.conformance;

import io.trilane.tools.conformance.TestVerdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what iscsi-test-cu prints. The tool counts a skipped test as passed, in its summary, its XML and its exit
/// code: only the `[SKIPPED]` line tells.
///
/// ```
/// Suite: Read10
///   Test: Simple ...passed
///   Test: DpoFua ...    [SKIPPED] not this one
/// passed
///   Test: Async ...FAILED
///     1. test_async.c:70  - CU_ASSERT_EQUAL(a,b)
/// ```
final class SuiteOutput {
    private static final Pattern SUITE = Pattern.compile("^Suite: (\\S+)");
    private static final Pattern TEST = Pattern.compile("^ {2}Test: (\\S+) \\.\\.\\.(.*)");
    private static final Pattern ASSERTION = Pattern.compile("^ {4}\\d+\\. (\\S+) +- (.*)");
    private static final Pattern SKIPPED = Pattern.compile("\\[SKIPPED] ?(.*)");
    private static final int DETAIL_LIMIT = 3;

    private final List<TestVerdict> verdicts = new ArrayList<>();
    private final List<String> skips = new ArrayList<>();
    private final List<String> assertions = new ArrayList<>();
    private String suite = "";
    private @Nullable String test;
    private @Nullable Outcome outcome;

    private SuiteOutput() {}

    static List<TestVerdict> parse(String output) {
        SuiteOutput parser = new SuiteOutput();
        output.lines().forEach(parser::line);
        parser.finishTest();
        return parser.verdicts;
    }

    private void line(String line) {
        Matcher suiteLine = SUITE.matcher(line);
        Matcher testLine = TEST.matcher(line);
        if (suiteLine.find()) {
            finishTest();
            suite = suiteLine.group(1);
        } else if (line.startsWith("Run Summary:")) {
            finishTest();
        } else if (testLine.find()) {
            finishTest();
            test = testLine.group(1);
            ofTest(testLine.group(2));
        } else if (test != null) {
            ofTest(line);
        }
    }

    private void ofTest(String text) {
        Matcher assertion = ASSERTION.matcher(text);
        if (outcome == Outcome.FAIL && assertion.find()) {
            assertions.add(assertion.group(1) + " " + assertion.group(2));
        } else if (outcome == null) {
            verdict(text);
        }
    }

    /// What follows the verdict on its line is of the suite's cleanup, not of the test.
    private void verdict(String text) {
        Matcher skip = SKIPPED.matcher(text);
        if (text.startsWith("passed")) {
            outcome = Outcome.PASS;
        } else if (text.startsWith("FAILED")) {
            outcome = Outcome.FAIL;
        } else if (skip.find()) {
            skips.add(skip.group(1).strip());
        }
    }

    private void finishTest() {
        if (test != null) {
            verdicts.add(new TestVerdict(suite + "." + test, judged(), detail()));
        }
        test = null;
        outcome = null;
        skips.clear();
        assertions.clear();
    }

    private Outcome judged() {
        if (outcome == null) {
            return Outcome.FAIL;
        }
        return outcome == Outcome.PASS && !skips.isEmpty() ? Outcome.SKIP : outcome;
    }

    private String detail() {
        if (outcome == null) {
            return "the tool ended or hung in this test";
        }
        List<String> reasons = outcome == Outcome.FAIL ? assertions : skips;
        return String.join("; ", reasons.stream().distinct().limit(DETAIL_LIMIT).toList());
    }
}
