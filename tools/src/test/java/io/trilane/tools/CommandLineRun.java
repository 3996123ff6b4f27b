package io.trilane.tools;

import java.io.PrintWriter;
import java.io.StringWriter;

/// What a command printed and how it ended; runs in this process.
record CommandLineRun(int exitCode, String out, String err) {
    static CommandLineRun of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true)).execute(args);
        return new CommandLineRun(exitCode, out.toString(), err.toString());
    }
}
