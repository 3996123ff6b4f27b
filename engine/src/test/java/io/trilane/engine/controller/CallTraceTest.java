package io.trilane.engine.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.controller.CallTrace.Direction;
import io.trilane.engine.controller.CallTrace.Span;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TaskToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallTraceTest {
    private final TraceFixture fixture = new TraceFixture(1000);
    private final CallTrace trace = fixture.trace;
    private final TaskMemory memory = new TaskMemory(16, 1 << 20);
    private final TaskPool pool = new TaskPool(memory, 1);

    @AfterEach
    void closeMemory() {
        memory.close();
    }

    @Test
    void recordsACallWithItsTimesTrackArgumentsAndResult() {
        fixture.script.onInitializeTarget = () -> fixture.clock.advanceNs(7_000);
        fixture.onRole(Role.CONTROL, () -> fixture.traced.initializeTarget(3));
        assertThat(trace.spans()).containsExactly(new Span(0, 1_000, 8_000, "CONTROL", 0, Direction.TO_CONTROLLER,
                "initializeTarget", "target=3", "true"));
    }

    @Test
    void handsTheControllerAFrameworkWhoseCallsAreRecorded() {
        fixture.script.onStart = framework -> framework.setDispatchQueue(Framework.AUXILIARY_QUEUE);
        fixture.traced.start(fixture.framework);
        assertThat(calls()).containsExactly("0 → start", "1 ← setDispatchQueue");
        assertThat(fixture.scripted.calls).containsExactly("setDispatchQueue");
    }

    @Test
    void handsTheSameTracedFrameworkToStartAndToSetPowerState() {
        List<Framework> seen = new ArrayList<>();
        fixture.script.onStart = seen::add;
        fixture.script.onSetPowerState = seen::add;
        fixture.traced.start(fixture.framework);
        fixture.traced.setPowerState(PowerState.OFF, fixture.framework);
        assertThat(seen).hasSize(2).doesNotContain(fixture.framework);
        assertThat(seen.get(0)).isSameAs(seen.get(1));
    }

    /// The chain of `driverkit.md` 3.2, pumped by one thread: IO waits in createTarget, CONTROL and INTERRUPT go on.
    @Test
    void showsTheReentrantChainOfATargetCreationAsATree() {
        fixture.pumpsTheChainInCreateTarget();
        fixture.traced.start(fixture.framework);
        fixture.onRole(Role.IO, () -> fixture.script.framework.createTarget(5, Map.of()));
        assertThat(trace.spans().stream().skip(2).map(span -> span.track() + " " + span.depth() + " "
                + span.direction().sign() + " " + span.call())).containsExactly("IO 0 ← createTarget",
                        "CONTROL 1 → initializeTarget", "CONTROL 2 ← isTargetPresent",
                        "CONTROL 1 → doesHbaSupportMultiPathing", "INTERRUPT 1 → onInterrupt",
                        "INTERRUPT 2 ← complete");
        assertThat(lastOf("createTarget").result()).isEqualTo("CREATED");
    }

    @Test
    void printsATreeForAPerson() {
        fixture.script.onInitializeTarget = () -> {
            trace.note("target 1 is new");
            fixture.clock.advanceNs(1_500);
        };
        fixture.onRole(Role.CONTROL, () -> {
            fixture.traced.initializeTarget(1);
            fixture.traced.stop();
        });
        assertThat(trace.tree()).isEqualTo("""
                     time µs  track      → framework to controller, ← controller to framework, · note
                         1.0  CONTROL    → initializeTarget(target=1) = true, 3.5 µs
                         2.0  CONTROL      · target 1 is new
                         5.5  CONTROL    → stop(), 1.0 µs
                """);
    }

    @Test
    void keepsACallThatHasNotReturnedAsOpen() {
        fixture.script.onInitializeTarget = () -> {
            assertThat(trace.spans()).singleElement().satisfies(span -> {
                assertThat(span.isOpen()).isTrue();
                assertThat(span.result()).isEmpty();
            });
            assertThat(trace.tree()).contains("initializeTarget(target=1), has not returned");
        };
        fixture.traced.initializeTarget(1);
        assertThat(trace.spans()).noneMatch(Span::isOpen);
        assertThat(trace.tree()).doesNotContain("has not returned");
    }

    @Test
    void recordsAnExceptionAsTheResultAndLetsItGoOn() {
        fixture.script.onInitializeTarget = () -> {
            throw new IllegalArgumentException("on purpose");
        };
        assertThatThrownBy(() -> fixture.traced.initializeTarget(1)).isInstanceOf(IllegalArgumentException.class);
        fixture.traced.stop();
        assertThat(trace.spans().getFirst().result())
                .isEqualTo("threw java.lang.IllegalArgumentException: on purpose");
        assertThat(trace.spans().getLast().depth()).isZero();
    }

    @Test
    void countsWhatComesWhenItIsFullAndStillKnowsTheDepth() {
        TraceFixture small = new TraceFixture(2);
        small.traced.stop();
        small.script.onInitializeTarget = () -> small.trace.note("lost");
        small.traced.initializeTarget(1);
        small.traced.initializeTarget(2);
        assertThat(small.trace.spans()).hasSize(2).noneMatch(Span::isOpen);
        assertThat(small.trace.dropped()).isEqualTo(3);
        assertThat(small.trace.tree()).endsWith(
                "dropped=3 spans beyond capacity=2, give the trace a larger capacity\n");
        assertThat(small.script.initialized).isEqualTo(2);
    }

    @Test
    void asksForArgumentsOnlyWhileThereIsRoom() {
        TraceFixture small = new TraceFixture(1);
        int[] asked = {0};
        for (int i = 0; i < 3; i++) {
            small.trace.run(Direction.TO_CONTROLLER, "call", () -> "asked " + ++asked[0], () -> {});
        }
        assertThat(asked[0]).isEqualTo(1);
    }

    @Test
    void namesTokensAndOpcodesOfABatch() {
        pool.open(16);
        boolean _ = pool.release(pool.claim(this, 0, 0).token());
        TaskBatch batch = new TaskBatch();
        for (int i = 0; i < 10; i++) {
            Task task = pool.claim(this, 0, 0);
            task.setCdb(new byte[]{(byte) (0xA8 + i), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
            batch.add(task);
        }
        fixture.traced.process(batch);
        assertThat(lastOf("process").arguments())
                .isEqualTo("count=10 0/1:A8h 1/0:A9h 2/0:AAh 3/0:ABh 4/0:ACh 5/0:ADh 6/0:AEh 7/0:AFh +2");
        fixture.traced.processTask(batch.task(0), batch.token(0));
        assertThat(lastOf("processTask").arguments()).isEqualTo("0/1 target=0 opcode=A8h");
        assertThat(lastOf("processTask").result()).isEqualTo(ServiceResponse.REQUEST_IN_PROCESS.name());
    }

    @Test
    void namesTokensThatAreCompleted() {
        fixture.traced.start(fixture.framework);
        Completer completer = fixture.script.framework.completer(Role.INTERRUPT);
        long token = TaskToken.of(7, 1, 5);
        completer.complete(token);
        assertThat(lastOf("complete").arguments()).isEqualTo("5/7");
        completer.complete(new long[]{token, TaskToken.NONE, 99}, 2);
        assertThat(lastOf("complete").arguments()).isEqualTo("count=2 5/7 none");
    }

    @Test
    void namesConstraintsThatAreMissingAndPropertiesThatAreThere() {
        fixture.traced.start(fixture.framework);
        Framework framework = fixture.script.framework;
        framework.reportConstraints(ControllerConstraints.of(2, 4_096));
        assertThat(lastOf("reportConstraints").arguments()).isEqualTo("keys=8");
        Map<ConstraintKey, Long> keys = ControllerConstraints.of(2, 4_096).toMap();
        keys.remove(ConstraintKey.MINIMUM_HBA_DATA_ALIGNMENT_MASK);
        framework.reportConstraints(keys);
        assertThat(lastOf("reportConstraints").arguments())
                .isEqualTo("keys=7 missing=[MINIMUM_HBA_DATA_ALIGNMENT_MASK]");
        boolean _ = framework.setTargetProperties(3, Map.of(TargetProperty.SAS_ADDRESS, "5000"));
        assertThat(lastOf("setTargetProperties").arguments()).isEqualTo("target=3 {SAS_ADDRESS=5000}");
    }

    @Test
    void recordsBlocksThatTheFrameworkRunsForTheControllerLater() {
        fixture.traced.start(fixture.framework);
        List<Object> told = new ArrayList<>();
        Framework framework = fixture.script.framework;
        framework.createTarget(1, Map.of(), (Consumer<TargetVerdict>) told::add);
        framework.destroyTarget(1, (Consumer<Boolean>) told::add);
        framework.dispatch(Role.IO, () -> told.add("dispatched"));
        framework.runSlowly(() -> told.add("slow"));
        fixture.scripted.later.forEach(Runnable::run);
        assertThat(told).containsExactly(TargetVerdict.CREATED, true, "dispatched", "slow");
        assertThat(calls()).contains("0 → createTarget.onDone", "0 → destroyTarget.onDone", "0 → dispatch.block",
                "0 → runSlowly.job");
        assertThat(lastOf("createTarget.onDone").arguments()).isEqualTo("target=1 CREATED");
    }

    @Test
    void findsCallsOfTheHardwareOnATrackOfTheirOwn() {
        fixture.traced.start(fixture.framework);
        fixture.script.onHardware = () -> fixture.script.framework.dma(16, 8);
        int done = fixture.traced.hardware().doWork(0);
        assertThat(done).isEqualTo(1);
        assertThat(lastOf("dma").track()).isEqualTo("hardware");
        fixture.script.framework.mediaParametersHaveChanged();
        assertThat(lastOf("mediaParametersHaveChanged").track()).isEqualTo(Thread.currentThread().getName());
    }

    @Test
    void keepsDepthsOfThreadsApart() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        fixture.script.onInitializeTarget = () -> {
            inside.countDown();
            TraceFixture.await(leave);
        };
        Thread other = Thread.ofPlatform().name("other").start(() -> fixture.traced.initializeTarget(1));
        TraceFixture.await(inside);
        fixture.traced.onNexusReset(new Nexus(4, "i", "t"));
        leave.countDown();
        other.join();
        assertThat(lastOf("onNexusReset").depth()).isZero();
        assertThat(lastOf("initializeTarget").track()).isEqualTo("other");
    }

    @Test
    void survivesManyThreadsAndLosesNothingUnseen() throws InterruptedException {
        TraceFixture shared = new TraceFixture(500);
        int threads = 4;
        long calls = 500;
        List<Thread> workers = IntStream.range(0, threads).mapToObj(_ -> Thread.ofPlatform().start(() -> {
            for (int i = 0; i < calls / 2; i++) {
                shared.trace.run(Direction.TO_CONTROLLER, "outer", () -> "", () -> shared.trace.run(
                        Direction.TO_FRAMEWORK, "inner", () -> "", () -> {}));
            }
        })).toList();
        for (Thread worker : workers) {
            worker.join();
        }
        assertThat(shared.trace.spans()).hasSize(500).noneMatch(Span::isOpen)
                .allSatisfy(span -> assertThat(span.depth()).isEqualTo(span.call().equals("outer") ? 0 : 1));
        assertThat(shared.trace.spans()).extracting(Span::sequence)
                .containsExactlyElementsOf(IntStream.range(0, 500).boxed().toList());
        assertThat(shared.trace.spans()).extracting(Span::startNs).isSorted();
        assertThat(shared.trace.dropped()).isEqualTo(threads * calls - 500);
    }

    @Test
    void belongsToOneEngine() {
        assertThatThrownBy(() -> trace.around(fixture.script, fixture.guard, fixture.clock))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("a trace of its own");
        assertThatThrownBy(() -> new CallTrace(1).note("too early")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("launch one with it first");
    }

    @Test
    void refusesToKeepNothing() {
        assertThatThrownBy(() -> new CallTrace(0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("capacity=0 < 1");
    }

    private List<String> calls() {
        return trace.spans().stream().map(span -> span.depth() + " " + span.direction().sign() + " " + span.call())
                .toList();
    }

    private Span lastOf(String call) {
        return trace.spans().stream().filter(span -> span.call().equals(call)).reduce((_, last) -> last).orElseThrow();
    }
}
