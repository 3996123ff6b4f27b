package io.trilane.tools.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where Trilane answers otherwise than tgt, and why that is right:
///
/// ```
/// case | answer or data | tgt's -> Trilane's | reason
/// ```
///
/// A `*` in a case or a change stands for any text. The list may only shrink, like the one of expected failures.
record ExpectedDifferences(List<Line> lines) {

    record Line(int number, String name, String aspect, String change, String reason) {
        boolean covers(Difference difference) {
            return matches(name, difference.name) && aspect.equals(difference.aspect)
                    && matches(change, difference.change);
        }

        private static boolean matches(String pattern, String text) {
            String[] parts = pattern.split("\\*", -1);
            return text.matches(Stream.of(parts).map(Pattern::quote).collect(Collectors.joining(".*")));
        }
    }

    /// What differs in one case: `answer` (status, sense, residual) or `data`.
    record Difference(String name, String aspect, String change) {}

    static ExpectedDifferences parse(List<String> text) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < text.size(); i++) {
            String line = text.get(i);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split("\\|", 4);
            if (fields.length != 4 || fields[3].isBlank()) {
                throw new IllegalArgumentException(
                        "line=" + (i + 1) + " has not the form case | aspect | tgt's -> ours | reason: " + line);
            }
            lines.add(new Line(i + 1, fields[0].strip(), fields[1].strip(), fields[2].strip(), fields[3].strip()));
        }
        return new ExpectedDifferences(lines);
    }

    /// What is not explained, and what is explained but not there.
    List<String> complaints(List<Difference> differences) {
        List<String> complaints = new ArrayList<>();
        for (Difference difference : differences) {
            if (lines.stream().noneMatch(line -> line.covers(difference))) {
                complaints.add("not explained: " + difference.name + " | " + difference.aspect + " | "
                        + difference.change + " | ");
            }
        }
        for (Line line : lines) {
            if (differences.stream().noneMatch(line::covers)) {
                complaints.add("line " + line.number + " explains a difference that is gone, remove it: " + line.name
                        + " " + line.aspect);
            }
        }
        return complaints;
    }

    /// The differences of two answers to one command. Of the data only the places are told: `0-3,8-11`.
    static List<Difference> between(String name, String ours, byte[] ourData, String theirs, byte[] theirData) {
        List<Difference> differences = new ArrayList<>();
        if (!ours.equals(theirs)) {
            differences.add(new Difference(name, "answer", theirs + " -> " + ours));
        }
        String places = places(theirData, ourData);
        if (ourData.length != theirData.length) {
            differences.add(new Difference(name, "data", theirData.length + " bytes -> " + ourData.length));
        } else if (!places.isEmpty()) {
            differences.add(new Difference(name, "data", "bytes " + places + " differ"));
        }
        return differences;
    }

    private static String places(byte[] first, byte[] second) {
        List<String> ranges = new ArrayList<>();
        int length = Math.min(first.length, second.length);
        int i = 0;
        while (i < length) {
            int begin = i;
            while (i < length && first[i] != second[i]) {
                i++;
            }
            if (i > begin) {
                ranges.add(i - begin == 1 ? "" + begin : begin + "-" + (i - 1));
            }
            i++;
        }
        return String.join(",", ranges);
    }
}
