package io.trilane.engine.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.CallTrace.Direction;
import io.trilane.engine.controller.CallTrace.Span;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A decorator that misses a default method of its interface would hide the controller's own from the framework: every
/// method of the SPI is looked at, and called.
class TraceDecoratorsTest {
    private final TaskMemory memory = new TaskMemory(2, 1 << 20);
    private final TraceFixture fixture = new TraceFixture(10);
    private final List<Method> received = new ArrayList<>();
    private final List<Object> receivedArguments = new ArrayList<>();

    @AfterEach
    void closeMemory() {
        memory.close();
    }

    static Stream<Method> methods() {
        return Stream.of(Controller.class, Framework.class, Completer.class).flatMap(spi -> Arrays.stream(
                spi.getMethods())).filter(method -> !Modifier.isStatic(method.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void overrideEveryMethod(Method method) throws ReflectiveOperationException {
        Class<?> decorator = decorator(method.getDeclaringClass(), null).getClass();
        assertThat(decorator.getDeclaredMethod(method.getName(), method.getParameterTypes()).getReturnType())
                .isEqualTo(method.getReturnType());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void forwardAndRecordEveryMethod(Method method) throws ReflectiveOperationException {
        Class<?> spi = method.getDeclaringClass();
        Object decorator = decorator(spi, recorder(spi));
        Object[] arguments = Arrays.stream(method.getParameterTypes()).map(this::argument).toArray();
        Object result = method.invoke(decorator, arguments);
        assertThat(received).containsExactly(method);
        assertThat(result).isEqualTo(wraps(method.getReturnType()) ? result : answer(method.getReturnType()));
        for (int i = 0; i < arguments.length; i++) {
            if (!wraps(method.getParameterTypes()[i])) {
                assertThat(receivedArguments.get(i)).isSameAs(arguments[i]);
            }
        }
        assertThat(fixture.trace.spans()).singleElement().satisfies(span -> {
            assertThat(span.call()).isEqualTo(method.getName());
            assertThat(span.isOpen()).isFalse();
            assertThat(span.direction()).isEqualTo(
                    spi == Controller.class ? Direction.TO_CONTROLLER : Direction.TO_FRAMEWORK);
        });
        assertThat(fixture.trace.spans()).extracting(Span::durationNs).containsExactly(1_000L);
    }

    private Object decorator(Class<?> spi, Object inner) {
        if (spi == Controller.class) {
            return new TracedController(fixture.trace, (Controller) inner);
        }
        return spi == Framework.class ? new TracedFramework(fixture.trace, (Framework) inner)
                : new TracedCompleter(fixture.trace, (Completer) inner);
    }

    private Object recorder(Class<?> spi) {
        return Proxy.newProxyInstance(spi.getClassLoader(), new Class<?>[]{spi}, (_, method, arguments) -> {
            received.add(method);
            receivedArguments.addAll(arguments == null ? List.of() : Arrays.asList(arguments));
            return answer(method.getReturnType());
        });
    }

    /// What crosses as a decorator of its own.
    private static boolean wraps(Class<?> type) {
        return Set.of(Framework.class, HardwareAgent.class, Completer.class, Runnable.class, SlowJob.class,
                Consumer.class).contains(type);
    }

    private static Object answer(Class<?> type) {
        return switch (type.getSimpleName()) {
            case "boolean" -> true;
            case "int" -> 42;
            case "long" -> 4_242L;
            case "Personality" -> Personality.virtual("org.example.traced", "Traced");
            case "DmaSpecification" -> DmaSpecification.of(4_096);
            case "MemorySegment" -> MemorySegment.NULL;
            default -> type.isEnum() ? type.getEnumConstants()[1] : null;
        };
    }

    private Object argument(Class<?> type) {
        TaskPool pool = new TaskPool(memory, 1);
        pool.open(2);
        Task task = pool.claim(this, 0, 0);
        TaskBatch batch = new TaskBatch();
        batch.add(task);
        return switch (type.getSimpleName()) {
            case "boolean" -> true;
            case "int" -> 1;
            case "long" -> 11L;
            case "long[]" -> new long[]{11, 12};
            case "String" -> "name";
            case "Task" -> task;
            case "TaskBatch" -> batch;
            case "Nexus" -> new Nexus(1, "initiator", "target");
            case "Role" -> Role.IO;
            case "Map" -> Map.of();
            case "Set" -> Set.of();
            case "ControllerConstraints" -> ControllerConstraints.of(2, 4_096);
            case "BooleanSupplier" -> (BooleanSupplier) () -> true;
            case "Runnable" -> (Runnable) () -> {};
            case "SlowJob" -> (SlowJob) () -> {};
            case "Consumer" -> (Consumer<Object>) _ -> {};
            case "Framework" -> fixture.framework;
            default -> type.getEnumConstants()[0];
        };
    }
}
