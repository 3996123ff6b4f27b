package io.trilane.tools.lab;

import io.trilane.engine.controller.CallTrace;
import io.trilane.engine.controller.QueueContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `trilane lab trace`: what framework and controller say to each other, from bring-up to stop.
@Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        description = {"Shows the whole conversation between the framework and the reference controller.",
                "It runs on one thread by a clock that steps a microsecond at each look: every run is the same,"
                        + " and the times tell an order, not a speed."})
public final class LabTraceCommand implements Callable<Integer> {
    /// How a conversation is written down.
    enum Format {
        tree, perfetto
    }

    @Option(names = "--contract", paramLabel = "CONTRACT", defaultValue = "ENGINE",
            description = "Which callback runs on which queue: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private QueueContract contract = QueueContract.ENGINE;

    @Option(names = "--targets", paramLabel = "N", defaultValue = "1",
            description = "How many, 1 to " + TraceConversation.MAX_TARGETS + ". Default: ${DEFAULT-VALUE}.")
    private int targets = 1;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "tree",
            description = "${COMPLETION-CANDIDATES}; perfetto is for ui.perfetto.dev. Default: ${DEFAULT-VALUE}.")
    private Format format = Format.tree;

    @Option(names = "--output", paramLabel = "FILE",
            description = "Where to; it must not exist. Default: standard output.")
    private @Nullable Path output;

    @Option(names = "--force", description = "Overwrite --output.")
    private boolean force;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (targets < 1 || targets > TraceConversation.MAX_TARGETS) {
            throw new IllegalArgumentException("targets=" + targets + " not in 1.." + TraceConversation.MAX_TARGETS
                    + ", choose a value in that range");
        }
        requireOutputPlace();
        byte[] text = text(TraceConversation.hold(contract, targets));
        if (output == null) {
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            out.print(new String(text, StandardCharsets.UTF_8));
            out.flush();
        } else {
            write(output, text);
        }
        return 0;
    }

    private byte[] text(CallTrace trace) throws IOException {
        if (format == Format.tree) {
            String tree = "contract=" + contract + "\n" + contract.describe() + contract.describeTargetCreation() + "\n"
                    + trace.tree();
            return tree.getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PerfettoWriter.write(trace, bytes);
        return bytes.toByteArray();
    }

    /// Looked at before anything runs.
    private void requireOutputPlace() {
        if (output == null) {
            if (force) {
                throw new IllegalArgumentException("force=true without output, name a file or leave --force out");
            }
            return;
        }
        Path path = output.toAbsolutePath();
        if (Files.isDirectory(path) || !Files.isDirectory(Objects.requireNonNullElse(path.getParent(), path))) {
            throw new IllegalArgumentException("output=" + output
                    + " is a directory or is in one that does not exist, name a file");
        }
        if (Files.exists(path) && !force) {
            throw new IllegalArgumentException(exists(output));
        }
    }

    private void write(Path file, byte[] text) throws IOException {
        OpenOption[] options = force
                ? new OpenOption[]{StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE}
                : new OpenOption[]{StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
        try (OutputStream out = Files.newOutputStream(file, options)) {
            out.write(text);
        } catch (FileAlreadyExistsException e) {
            throw new IllegalArgumentException(exists(file), e);
        } catch (IOException e) {
            throw new IOException("output=" + file + " cannot be written (" + e.getMessage() + ")", e);
        }
    }

    private static String exists(Path file) {
        return "output=" + file + " exists, choose another name or add --force";
    }
}
