package io.trilane.tools;

import io.trilane.hba.image.ImageException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// What the operator sees when something is wrong: one sentence. With TRILANE_DEBUG=1 also where it came from.
final class Failures {
    static final int FAILED = 1;
    static final int BAD_INPUT = 2;

    private Failures() {}

    static int onBadArguments(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String help = "see " + command.getCommandSpec().qualifiedName() + " --help";
        String message = e instanceof UnmatchedArgumentException unmatched
                ? "argument=" + unmatched.getUnmatched().getFirst() + " is unknown, " + help
                : oneLine(String.valueOf(e.getMessage())) + ", " + help;
        tell(command.getErr(), message, e);
        return BAD_INPUT;
    }

    static int onFailure(Exception e, CommandLine command, ParseResult parsed) {
        boolean badInput = e instanceof ImageException || e instanceof IllegalArgumentException;
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        tell(command.getErr(), badInput ? message : "failed: " + message, e);
        return badInput ? BAD_INPUT : FAILED;
    }

    private static void tell(PrintWriter err, String message, Exception e) {
        err.println("trilane: " + oneLine(message));
        if ("1".equals(System.getenv("TRILANE_DEBUG"))) {
            e.printStackTrace(err);
        }
        err.flush();
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
