package io.trilane.tools.lab.check;

import io.trilane.engine.controller.Evidence;
import io.trilane.engine.controller.Misuse;
import java.util.List;
import java.util.regex.Pattern;

/// One thing that a description says and that macOS, or this check, does not take. Immutable.
///
/// @param line        where, from 1
/// @param name        the [Misuse], or DESCRIPTION for what concerns the description itself
/// @param detail      `name=value relation name=value`
/// @param chain       for a wait that cannot end: who waits for whom, call by call; empty otherwise
/// @param consequence what becomes of it, and how that is known
/// @param remedy      what to do instead
/// @param isNote      true for what is worth knowing and not wrong
record Finding(int line, String name, String detail, List<String> chain, String consequence, String remedy,
        boolean isNote) {
    private static final String DESCRIPTION = "DESCRIPTION";
    private static final Pattern UNPRINTABLE =
            Pattern.compile("[\\p{Cntrl}\\u0080-\\u009F\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]");

    Finding {
        chain = List.copyOf(chain);
    }

    static Finding of(int line, Misuse misuse, String detail) {
        return of(line, misuse, detail, List.of());
    }

    static Finding of(int line, Misuse misuse, String detail, List<String> chain) {
        return new Finding(line, misuse.name(), detail, chain,
                "macOS: " + misuse.consequence() + " (" + misuse.evidence() + ")", misuse.remedy(), false);
    }

    /// A case of a misuse of which macOS makes something else than of the usual one.
    static Finding of(int line, Misuse misuse, String detail, String consequence, Evidence evidence) {
        return new Finding(line, misuse.name(), detail, List.of(), "macOS: " + consequence + " (" + evidence + ")",
                misuse.remedy(), false);
    }

    /// A misuse that is a matter of policy, or of luck.
    static Finding note(int line, Misuse misuse, String detail) {
        Finding finding = of(line, misuse, detail);
        return new Finding(line, finding.name, detail, List.of(), finding.consequence, finding.remedy, true);
    }

    /// Something that no [Misuse] stands for, with what macOS makes of it.
    static Finding of(int line, String detail, String consequence, Evidence evidence, String remedy) {
        return new Finding(line, DESCRIPTION, detail, List.of(), "macOS: " + consequence + " (" + evidence + ")",
                remedy, false);
    }

    /// The description itself cannot be understood here.
    static Finding description(int line, String detail, String remedy) {
        return new Finding(line, DESCRIPTION, detail, List.of(), "this entry cannot be judged", remedy, false);
    }

    /// Several lines for a person.
    String describe(String file) {
        StringBuilder text = new StringBuilder();
        text.append(file).append(':').append(line).append(": ").append(isNote ? "note " : "").append(name).append(": ")
                .append(printable(detail)).append('\n');
        for (String step : chain) {
            text.append("    ").append(printable(step)).append('\n');
        }
        text.append("  ").append(consequence).append('\n');
        text.append("  remedy: ").append(printable(remedy)).append('\n');
        return text.toString();
    }

    /// A file must not be able to move the reader's cursor.
    static String printable(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }
}
