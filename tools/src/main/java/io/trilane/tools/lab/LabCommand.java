package io.trilane.tools.lab;

import io.trilane.tools.lab.check.LabCheckCommand;
import io.trilane.tools.lab.cost.LabCostCommand;
import io.trilane.tools.lab.scenario.LabListCommand;
import io.trilane.tools.lab.scenario.LabRunCommand;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `trilane lab`: the controller's contract, to be tried out.
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        subcommands = {LabTraceCommand.class, LabCheckCommand.class, LabListCommand.class, LabRunCommand.class,
                LabCostCommand.class},
        description = "Tries out what a controller may do, and checks the description of one.")
public final class LabCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec own = Objects.requireNonNull(spec);
        throw new ParameterException(own.commandLine(),
                "command is missing, choose one of " + String.join(", ", own.subcommands().keySet()));
    }
}
