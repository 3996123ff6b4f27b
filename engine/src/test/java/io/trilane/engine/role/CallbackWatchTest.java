package io.trilane.engine.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.FrameworkCall;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseLog;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.ReentrancyGuard;
import io.trilane.engine.controller.RoleActivity;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.task.Role;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallbackWatchTest {
    private static final long LIMIT_NS = 100;

    private final RoleActivity[] activities = {new RoleActivity(Role.CONTROL), new RoleActivity(Role.INTERRUPT),
            new RoleActivity(Role.IO)};
    private final MisuseLog misuses = new MisuseLog(() -> 0, CountersFile.inMemory());
    private Runnable meanwhile = () -> {};
    private final ReentrancyGuard guard = new ReentrancyGuard(QueueContract.ENGINE, activities, misuses,
            (condition, timeoutNs) -> {
                meanwhile.run();
                return true;
            }, 1);
    private final CallbackWatch watch = new CallbackWatch(activities, guard, misuses, LIMIT_NS);

    @Test
    void namesACallbackThatDoesNotReturnOnceWithItsStack() {
        activities[Role.IO.ordinal()].begin(Thread.currentThread(), 1_000);
        activities[Role.IO.ordinal()].setCallback(Callback.PROCESS);
        assertThat(watch.doWork(1_000 + LIMIT_NS)).isZero();
        assertThat(misuses.reports()).isEmpty();
        assertThat(watch.doWork(1_001 + LIMIT_NS)).isZero();
        assertThat(watch.doWork(2_000)).isZero();
        assertThat(misuses.reports()).singleElement().satisfies(report -> {
            assertThat(report.misuse()).isEqualTo(Misuse.CALLBACK_BLOCKED);
            assertThat(report.detail()).isEqualTo("callback=PROCESS role=IO runsNs=101 > limitNs=100");
            assertThat(report.chain()).anyMatch(line -> line.contains("CallbackWatchTest"));
        });
    }

    @Test
    void saysNothingOfARoleThatIsIdleOrBetweenCallbacks() {
        activities[Role.IO.ordinal()].begin(Thread.currentThread(), 0);
        assertThat(watch.doWork(10_000)).isZero();
        activities[Role.IO.ordinal()].setCallback(Callback.PROCESS);
        activities[Role.IO.ordinal()].end();
        assertThat(watch.doWork(10_000)).isZero();
        assertThat(misuses.reports()).isEmpty();
    }

    @Test
    void saysNothingOfARoleThatWaitsInTheFramework() {
        activities[Role.IO.ordinal()].begin(Thread.currentThread(), 0);
        activities[Role.IO.ordinal()].setCallback(Callback.CREATE_TARGET);
        meanwhile = () -> assertThat(watch.doWork(10_000)).isZero();
        assertThat(guard.await(FrameworkCall.DISPATCH_SYNC, "wait", Set.of(Role.CONTROL), () -> {}, () -> true))
                .isEqualTo(ReentrancyGuard.Answer.DONE);
        assertThat(misuses.reports()).isEmpty();
    }
}
