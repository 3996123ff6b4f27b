package io.trilane.hba.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A tmpfs of 1 MiB, to be filled. Mounting wants root: without it the test is reported as skipped, with it (and in CI
/// always) a mount that fails is a failure.
final class SmallFileSystem implements AutoCloseable {
    private final Path root;

    private SmallFileSystem(Path root) {
        this.root = root;
    }

    static SmallFileSystem mount(Path directory) throws IOException {
        boolean mandatory = "root".equals(System.getProperty("user.name")) || System.getenv("CI") != null;
        Path root = Files.createDirectory(directory.resolve("small"));
        int result = run("mount", "-t", "tmpfs", "-o", "size=1m", "trilane-test", root.toString());
        assumeTrue(mandatory || result == 0, "only root can mount a tmpfs");
        assertThat(result).as("mount").isZero();
        return new SmallFileSystem(root);
    }

    Path root() {
        return root;
    }

    @Override
    public void close() throws IOException {
        assertThat(run("umount", root.toString())).as("umount").isZero();
    }

    private static int run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
