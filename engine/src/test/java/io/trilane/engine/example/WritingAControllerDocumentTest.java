package io.trilane.engine.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.QueueContract;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `docs/writing-a-controller.md` is written by hand, except what stands between `<!-- generated: NAME -->` and
/// `<!-- end -->`: the sources of the example and what the engine really prints. To write these parts anew:
/// `./mvnw -pl engine test -Dtest=WritingAControllerDocumentTest -Dtrilane.docs.update=true`
@Timeout(60)
class WritingAControllerDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "writing-a-controller.md");
    private static final Path SOURCES = Path.of("src", "test", "java", "io", "trilane", "engine", "example");
    private static final Pattern GENERATED =
            Pattern.compile("<!-- generated: (?<name>[\\w. -]+) -->\n(?<body>.*?)<!-- end -->", Pattern.DOTALL);
    /// What IOUserSCSIParallelInterfaceController.iig declares, and what a driver has from IOService.
    private static final String DRIVER_KIT = """
            init free Start Stop SetPowerState NewUserClient
            UserInitializeController UserReportInitiatorIdentifier UserReportHighestSupportedDeviceID
            UserReportMaximumTaskCount UserGetDMASpecification UserMapHBAData
            UserMapBundledParallelTaskCommandAndResponseBuffers UserStartController UserDoesHBAPerformDeviceManagement
            UserInitializeTargetForID UserDoesHBASupportMultiPathing UserDoesHBASupportSCSIParallelFeature
            UserReportHBAHighestLogicalUnitNumber UserDoesHBAPerformAutoSense
            UserProcessParallelTask UserProcessBundledParallelTasks
            UserAbortTaskRequest UserAbortTaskSetRequest UserClearACARequest UserClearTaskSetRequest
            UserLogicalUnitResetRequest UserTargetResetRequest
            UserCreateTargetForID UserDestroyTargetForID UserTargetPresentForID UserGetDataBuffer UserCopyDataBuffer
            UserReportHBAConstraints UserSetHBAProperties UserRemoveHBAProperties UserSetTargetProperties
            UserRemoveTargetProperties UserCallMediaParametersHaveChanged
            ParallelTaskCompletion BundledParallelTaskCompletion""";
    private static final String MAPPING_TITLE = "## DriverKit and Trilane, method by method";

    @Test
    void generatedPartsAreUpToDate() throws IOException, InterruptedException {
        Map<String, String> parts = parts();
        String document = Files.readString(DOCUMENT);
        Set<String> used = new TreeSet<>();
        String expected = replaceParts(document, name -> {
            used.add(name);
            assertThat(parts).containsKey(name);
            return parts.get(name);
        });
        if (Boolean.getBoolean("trilane.docs.update")) {
            Files.writeString(DOCUMENT, expected);
        }
        assertThat(used).as("each part is shown").isEqualTo(parts.keySet());
        assertThat(DOCUMENT).as("regenerate with -Dtrilane.docs.update=true").hasContent(expected);
    }

    @Test
    void mappingNamesEveryMethodOfTheInterfaces() throws IOException {
        String document = Files.readString(DOCUMENT);
        String mapping = document.substring(document.indexOf(MAPPING_TITLE));
        Set<String> missing = Stream.of(Controller.class, Framework.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .map(Method::getName).filter(name -> !Pattern.compile("`" + name + "[`(]").matcher(mapping).find())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(missing).as("methods without a row").isEmpty();
    }

    @Test
    void mappingHasARowForEveryMethodOfDriverKit() throws IOException {
        String document = Files.readString(DOCUMENT);
        List<String> rows = document.substring(document.indexOf(MAPPING_TITLE)).lines()
                .filter(line -> line.startsWith("| ")).map(line -> line.split(" \\| ", 2)[0]).toList();
        assertThat(DRIVER_KIT.lines().flatMap(line -> Stream.of(line.split(" ")))).allSatisfy(name -> assertThat(rows)
                .as(name).anyMatch(row -> row.contains("`" + name + "`")));
    }

    private static Map<String, String> parts() throws IOException, InterruptedException {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String source : new String[]{"ExampleController.java", "ExampleDisk.java"}) {
            parts.put(source, code("java", withoutImports(Files.readString(SOURCES.resolve(source)))));
        }
        String ways = Files.readString(SOURCES.resolve("TargetCreationTest.java"));
        for (String way : new String[]{"asynchronous", "auxiliary", "thread", "wrong"}) {
            parts.put(way, code("java", snippet(ways, way)));
        }
        parts.put("report inside start", code("text", TargetCreationTest.insideStart()));
        parts.put("report on interrupt role", code("text", TargetCreationTest.onInterruptRole()));
        parts.put("report under a lock", code("text", TargetCreationTest.underALock()));
        parts.put("contracts", contracts());
        return parts;
    }

    private static String replaceParts(String document, UnaryOperator<String> newBody) {
        return GENERATED.matcher(document).replaceAll(match -> Matcher.quoteReplacement("<!-- generated: "
                + match.group(1) + " -->\n" + newBody.apply(match.group(1)) + "<!-- end -->"));
    }

    private static String code(String language, String text) {
        return "```" + language + "\n" + text.strip() + "\n```\n";
    }

    private static String withoutImports(String source) {
        return source.replaceAll("(?m)^(package|import) .*\n", "").strip();
    }

    private static String snippet(String source, String name) {
        String begin = "// begin " + name + "\n";
        int from = source.indexOf(begin);
        assertThat(from).as(begin).isNotNegative();
        return source.substring(from + begin.length(), source.indexOf("// end", from)).stripTrailing()
                .stripIndent();
    }

    private static String contracts() {
        StringBuilder text = new StringBuilder("| callbacks |");
        StringBuilder line = new StringBuilder("|---|");
        for (QueueContract contract : QueueContract.values()) {
            text.append(' ').append(contract).append(" |");
            line.append("---|");
        }
        text.append('\n').append(line).append('\n');
        for (Callback callback : Callback.values()) {
            text.append("| ").append(callback).append(" |");
            for (QueueContract contract : QueueContract.values()) {
                text.append(' ').append(contract.role(callback)).append(" |");
            }
            text.append('\n');
        }
        return text.toString();
    }
}
