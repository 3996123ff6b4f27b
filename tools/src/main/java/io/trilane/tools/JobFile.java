package io.trilane.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A fio job file, read: its job sections, each with the settings of the `[global]` sections before it. What the settings
/// mean is for [JobFileOptions]. Immutable.
///
/// A line is `[section]`, `option=value`, a bare `option`, or a comment after `;` or `#` at its start. `include` and
/// variables are not supported.
record JobFile(List<Section> jobs) {
    private static final String GLOBAL = "global";
    private static final int MAX_JOBS = 256;
    private static final int MAX_LINES = 10_000;
    private static final int MAX_SHOWN = 40;
    private static final Pattern LINE_END = Pattern.compile("\\R");
    private static final Pattern OPTION = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");

    /// @param value empty when it is bare
    /// @param line  counted from 1
    record Setting(String option, String value, int line) {
        /// For messages.
        String text() {
            return value.isEmpty() ? option : option + "=" + shown(value);
        }
    }

    /// @param settings the global ones first: of two of a name the later one counts
    record Section(String name, int line, List<Setting> settings) {}

    /// @throws IllegalArgumentException names the line that is no job file's
    static JobFile parse(String text) {
        Reader reader = new Reader();
        String[] lines = LINE_END.split(text, -1);
        if (lines.length > MAX_LINES) {
            throw refusal(MAX_LINES + 1, "is one too many, write a shorter file");
        }
        for (int i = 0; i < lines.length; i++) {
            reader.line(i + 1, lines[i].strip());
        }
        reader.endSection();
        if (reader.jobs.isEmpty()) {
            throw refusal(lines.length, "ends a file without a job, begin one with [name]");
        }
        return new JobFile(List.copyOf(reader.jobs));
    }

    static IllegalArgumentException refusal(int line, String reason) {
        return new IllegalArgumentException("line " + line + ": " + reason);
    }

    /// Fit for a message, whatever is in it.
    private static String shown(String text) {
        String visible = text.replaceAll("[^\\x20-\\x7E]", "?");
        return visible.length() <= MAX_SHOWN ? visible : visible.substring(0, MAX_SHOWN) + "...";
    }

    /// Where reading has got to.
    private static final class Reader {
        private final List<Section> jobs = new ArrayList<>();
        private final List<Setting> globals = new ArrayList<>();
        private List<Setting> settings = new ArrayList<>();
        private String name = "";
        private int startLine;

        void line(int number, String line) {
            if (line.isEmpty() || line.startsWith(";") || line.startsWith("#")) {
                return;
            }
            if (line.startsWith("[")) {
                endSection();
                beginSection(number, line);
            } else {
                setting(number, line);
            }
        }

        void endSection() {
            if (name.equals(GLOBAL)) {
                globals.addAll(settings);
            } else if (!name.isEmpty()) {
                List<Setting> all = new ArrayList<>(globals);
                all.addAll(settings);
                jobs.add(new Section(name, startLine, List.copyOf(all)));
            }
            name = "";
            settings = new ArrayList<>();
        }

        private void beginSection(int number, String line) {
            String inside = line.endsWith("]") ? line.substring(1, line.length() - 1).strip() : "";
            if (inside.isEmpty() || inside.contains("]")) {
                throw refusal(number, "'" + shown(line) + "' is no section, write [name]");
            }
            if (jobs.size() == MAX_JOBS) {
                throw refusal(number, "jobs > " + MAX_JOBS + ", split the file");
            }
            name = shown(inside);
            startLine = number;
        }

        private void setting(int number, String line) {
            int equals = line.indexOf('=');
            String option = equals < 0 ? line : line.substring(0, equals).strip();
            if (option.startsWith("include ") || option.equals("include")) {
                throw refusal(number, "include is not supported, put the lines of that file here");
            }
            if (!OPTION.matcher(option).matches()) {
                throw refusal(number, "'" + shown(line) + "' is no option, write name=value");
            }
            if (name.isEmpty()) {
                throw refusal(number, "'" + shown(line) + "' is in no section, put it behind [global] or [name]");
            }
            if (equals >= 0 && line.substring(equals + 1).isBlank()) {
                throw refusal(number, option + "= has no value, give one or leave the line out");
            }
            settings.add(new Setting(option, equals < 0 ? "" : line.substring(equals + 1).strip(), number));
        }
    }
}
