package io.trilane.tools.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.CallTrace;
import io.trilane.engine.controller.CallTrace.Direction;
import io.trilane.engine.controller.CallTrace.Span;
import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.task.Role;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What must be in every trace, whatever the times are.
class TraceConversationTest {
    private static final Pattern TOKEN = Pattern.compile("\\d+/\\d+");

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void bringsUpInTheOrderOfTheLifecycle(QueueContract contract) {
        assertThat(calls(TraceConversation.hold(contract, 1))).startsWith("personality", "init", "start", "hardware",
                "initializeController", "reportInitiatorIdentifier", "reportHighestSupportedDeviceId",
                "reportMaximumTaskCount", "mapTaskData", "dmaSpecification", "mapBundledBuffers", "startController",
                "doesHbaPerformDeviceManagement", "initializeTarget", "doesHbaSupportMultiPathing",
                "doesHbaPerformAutoSense").endsWith("stop");
    }

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void everyProcessCallIsFollowedByTheCompletionOfItsTasks(QueueContract contract) {
        List<Span> spans = TraceConversation.hold(contract, 3).spans();
        List<Span> processed = spans.stream().filter(span -> span.call().equals("process")).toList();
        assertThat(processed).hasSizeGreaterThan(20);
        int tokens = 0;
        for (Span process : processed) {
            for (String token : tokens(process)) {
                tokens++;
                assertThat(spans.stream().filter(span -> span.call().equals("complete")
                        && tokens(span).contains(token))).as("completions of %s", token).hasSize(1)
                        .allMatch(span -> span.sequence() > process.sequence());
            }
        }
        assertThat(tokens).isGreaterThan(processed.size());
    }

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void callsEachCallbackOnItsRoleAndLeavesNothingOpen(QueueContract contract) {
        CallTrace trace = TraceConversation.hold(contract, 2);
        assertThat(trace.dropped()).isZero();
        assertThat(trace.spans()).noneMatch(Span::isOpen);
        assertTracks(trace, "process", contract.role(Callback.PROCESS));
        assertTracks(trace, "onInterrupt", contract.role(Callback.INTERRUPT));
        assertTracks(trace, "manageTask", contract.role(Callback.TASK_MANAGEMENT));
        assertTracks(trace, "initializeTarget", contract.role(Callback.INITIALIZE_TARGET));
        assertTracks(trace, "createTarget.onDone", contract.role(Callback.CREATE_TARGET));
    }

    @Test
    void theCreationFromTheAuxiliaryQueueHoldsItsCallbacksInside() {
        List<Span> spans = TraceConversation.hold(QueueContract.DRIVERKIT, 1).spans();
        Span create = spans.stream().filter(TraceConversationTest::isSynchronousCreation).findFirst().orElseThrow();
        assertThat(create.track()).isEqualTo(Role.IO.name());
        assertThat(create.result()).isEqualTo("CREATED");
        List<Span> inside = spans.stream().filter(span -> span.startNs() > create.startNs()
                && span.startNs() < create.startNs() + create.durationNs()).toList();
        assertThat(inside).allMatch(span -> span.depth() > create.depth());
        assertThat(inside).filteredOn(span -> span.depth() == create.depth() + 1
                && span.direction() == Direction.TO_CONTROLLER).extracting(Span::call).startsWith("initializeTarget",
                        "doesHbaSupportMultiPathing", "doesHbaPerformAutoSense", "reportHighestLogicalUnitNumber",
                        "process", "onInterrupt", "process", "onInterrupt");
        assertThat(inside).filteredOn(span -> span.call().equals("process"))
                .extracting(Span::track).containsOnly(Role.CONTROL.name());
        assertThat(inside).filteredOn(span -> span.call().equals("process"))
                .extracting(span -> span.arguments().substring(span.arguments().indexOf(':') + 1))
                .containsExactly("12h", "12h", "00h", "A0h", "1Ah", "25h");
    }

    @Test
    void createsNothingSynchronouslyUnderTheEngineContract() {
        assertThat(TraceConversation.hold(QueueContract.ENGINE, 1).spans())
                .noneMatch(TraceConversationTest::isSynchronousCreation)
                .anyMatch(span -> span.call().equals("createTarget"));
    }

    @Test
    void createsAsManyTargetsAsAreAskedFor() {
        assertThat(TraceConversation.hold(QueueContract.ENGINE, 5).spans())
                .filteredOn(span -> span.call().equals("createTarget.onDone")).hasSize(5)
                .allMatch(span -> span.arguments().endsWith("CREATED"));
    }

    @Test
    void abortsATaskThatIsInFlight() {
        List<Span> spans = TraceConversation.hold(QueueContract.ENGINE, 1).spans();
        Span abort = spans.stream().filter(span -> span.call().equals("manageTask")).findFirst().orElseThrow();
        assertThat(abort.result()).isEqualTo("FUNCTION_COMPLETE");
        Span write = spans.stream().filter(span -> span.sequence() < abort.sequence() && span.call().equals("process"))
                .reduce((_, last) -> last).orElseThrow();
        String token = tokens(write).iterator().next();
        assertThat(spans.stream().filter(span -> span.call().equals("complete") && tokens(span).contains(token)))
                .hasSize(1).allMatch(span -> span.startNs() > abort.startNs());
    }

    private static boolean isSynchronousCreation(Span span) {
        return span.call().equals("createTarget") && span.direction() == Direction.TO_FRAMEWORK
                && !span.arguments().contains("asynchronously");
    }

    private static void assertTracks(CallTrace trace, String call, Role role) {
        assertThat(trace.spans()).filteredOn(span -> span.call().equals(call)).isNotEmpty().extracting(Span::track)
                .containsOnly(role.name());
    }

    private static Set<String> tokens(Span span) {
        return TOKEN.matcher(span.arguments()).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    /// What the framework called, each once, in the order of the first time.
    private static List<String> calls(CallTrace trace) {
        return List.copyOf(trace.spans().stream().filter(span -> span.direction() == Direction.TO_CONTROLLER)
                .map(Span::call).collect(Collectors.toCollection(LinkedHashSet::new)));
    }
}
