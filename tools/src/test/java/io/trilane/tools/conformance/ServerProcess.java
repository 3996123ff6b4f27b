package io.trilane.tools.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A server in a process of its own: its log is a file, and it does not outlive the test nor the test's JVM.
final class ServerProcess implements AutoCloseable {
    private static final long STOP_SECONDS = 15;

    private final Process process;
    private final Path log;
    private final Thread atExit;

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.atExit = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static ServerProcess start(Path log, List<String> commandLine) {
        try {
            return new ServerProcess(new ProcessBuilder(commandLine).directory(log.getParent().toFile())
                    .redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Waits until the server is ready; if it ends or takes too long, fails with its log and stops it.
    void await(String what, Duration limit, BooleanSupplier ready) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!ready.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                String state = process.isAlive() ? "is not there after " + limit : "ended with " + process.exitValue();
                String text = what + ": the server " + state + "\n" + log();
                close();
                throw new AssertionError(text);
            }
            pause();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    String log() {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Asks the server to stop, as Ctrl-C's sibling TERM does. Answers its exit code.
    int stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the server does not stop on TERM within " + STOP_SECONDS + " s\n" + log());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException _) {
            return; // The JVM is on its way out, the hook is what stops the server.
        }
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException interruption) {
            throw new IllegalStateException(interruption);
        }
    }
}
