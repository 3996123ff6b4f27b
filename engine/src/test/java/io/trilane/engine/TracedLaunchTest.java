package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.CallTrace;
import io.trilane.engine.controller.CallTrace.Direction;
import io.trilane.engine.controller.CallTrace.Span;
import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.QueueContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What `docs/lifecycle.md` claims of a launch, compared with the trace of one.
class TracedLaunchTest {
    private static final Pattern NUMBERED = Pattern.compile("\\| \\d+ \\| `(\\w+)` \\|.*");

    private final CallTrace trace = new CallTrace(10_000);

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void callsTheControllerInTheDocumentedOrder(QueueContract contract) throws IOException {
        launchAndClose(contract);
        Set<String> called = callbacks().stream().map(Span::call).collect(Collectors.toCollection(LinkedHashSet::new));
        assertThat(called).contains("personality", "init", "start", "hardware", "initializeController",
                "dmaSpecification", "mapTaskData", "startController", "stop");
        assertThat(documentedOrder().stream().filter(called::contains)).containsExactlyElementsOf(called);
    }

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void callsTheControllerOnTheRoleThatTheContractNames(QueueContract contract) {
        launchAndClose(contract);
        assertThat(callbacks()).filteredOn(span -> !span.call().equals("personality")).isNotEmpty()
                .extracting(Span::track).containsOnly(contract.role(Callback.LIFECYCLE).name());
        assertThat(trace.spans()).filteredOn(span -> span.call().equals("createTarget.onDone")).isNotEmpty()
                .extracting(Span::track).containsOnly(contract.role(Callback.CREATE_TARGET).name());
    }

    @Test
    void leavesNoCallOpen() {
        launchAndClose(QueueContract.ENGINE);
        assertThat(trace.spans()).noneMatch(Span::isOpen);
        assertThat(trace.dropped()).isZero();
    }

    private void launchAndClose(QueueContract contract) {
        new EngineFixture(config -> config.withContract(contract)
                .withFramework(FrameworkConfig.defaults().withProbesTargets(false).withTrace(trace)), _ -> {}).close();
    }

    /// Calls of the SPI, without answers such as `createTarget.onDone`.
    private List<Span> callbacks() {
        return trace.spans().stream().filter(span -> span.direction() == Direction.TO_CONTROLLER
                && !span.call().contains(".")).toList();
    }

    private static List<String> documentedOrder() throws IOException {
        try (var lines = Files.lines(Path.of("..", "docs", "lifecycle.md"))) {
            return lines.map(NUMBERED::matcher).filter(Matcher::matches).map(matcher -> matcher.group(1)).toList();
        }
    }
}
