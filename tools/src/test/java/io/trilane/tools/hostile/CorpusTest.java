package io.trilane.tools.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.iscsi.LoginStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the fuzzers were begun with and what they have found, once in every build, and seeded changes of it. The fuzzers
/// themselves are in `src/fuzz` and go on from here.
class CorpusTest {
    private static final int CHANGES = 400;

    enum Target {
        ISCSI("IscsiFuzzTest"), NBD("NbdFuzzTest"), LOGIN("/io/trilane/tools/iscsi/LoginFuzzTest");

        private final String fuzzTest;

        Target(String fuzzTest) {
            this.fuzzTest = fuzzTest;
        }

        List<byte[]> inputs() throws IOException, URISyntaxException {
            Path directory = Path.of(
                    Objects.requireNonNull(CorpusTest.class.getResource(fuzzTest + "Inputs/fuzz"), fuzzTest).toURI());
            List<byte[]> inputs = new ArrayList<>();
            try (var files = Files.list(directory)) {
                for (Path file : files.sorted().toList()) {
                    inputs.add(Files.readAllBytes(file));
                }
            }
            return inputs;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyInputAndItsChangesKeepTheRules(Target target) throws IOException, URISyntaxException {
        List<byte[]> inputs = target.inputs();
        assertThat(inputs).hasSizeGreaterThan(5);
        switch (target) {
            case ISCSI -> {
                try (IscsiStream stream = new IscsiStream()) {
                    runAll(inputs, stream::run);
                }
            }
            case NBD -> {
                try (NbdStream stream = new NbdStream()) {
                    runAll(inputs, stream::run);
                }
            }
            case LOGIN -> runAll(inputs, LoginStream::run);
        }
    }

    private static void runAll(List<byte[]> inputs, Consumer<byte[]> target) {
        for (int i = 0; i < inputs.size(); i++) {
            run(target, inputs.get(i), "input " + i);
        }
        for (int i = 0; i < CHANGES; i++) {
            Random random = new Random(i);
            byte[] input = inputs.get(random.nextInt(inputs.size()));
            byte[] changed = Arrays.copyOf(input, random.nextInt(2 * input.length) + 1);
            for (int j = random.nextInt(8); j > 0; j--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            run(target, changed, "change " + i);
        }
    }

    private static void run(Consumer<byte[]> target, byte[] bytes, String name) {
        try {
            target.accept(bytes);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(name, e);
        }
    }
}
