package io.trilane.tools.lab.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
    private static final int MUTATIONS = 1_000;
    private static final String SPICE = "{}[]:,-#&*!|>'\"%@`? \n\t\\\0\u2028~";

    @Test
    void keepsTheLineOfEveryNode() {
        YamlNode.Mapping root = read("a: 1\n\nb:\n  - x\n  - {c: d}\n");
        assertThat(root.entries()).extracting(YamlNode.Entry::line).containsExactly(1, 3);
        YamlNode.Sequence list = (YamlNode.Sequence) root.entries().get(1).value();
        assertThat(list.items()).extracting(YamlNode::line).containsExactly(4, 5);
    }

    @Test
    void refusesAliasesBeforeTheyMultiply() {
        assertRefused("a: &x [1, 2]\nb: [*x, *x]\n", "line 1: anchors and aliases");
        assertRefused("a: *x\n", "line 1: anchors and aliases");
    }

    @Test
    void refusesDeepNestingWithoutRecursingThroughIt() {
        assertRefused("a: " + "[".repeat(100_000), "depth=17 > 16");
        assertRefused("a: " + "{a: ".repeat(100_000), "depth=17 > 16");
    }

    @Test
    void refusesAFileThatIsTooLarge() {
        byte[] large = new byte[YamlReader.MAX_BYTES + 1];
        Arrays.fill(large, (byte) '#');
        assertThatThrownBy(() -> YamlReader.read(large)).isInstanceOf(UnreadableDescriptionException.class)
                .hasMessageContaining("bytes=1048577 > 1048576");
        byte[] longest = Arrays.copyOf(large, YamlReader.MAX_BYTES);
        System.arraycopy("a: 1\n".getBytes(StandardCharsets.UTF_8), 0, longest, 0, 5);
        assertThat(YamlReader.read(longest).entries()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "# nothing", "- a\n", "word", "a: 1\n---\nb: 2\n", "a: !!java.io.File x\n", "? [a]\n: b\n",
                    "a: [1\n", "a: 'x\n", "\ta: 1\n", "%YAML 9.9\n---\na: 1\n", "a: \0\n", "a: 1\nb\n"})
    void refusesWhatIsNoDescription(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(UnreadableDescriptionException.class).message().isNotBlank();
    }

    @Test
    void refusesBytesThatAreNoText() {
        assertThatThrownBy(() -> YamlReader.read(new byte[]{'a', ':', (byte) 0xFF}))
                .isInstanceOf(UnreadableDescriptionException.class).hasMessage("it is not UTF-8 text");
    }

    /// Whatever is in the file: findings, or the one clean error.
    @Test
    void mutatedDescriptionsGiveFindingsOrTheCleanError() throws IOException {
        int refused = 0;
        int judged = 0;
        for (String name : new String[]{"correct", "custom-parallel-queue", "create-target-from-default-queue"}) {
            byte[] original = Files.readAllBytes(Path.of("..", "docs", "lab", name + ".yaml"));
            for (long seed = 0; seed < MUTATIONS; seed++) {
                byte[] mutated = mutate(original, new SplittableRandom(seed));
                try {
                    for (Finding finding : DescriptionCheck.check(YamlReader.read(mutated))) {
                        assertThat(finding.describe("f").lines().count()).isEqualTo(3 + finding.chain().size());
                    }
                    judged++;
                } catch (UnreadableDescriptionException e) {
                    assertThat(e.getMessage()).isNotBlank();
                    refused++;
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("file=" + name + " seed=" + seed, e);
                }
            }
        }
        assertThat(refused).as("the fuzzer reaches the refusals").isGreaterThan(MUTATIONS / 4);
        assertThat(judged).as("the fuzzer reaches the rules").isGreaterThan(MUTATIONS / 4);
    }

    private static byte[] mutate(byte[] original, SplittableRandom random) {
        byte[] bytes = original.clone();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(bytes.length - at, random.nextInt(1, 40));
            bytes = switch (random.nextInt(6)) {
                case 0 -> splice(bytes, at, 1, new byte[]{(byte) random.nextInt()});
                case 1 -> splice(bytes, at, 1, new byte[]{(byte) SPICE.charAt(random.nextInt(SPICE.length()))});
                case 2 -> splice(bytes, at, length, new byte[0]);
                case 3 -> splice(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
                case 4 -> splice(bytes, at, 0, Long.toString(random.nextLong()).getBytes(StandardCharsets.UTF_8));
                default -> digit(bytes, at, random);
            };
        }
        return bytes;
    }

    /// Exchanges the next digit: most such files are still YAML, so that the rules are reached.
    private static byte[] digit(byte[] bytes, int from, SplittableRandom random) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] >= '0' && bytes[i] <= '9') {
                return splice(bytes, i, 1, new byte[]{(byte) ('0' + random.nextInt(10))});
            }
        }
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int at, int removed, byte[] added) {
        byte[] result = new byte[bytes.length - removed + added.length];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(added, 0, result, at, added.length);
        System.arraycopy(bytes, at + removed, result, at + added.length, bytes.length - at - removed);
        return result.length == 0 ? new byte[]{' '} : result;
    }

    private static YamlNode.Mapping read(String text) {
        return YamlReader.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(String text, String message) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(UnreadableDescriptionException.class)
                .hasMessageContaining(message);
    }
}
