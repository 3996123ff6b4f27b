package io.trilane.engine.controller;

import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A trace between a controller and a framework that do as a test says, with a real guard that knows roles which the test
/// turns itself.
final class TraceFixture {
    final Clock clock = new Clock();
    final RoleActivity[] activities = {new RoleActivity(Role.CONTROL), new RoleActivity(Role.INTERRUPT),
            new RoleActivity(Role.IO)};
    final ReentrancyGuard guard = new ReentrancyGuard(QueueContract.DRIVERKIT, activities,
            new MisuseLog(clock, CountersFile.inMemory()), (condition, _) -> condition.getAsBoolean(), 1_000_000);
    final CallTrace trace;
    final Script script = new Script();
    final ScriptedFramework scripted = new ScriptedFramework();
    final Framework framework = scripted.proxy();
    final Controller traced;

    TraceFixture(int capacity) {
        trace = new CallTrace(capacity);
        traced = trace.around(script, guard, clock);
    }

    /// Each look takes a microsecond.
    static final class Clock implements LongSupplier {
        private final AtomicLong nowNs = new AtomicLong(5_000_000);

        @Override
        public long getAsLong() {
            return nowNs.addAndGet(1_000);
        }

        void advanceNs(long ns) {
            nowNs.addAndGet(ns);
        }
    }

    /// Runs `body` in a cycle of the role on this thread.
    void onRole(Role role, Runnable body) {
        RoleActivity activity = activities[role.ordinal()];
        activity.begin(Thread.currentThread(), 0);
        try {
            body.run();
        } finally {
            activity.end();
        }
    }

    /// createTarget waits with the guard and pumps the other roles, as an INVOKER engine does. After two spans of start.
    void pumpsTheChainInCreateTarget() {
        Completer[] completer = new Completer[1];
        script.onStart = given -> completer[0] = given.completer(Role.INTERRUPT);
        script.onInitializeTarget = () -> script.framework.isTargetPresent(5);
        script.onInterrupt = () -> completer[0].complete(77);
        scripted.onCreateTarget = () -> guard.await(FrameworkCall.CREATE_TARGET, "createTarget",
                Set.of(Role.CONTROL, Role.INTERRUPT), () -> {}, () -> {
                    onRole(Role.CONTROL, () -> traced.initializeTarget(5));
                    onRole(Role.CONTROL, traced::doesHbaSupportMultiPathing);
                    onRole(Role.INTERRUPT, traced::onInterrupt);
                    return true;
                });
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody came");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The controller.
    static final class Script implements Controller {
        Consumer<Framework> onStart = _ -> {};
        Consumer<Framework> onSetPowerState = _ -> {};
        Runnable onInitializeTarget = () -> {};
        Runnable onInterrupt = () -> {};
        Runnable onHardware = () -> {};
        Framework framework;
        int initialized;

        @Override
        public boolean start(Framework given) {
            framework = given;
            onStart.accept(given);
            return true;
        }

        @Override
        public HardwareAgent hardware() {
            return new HardwareAgent() {
                @Override
                public int doWork(long nowNs) {
                    onHardware.run();
                    return 1;
                }

                @Override
                public String name() {
                    return "scripted";
                }
            };
        }

        @Override
        public boolean initializeController() {
            return true;
        }

        @Override
        public long reportInitiatorIdentifier() {
            return 7;
        }

        @Override
        public long reportHighestSupportedDeviceId() {
            return 15;
        }

        @Override
        public int reportMaximumTaskCount() {
            return 8;
        }

        @Override
        public boolean startController() {
            return true;
        }

        @Override
        public boolean initializeTarget(long targetId) {
            initialized++;
            onInitializeTarget.run();
            return true;
        }

        @Override
        public ServiceResponse processTask(Task task, long token) {
            return ServiceResponse.REQUEST_IN_PROCESS;
        }

        @Override
        public void process(TaskBatch batch) {}

        @Override
        public boolean onInterrupt() {
            onInterrupt.run();
            return false;
        }

        @Override
        public ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun,
                long tag) {
            return ServiceResponse.FUNCTION_COMPLETE;
        }

        @Override
        public void setPowerState(PowerState state, Framework given) {
            onSetPowerState.accept(given);
        }

        @Override
        public void stop() {}
    }

    /// The framework: answers what is easiest, and keeps the blocks that it is given.
    static final class ScriptedFramework implements InvocationHandler {
        final List<String> calls = new ArrayList<>();
        final List<Runnable> later = new ArrayList<>();
        Runnable onCreateTarget = () -> {};

        Framework proxy() {
            return (Framework) Proxy.newProxyInstance(Framework.class.getClassLoader(),
                    new Class<?>[]{Framework.class}, this);
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) {
            if (method.getDeclaringClass() == Object.class) {
                return ofObject(proxy, method.getName(), arguments);
            }
            calls.add(method.getName());
            Object last = arguments == null ? null : arguments[arguments.length - 1];
            switch (last) {
                case Consumer<?> onDone -> later.add(() -> accept(method, onDone));
                case Runnable block -> later.add(block);
                case SlowJob job -> later.add(job::run);
                case null, default -> {
                }
            }
            if (method.getReturnType() == TargetVerdict.class) {
                onCreateTarget.run();
                return TargetVerdict.CREATED;
            }
            return method.getReturnType() == boolean.class ? (Object) true
                    : method.getReturnType() == Completer.class ? new NoCompleter() : null;
        }

        private static Object ofObject(Object proxy, String name, Object[] arguments) {
            int identity = System.identityHashCode(proxy);
            return switch (name) {
                case "equals" -> identity == System.identityHashCode(arguments[0]);
                case "hashCode" -> identity;
                default -> "scripted framework";
            };
        }

        @SuppressWarnings("unchecked")
        private static void accept(Method method, Consumer<?> onDone) {
            if (method.getName().equals("createTarget")) {
                ((Consumer<TargetVerdict>) onDone).accept(TargetVerdict.CREATED);
            } else {
                ((Consumer<Boolean>) onDone).accept(true);
            }
        }
    }

    private static final class NoCompleter implements Completer {
        @Override
        public void complete(long token) {}

        @Override
        public void complete(long[] tokens, int count) {}
    }
}
