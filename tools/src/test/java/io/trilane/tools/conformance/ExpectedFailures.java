package io.trilane.tools.conformance;

import io.trilane.tools.conformance.TestVerdict.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The list of tests that do not pass yet, a line for each:
///
/// ```
/// Suite.Test, Test | personalities | SKIP or FAIL | reason
/// ```
///
/// `Suite.*` is every test of the suite that has no line of its own. The personalities are `all`, a list with commas,
/// or `only thin`: the test makes sense for that one alone, and the line speaks of all others. The list may only shrink: a
/// test that is listed and passes is a complaint, as is one that is not listed and does not pass.
record ExpectedFailures(List<Line> lines) {
    private static final String ONLY = "only ";

    /// @param names tests of the suite, or `*`
    record Line(int number, String suite, List<String> names, String personalities, Outcome outcome, String reason) {
        boolean covers(String test, String personality) {
            return coversTest(test) && coversPersonality(personality);
        }

        boolean coversTest(String test) {
            return isNamed(test) || names.contains("*") && test.startsWith(suite + ".");
        }

        /// By its own name, not by its suite's.
        boolean isNamed(String test) {
            return names.stream().anyMatch(name -> test.equals(suite + "." + name));
        }

        boolean coversPersonality(String personality) {
            if (personalities.startsWith(ONLY)) {
                return !personalities.substring(ONLY.length()).equals(personality);
            }
            return "all".equals(personalities) || List.of(personalities.split(", *")).contains(personality);
        }
    }

    static ExpectedFailures read(Path file) {
        try {
            return parse(Files.readAllLines(file));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static ExpectedFailures parse(List<String> text) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < text.size(); i++) {
            if (!text.get(i).isBlank() && !text.get(i).startsWith("#")) {
                lines.add(line(i + 1, text.get(i)));
            }
        }
        return new ExpectedFailures(lines);
    }

    private static Line line(int number, String text) {
        String[] fields = text.split("\\|", 4);
        if (fields.length != 4 || fields[3].isBlank()) {
            throw new IllegalArgumentException(
                    "line=" + number + " has not the form Suite.Test | personalities | SKIP or FAIL | reason: " + text);
        }
        String personalities = fields[1].strip();
        for (String name : personalities.replaceFirst("^" + ONLY, "").split(", *")) {
            checkPersonality(number, name);
        }
        Outcome outcome = Outcome.valueOf(fields[2].strip().toUpperCase(Locale.ROOT));
        if (outcome == Outcome.PASS) {
            throw new IllegalArgumentException("line=" + number + " lists a test that passes, remove it");
        }
        String[] test = fields[0].strip().split("\\.", 2);
        if (test.length != 2) {
            throw new IllegalArgumentException("line=" + number + " names no Suite.Test: " + text);
        }
        return new Line(number, test[0], List.of(test[1].split(", *")), personalities, outcome, fields[3].strip());
    }

    private static void checkPersonality(int number, String name) {
        for (Personality known : Personality.values()) {
            if (known.toString().equals(name) || "all".equals(name)) {
                return;
            }
        }
        throw new IllegalArgumentException("line=" + number + " names personality=" + name + " that nobody has");
    }

    /// Where the verdicts differ from the list, each with what to do about it; empty if they agree.
    List<String> complaints(Personality personality, List<TestVerdict> verdicts) {
        List<String> complaints = new ArrayList<>();
        for (TestVerdict verdict : verdicts) {
            complain(personality, verdict, covering(verdict.test(), personality.toString()), complaints);
        }
        lines.forEach(line -> line.names().stream().filter(name -> isUnknown(line.suite(), name, verdicts)).forEach(
                name -> complaints.add("line " + line.number() + " names test=" + line.suite() + "." + name
                        + " that the tool does not have, remove it")));
        return complaints;
    }

    private static boolean isUnknown(String suite, String name, List<TestVerdict> verdicts) {
        return verdicts.stream().noneMatch(verdict -> "*".equals(name)
                ? verdict.suite().equals(suite)
                : verdict.test().equals(suite + "." + name));
    }

    /// The lines that speak of this test; one that names it hides one that names its suite.
    private List<Line> covering(String test, String personality) {
        List<Line> covering = lines.stream().filter(line -> line.covers(test, personality)).toList();
        List<Line> exact = covering.stream().filter(line -> line.isNamed(test)).toList();
        return exact.isEmpty() ? covering : exact;
    }

    private static void complain(Personality personality, TestVerdict verdict, List<Line> covering,
            List<String> complaints) {
        if (covering.size() > 1) {
            complaints.add("lines " + covering.stream().map(Line::number).toList() + " both list " + verdict.test()
                    + " for " + personality + ", keep one");
        } else if (covering.isEmpty() && verdict.outcome() != Outcome.PASS) {
            complaints.add("not listed: " + verdict.test() + " | " + personality + " | " + verdict.outcome() + " | "
                    + verdict.detail());
        } else if (!covering.isEmpty() && verdict.outcome() == Outcome.PASS) {
            complaints.add("passes: " + verdict.test() + " for " + personality + ", remove the line ("
                    + covering.getFirst().number() + ") or narrow it");
        } else if (!covering.isEmpty() && covering.getFirst().outcome() != verdict.outcome()) {
            complaints.add("line " + covering.getFirst().number() + " says " + covering.getFirst().outcome() + ", but "
                    + verdict.test() + " for " + personality + " is " + verdict.outcome() + ": " + verdict.detail());
        }
    }
}
