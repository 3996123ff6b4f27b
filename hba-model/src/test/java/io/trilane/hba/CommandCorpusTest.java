package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the fuzzer was begun with and what it has found, once in every build, and seeded changes of it. `CommandFuzzTest`
/// in `src/fuzz` goes on from here.
class CommandCorpusTest {
    private static final int CHANGES = 300;

    @ParameterizedTest
    @MethodSource("inputs")
    void everyInputKeepsTheRules(Path input) throws IOException {
        CommandStream.run(Files.readAllBytes(input));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyChangeOfAnInputKeepsTheRules(long seed) throws Exception {
        List<Path> inputs = inputs().toList();
        for (int i = 0; i < CHANGES; i++) {
            Random random = new Random(seed * 1_000_003 + i);
            byte[] bytes = Files.readAllBytes(inputs.get(random.nextInt(inputs.size())));
            byte[] changed = Arrays.copyOf(bytes, random.nextInt(2 * bytes.length) + 1);
            for (int j = random.nextInt(8); j > 0; j--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            try {
                CommandStream.run(changed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + " change " + i, e);
            }
        }
    }

    @Test
    void thereAreInputs() throws Exception {
        assertThat(inputs()).hasSizeGreaterThan(10);
    }

    static Stream<Path> inputs() throws IOException, URISyntaxException {
        Path directory =
                Path.of(Objects.requireNonNull(CommandCorpusTest.class.getResource("CommandFuzzTestInputs/fuzz"))
                        .toURI());
        return Files.list(directory).sorted();
    }
}
