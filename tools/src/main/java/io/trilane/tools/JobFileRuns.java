package io.trilane.tools;

import io.trilane.perf.harness.RequestSizes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What a fio job file asks for, as runs of `trilane bench`, one after the other. Where fio's default differs from the
/// command line's, fio's is spelt out. Immutable.
///
/// @param notes what is otherwise than in fio; for people
record JobFileRuns(List<Run> runs, List<String> notes) {
    private static final long MAX_BYTES = 1 << 20;
    private static final int MAX_PROBLEMS = 20;
    /// Among files that colons separate, which may be escaped.
    private static final Pattern ISCSI = Pattern.compile("(^|:)iscsi\\\\?:");

    /// One job section.
    ///
    /// @param arguments of the command line, each `--option=value` or `--option`
    /// @param isOnePass the number of requests among them comes from `size` and the lengths
    record Run(String name, List<String> arguments, boolean isOnePass) {}

    /// @throws IllegalArgumentException names the file, and every line that cannot be had
    static JobFileRuns read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("jobfile=" + file + " is no file, name a fio job file");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IllegalArgumentException("jobfile=" + file + " size=" + Files.size(file) + " > " + MAX_BYTES
                    + ", name a fio job file");
        }
        try {
            return of(JobFile.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("jobfile=" + file + " " + e.getMessage(), e);
        }
    }

    /// @throws IllegalArgumentException with every line that cannot be had and what to do about it
    static JobFileRuns of(JobFile file) {
        Set<String> problems = new LinkedHashSet<>();
        Set<String> notes = new LinkedHashSet<>();
        List<Run> runs = new ArrayList<>();
        for (JobFile.Section section : file.jobs()) {
            Job job = new Job(section, problems, notes);
            if (!runs.isEmpty() && !job.flags.contains("stonewall")) {
                problems.add("line " + section.line() + ": [" + section.name() + "] runs at the same time as ["
                        + runs.getLast().name() + "] in fio and after it here, add stonewall, or use numjobs");
            }
            runs.add(new Run(job.name, job.arguments(), job.isOnePass));
        }
        if (!problems.isEmpty()) {
            String more = problems.size() > MAX_PROBLEMS ? "; and " + (problems.size() - MAX_PROBLEMS) + " more" : "";
            throw new IllegalArgumentException(
                    String.join("; ", problems.stream().limit(MAX_PROBLEMS).toList()) + more);
        }
        return new JobFileRuns(List.copyOf(runs), List.copyOf(notes));
    }

    /// One section on its way to be a run.
    private static final class Job {
        private final Set<String> notes;
        /// By option of the command line; of two settings the later one counts.
        private final Map<String, String> values = new LinkedHashMap<>();
        private final List<String> images = new ArrayList<>();
        private final Set<String> flags = new LinkedHashSet<>();
        private String name;
        private boolean isOnePass;

        Job(JobFile.Section section, Set<String> problems, Set<String> notes) {
            this.name = section.name();
            this.notes = notes;
            values.put("--rw", "read");
            values.put("--iodepth", "1");
            values.put("--ramp_time", "0");
            for (JobFile.Setting setting : section.settings()) {
                JobFileOption option = JobFileOption.of(setting.option());
                if (option == null) {
                    problems.add("line " + setting.line() + ": " + setting.option() + " does not exist here, "
                            + JobFileOption.remedy(setting.option()));
                    continue;
                }
                try {
                    take(setting, option, option.value(setting));
                } catch (IllegalArgumentException e) {
                    problems.add(String.valueOf(e.getMessage()));
                }
            }
        }

        List<String> arguments() {
            limitRequests();
            if (images.isEmpty()) {
                notes.add("[" + name + "] names no file: a temporary image is used");
            }
            if (!values.getOrDefault("--numjobs", "1").equals("1")) {
                notes.add("[" + name + "] each of the " + values.get("--numjobs")
                        + " jobs has a part of the file for itself, in fio they share it");
            }
            List<String> arguments = new ArrayList<>();
            images.forEach(image -> arguments.add("--image=" + image));
            values.forEach((option, value) -> arguments.add(option + "=" + value));
            if (flags.contains("fua")) {
                arguments.add("--fua");
            }
            return List.copyOf(arguments);
        }

        /// fio goes over `size` once, unless `time_based` says to go on.
        private void limitRequests() {
            boolean timeBased = flags.contains("time_based");
            if (timeBased || values.containsKey("--number_ios")) {
                return;
            }
            if (values.containsKey("--size")) {
                long size = Quantities.size("size", values.getOrDefault("--size", ""));
                RequestSizes lengths = RequestSizes.parse(
                        values.getOrDefault("--bssplit", values.getOrDefault("--bs", "4k")));
                isOnePass = true;
                values.put("--number_ios", Long.toString(Math.max(1, (long) (size / lengths.mean()))));
            } else {
                notes.add("[" + name + "] has neither size nor time_based: fio ends after one pass over the file, here "
                        + (values.containsKey("--runtime") ? "runtime counts" : "it runs for 5 seconds"));
            }
        }

        private void take(JobFile.Setting setting, JobFileOption option, String value) {
            switch (option.form()) {
                case FILES -> {
                    images.clear();
                    images.addAll(files(setting, value));
                }
                case DURABLE -> flag("fua", !value.equals("0") && !value.equals("none"));
                case FLAG -> flag(setting.option().equals("wait_for_previous") ? "stonewall" : setting.option(),
                        !value.equals("0"));
                case IGNORED -> {
                    if (setting.option().equals("name") && !value.isEmpty()) {
                        name = value;
                    }
                    if (!option.note().isEmpty()) {
                        notes.add(setting.text() + " is ignored: " + option.note());
                    }
                }
                default -> values.put(option.argument(), value);
            }
        }

        private void flag(String flag, boolean isSet) {
            boolean _ = isSet ? flags.add(flag) : flags.remove(flag);
        }

        /// fio separates files by colons and escapes those that belong to a name.
        private static List<String> files(JobFile.Setting setting, String value) {
            String lower = value.toLowerCase(Locale.ROOT);
            if (lower.matches("(null|memory):[0-9]+[kmgtp]?")) {
                return List.of(value);
            }
            if (ISCSI.matcher(lower).find()) {
                // Without the value: it may hold a secret.
                throw JobFile.refusal(setting.line(), setting.option()
                        + " names an iSCSI disk, name an image in this process, or load the disk with trilane tune");
            }
            List<String> files = new ArrayList<>();
            for (String file : value.split("(?<!\\\\):")) {
                if (!file.isBlank()) {
                    files.add(file.replace("\\:", ":"));
                }
            }
            return files;
        }
    }
}
