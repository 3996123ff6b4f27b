package io.trilane.engine.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.TaskState;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `docs/lifecycle.md` is generated from the enums and tables of this package. To write it anew:
/// `./mvnw -pl engine test -Dtest=LifecycleDocumentTest -Dtrilane.docs.update=true`
class LifecycleDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "lifecycle.md");

    @Test
    void documentIsUpToDate() throws IOException {
        String document = LifecycleDocument.of(SpiMethod.ofController());
        if (Boolean.getBoolean("trilane.docs.update")) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, document);
        }
        assertThat(DOCUMENT).as("regenerate with -Dtrilane.docs.update=true").hasContent(document);
    }

    /// The source is read with patterns: what they miss would be missing in the document.
    @Test
    void everyMethodOfTheControllerIsListedOnce() throws IOException {
        List<String> names = Arrays.stream(Controller.class.getDeclaredMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
                .map(Method::getName).toList();
        assertThat(SpiMethod.ofController()).extracting(SpiMethod::name).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void everyMethodButThePropertyListSaysForWhichCallbackItIs() throws IOException {
        assertThat(SpiMethod.ofController()).filteredOn(method -> method.callback().isEmpty())
                .extracting(SpiMethod::name).containsExactly("personality");
    }

    @Test
    void everyConstantThatCanBePrintedIs() throws IOException {
        String document = LifecycleDocument.of(SpiMethod.ofController());
        assertThat(List.of(LifecycleState.values(), FrameworkCall.values(), Misuse.values(), Callback.values(),
                TargetTable.State.values(), TaskState.values())).allSatisfy(
                        constants -> assertThat(constants).allSatisfy(constant -> assertThat(document)
                                .contains(((Enum<?>) constant).name())));
    }

    @Test
    void tablesHaveAsManyCellsAsColumns() throws IOException {
        int columns = 0;
        for (String line : LifecycleDocument.of(SpiMethod.ofController()).split("\n", -1)) {
            int cells = line.startsWith("|") ? line.split("\\|", -1).length : 0;
            if (columns != 0 && cells != 0) {
                assertThat(cells).as(line).isEqualTo(columns);
            }
            columns = cells;
        }
    }
}
