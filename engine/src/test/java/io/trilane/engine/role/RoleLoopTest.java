package io.trilane.engine.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.ControlMessage;
import io.trilane.engine.controller.RoleActivity;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoleLoopTest {
    private static final long STALL_NS = 1_000;

    private final CountersFile counters = CountersFile.inMemory();
    private final List<ControlMessage> handled = new ArrayList<>();
    private final SerialQueue<ControlMessage> messages = new SerialQueue<>("messages", 64, Doorbell.silent());
    private final List<RoleWork> works = new ArrayList<>();
    private final RoleActivity activity = new RoleActivity(Role.IO);
    private int workCalls;

    @Test
    void handlesMessagesBeforeWorkAndAddsBothUp() {
        works.add(_ -> handled.size());
        post(3);
        assertThat(loop().doWork(1)).isEqualTo(6);
    }

    @Test
    void handlesAtMostABundleOfMessagesPerCycle() {
        post(40);
        RoleLoop loop = loop();
        assertThat(loop.doWork(1)).isEqualTo(32);
        assertThat(loop.doWork(2)).isEqualTo(8);
        assertThat(loop.doWork(3)).isZero();
    }

    @Test
    void doesNothingWhileItWaitsInsideACallback() {
        RoleLoop[] loop = new RoleLoop[1];
        works.add(now -> {
            workCalls++;
            assertThat(loop[0].isBusy()).isTrue();
            return loop[0].doWork(now);
        });
        loop[0] = loop();
        assertThat(loop[0].doWork(1)).isZero();
        assertThat(workCalls).isEqualTo(1);
        assertThat(loop[0].isBusy()).isFalse();
    }

    @Test
    void countsAnExceptionAndTakesItsNextTurn() {
        works.add(_ -> {
            throw new IllegalArgumentException("work fails on purpose");
        });
        RoleLoop loop = loop();
        assertThat(loop.doWork(1)).isZero();
        assertThat(loop.doWork(2)).isZero();
        assertThat(loop.isBusy()).isFalse();
        assertThat(counters.get(EngineCounter.CONTROLLER_ERRORS)).isEqualTo(2);
    }

    @Test
    void givesTheOtherWorksTheirTurnWhenOneThrows() {
        works.add(_ -> {
            throw new IllegalArgumentException("work fails on purpose");
        });
        works.add(_ -> 7);
        assertThat(loop().doWork(1)).isEqualTo(7);
        assertThat(counters.get(EngineCounter.CONTROLLER_ERRORS)).isEqualTo(1);
    }

    @Test
    void tellsWhereItIs() {
        works.add(_ -> {
            assertThat(activity.isOn(Thread.currentThread())).isTrue();
            assertThat(activity.sinceNs()).isEqualTo(42);
            activity.setCallback(Callback.PROCESS);
            throw new IllegalArgumentException("in the middle of a callback");
        });
        assertThat(loop().doWork(42)).isZero();
        assertThat(activity.isOn(Thread.currentThread())).isFalse();
        assertThat(activity.callback()).isNull();
    }

    @Test
    void tellsItsLongestCycleAndItsStalls() {
        RoleLoop loop = loop();
        for (long nowNs : new long[]{10, 1_010, 3_010, 3_500}) {
            assertThat(loop.doWork(nowNs)).isZero();
        }
        assertThat(counters.get(EngineCounter.IO_MAX_CYCLE_NS)).isEqualTo(2_000);
        assertThat(counters.get(EngineCounter.IO_STALLS)).isEqualTo(1);
        assertThat(counters.get(EngineCounter.CONTROL_STALLS)).isZero();
    }

    private RoleLoop loop() {
        return new RoleLoop(activity, messages, handled::add, works, new RoleClock(() -> 0, STALL_NS, counters));
    }

    private void post(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(messages.offer(new ControlMessage.Launch(new Reply<>()))).isTrue();
        }
    }
}
