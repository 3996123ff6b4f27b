package io.trilane.tools;

import io.trilane.hba.image.ImageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Runs the jobs of a file, each as a `trilane bench` of its own. Used once, by the command's thread.
final class JobFileBench {
    /// Options that name a file for one result.
    private static final List<String> ONE_RESULT = List.of("json", "hgrm", "hlog");
    /// Options that say how many requests one pass is.
    private static final List<String> PASS = List.of("bs", "bssplit", "size");

    private final CommandLine outer;

    /// @param outer was given the file, and perhaps options that go before the file's
    JobFileBench(CommandLine outer) {
        this.outer = outer;
    }

    /// The exit code of the first job that is not good, and no job after that; otherwise 0.
    int run(JobFileRuns runs) throws IOException {
        Set<String> given = new HashSet<>();
        List<String> own = new ArrayList<>();
        for (OptionSpec option : outer.getParseResult().matchedOptions()) {
            given.addAll(List.of(option.names()));
            if (option.arity().max() == 0) {
                own.add(option.longestName());
            } else {
                option.originalStringValues().forEach(value -> own.add(option.longestName() + "=" + value));
            }
        }
        requireRunnable(runs, given);
        List<String[]> all = runs.runs().stream().map(run -> arguments(run, own, given)).toList();
        for (int i = 0; i < all.size(); i++) {
            // All of them before the first: a mistake in the last job must not show after an hour.
            requireLegal(runs.runs().get(i).name(), all.get(i));
        }
        runs.notes().forEach(note -> outer.getErr().println("note: " + note));
        try (Interruption interruption = new Interruption()) {
            for (int i = 0; i < all.size() && !interruption.isRequested(); i++) {
                outer.getErr().println("job " + runs.runs().get(i).name() + ": " + String.join(" ", all.get(i)));
                int exitCode = commandLine(new BenchCommand()).execute(all.get(i));
                if (exitCode != 0) {
                    return exitCode;
                }
            }
            return 0;
        }
    }

    private static String[] arguments(JobFileRuns.Run run, List<String> own, Set<String> given) {
        List<String> arguments = new ArrayList<>(own);
        for (String argument : run.arguments()) {
            int equals = argument.indexOf('=');
            String option = equals < 0 ? argument : argument.substring(0, equals);
            // A split goes before one length, whoever named it.
            if (!given.contains(option) && !(option.equals("--bssplit") && given.contains("--bs"))) {
                arguments.add(argument);
            }
        }
        return arguments.toArray(String[]::new);
    }

    private void requireLegal(String job, String[] arguments) throws IOException {
        BenchCommand command = new BenchCommand();
        try {
            ParseResult _ = commandLine(command).parseArgs(arguments);
            command.requirePlan();
        } catch (ParameterException | IllegalArgumentException | ImageException e) {
            throw new IllegalArgumentException("job=" + job + " " + e.getMessage(), e);
        }
    }

    private CommandLine commandLine(BenchCommand command) {
        return new CommandLine(command).setOut(outer.getOut()).setErr(outer.getErr())
                .setParameterExceptionHandler(Failures::onBadArguments)
                .setExecutionExceptionHandler(Failures::onFailure);
    }

    private static void requireRunnable(JobFileRuns runs, Set<String> given) {
        if (given.contains("--suite")) {
            throw new IllegalArgumentException("suite has workloads of its own, leave the job file or --suite out");
        }
        for (String option : ONE_RESULT) {
            if (given.contains("--" + option) && runs.runs().size() > 1) {
                throw new IllegalArgumentException(option + " holds one result and the file has " + runs.runs().size()
                        + " jobs, run them one by one");
            }
        }
        for (JobFileRuns.Run run : runs.runs()) {
            requireOnePass(run, given);
        }
    }

    /// The number of requests that is one pass came out of the file's lengths, and is another one with others.
    private static void requireOnePass(JobFileRuns.Run run, Set<String> given) {
        if (!run.isOnePass() || given.contains("--number_ios")) {
            return;
        }
        for (String option : PASS) {
            if (given.contains("--" + option)) {
                throw new IllegalArgumentException("job=" + run.name() + " " + option
                        + " would change how many requests are one pass over its size, change " + option
                        + " in the file, or add --number_ios or the file's time_based");
            }
        }
    }
}
