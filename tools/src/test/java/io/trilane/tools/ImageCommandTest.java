package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCommandTest {
    @TempDir
    Path directory;

    @Test
    void createsAndDescribes() throws Exception {
        Path image = directory.resolve("disk.img");
        assertThat(create(image, "--size", "16m", "--block-size", "4096").exitCode()).isZero();
        assertThat(Files.size(image)).isEqualTo(16 << 20);

        CommandLineRun human = CommandLineRun.of("image", "info", image.toString());
        assertThat(human.exitCode()).isZero();
        assertThat(human.out()).contains("16777216 (16m)", "4096 of 4096 bytes");

        Object json = Json.parse(CommandLineRun.of("image", "info", image.toString(), "--json").out());
        assertThat(Json.at(json, "size")).isEqualTo(16777216.0);
        assertThat(Json.at(json, "block_size")).isEqualTo(4096.0);
        assertThat(Json.at(json, "blocks")).isEqualTo(4096.0);
        assertThat(Json.at(json, "locked_by")).isEqualTo("null");
    }

    @Test
    void createsThinImages() {
        Path image = directory.resolve("thin.img");
        assertThat(create(image, "--size", "1t", "--thin").exitCode()).isZero();
        assertThat(CommandLineRun.of("image", "info", image.toString()).out()).contains("(1t)", "(thin)");
    }

    @Test
    void refusesWithASentence() throws Exception {
        Path image = directory.resolve("disk.img");
        assertRefused(create(image), "--size");
        assertRefused(create(image, "--size", "0"), "size=0 < 1");
        assertRefused(create(image, "--size", "1000"), "size=1000 is not a positive multiple of blockBytes=512");
        assertRefused(create(image, "--size", "1x"), "size=1x is not a size");
        assertRefused(create(image, "--size", "1m", "--block-size", "520"), "block-size=520 is not supported");
        assertRefused(create(image, "--size", "8000p"), "size=");
        assertThat(image).doesNotExist();
        Files.createFile(image);
        assertRefused(create(image, "--size", "1m"), "exists");
        assertRefused(create(directory.resolve("no/such/disk.img"), "--size", "1m"), "does not exist");
        assertRefused(CommandLineRun.of("image", "info", directory.resolve("none").toString()), "does not exist");
        assertRefused(CommandLineRun.of("image"), "choose create or info");
        assertRefused(CommandLineRun.of(), "choose one of bench, tune, report, image");
    }

    private static CommandLineRun create(Path image, String... options) {
        String[] args = new String[3 + options.length];
        args[0] = "image";
        args[1] = "create";
        args[2] = image.toString();
        System.arraycopy(options, 0, args, 3, options.length);
        return CommandLineRun.of(args);
    }

    private static void assertRefused(CommandLineRun run, String sentence) {
        assertThat(run.err()).startsWith("trilane: ").contains(sentence);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
