package io.trilane.tools;

import io.trilane.tools.lab.LabCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command `trilane`. Owns nothing but the list of its subcommands.
///
/// Exit codes: 0 good; 1 a request failed or a block was wrong; 2 bad input; 130 and 143 after Ctrl-C and TERM.
@Command(
        name = "trilane",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {BenchCommand.class, TuneCommand.class, ReportCommand.class, ImageCommand.class, LabCommand.class,
                ServeCommand.class, StatCommand.class},
        description = "A SCSI host bus adapter in user space.")
public final class Main implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    private Main() {}

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = commandLine(out, err).execute(args);
        if (out.checkError() || System.out.checkError()) {
            err.println("trilane: failed: standard output cannot be written, what was printed is incomplete");
            exitCode = exitCode == 0 ? Failures.FAILED : exitCode;
        }
        System.exit(exitCode);
    }

    /// The whole command line, writing to these.
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(Failures::onBadArguments)
                .setExecutionExceptionHandler(Failures::onFailure);
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "command is missing, choose one of "
                    + String.join(", ", spec.subcommands().keySet()));
        }
    }

    /// Reads the version that the build wrote into the jar's manifest.
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            @Nullable String version = Main.class.getPackage().getImplementationVersion();
            return new String[]{"trilane " + (version == null ? "(not packaged)" : version)};
        }
    }
}
