package io.trilane.tools;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/// The command `trilane`. Owns nothing but the list of its subcommands.
@Command(
        name = "trilane",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "A SCSI host bus adapter in user space.")
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    /// Reads the version that the build wrote into the jar's manifest.
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            @Nullable String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"trilane " + (version == null ? "(not packaged)" : version)};
        }
    }
}
