package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.FakeController.Posting;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TaskToken;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Completions that come in any order, early, late, twice, or not at all.
class CompletionTest {
    private final EngineFixture fixture = new EngineFixture(config -> config, c -> c.posting = Posting.HOLD);
    private final Client client = fixture.open();

    @AfterEach
    void closeEngine() {
        fixture.close();
    }

    @Test
    void deliversInTheOrderOfCompletion() {
        Task first = submitAndPump();
        Task second = submitAndPump();
        Task third = submitAndPump();
        for (Task task : List.of(third, first, second)) {
            fixture.controller.finish(task.token());
        }
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(third, first, second);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void acceptsACompletionThatOvertakesTheProcessCall(boolean bundled) {
        try (EngineFixture early = new EngineFixture(config -> config, c -> {
            c.bundled = bundled;
            c.posting = Posting.COMPLETE_BEFORE_RETURN;
        })) {
            Client one = early.open();
            Task task = early.submit(one);
            early.pump();
            assertThat(EngineFixture.poll(one)).containsExactly(task);
            assertThat(task.isGood()).isTrue();
            assertThat(task.state()).isEqualTo(TaskState.DONE);
            assertThat(one.release(task.token())).isTrue();
        }
    }

    @Test
    void refusesSecondCompletionOfOneToken() {
        Task task = submitAndPump();
        fixture.controller.completer().complete(task.token());
        fixture.controller.completer().complete(task.token());
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(fixture.count(EngineCounter.STALE_COMPLETIONS)).isEqualTo(1);
        assertThat(fixture.count(EngineCounter.COMPLETED)).isEqualTo(1);
    }

    @Test
    void refusesTheSameTokenTwiceInOneCall() {
        long token = submitAndPump().token();
        fixture.controller.completer().complete(new long[]{token, token, token}, 3);
        assertThat(EngineFixture.poll(client)).hasSize(1);
        assertThat(fixture.count(EngineCounter.STALE_COMPLETIONS)).isEqualTo(2);
    }

    @Test
    void refusesATokenOfTheSlotsLastUser() {
        Task task = submitAndPump();
        long old = task.token();
        fixture.controller.finish(old);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(client.release(old)).isTrue();
        assertThat(submitAndPump()).isSameAs(task);
        fixture.controller.completer().complete(old);
        assertThat(EngineFixture.poll(client)).isEmpty();
        assertThat(task.state()).isEqualTo(TaskState.ACTIVE);
        assertThat(fixture.count(EngineCounter.STALE_COMPLETIONS)).isEqualTo(1);
    }

    @Test
    void refusesForeignTokens() {
        Task task = submitAndPump();
        long[] foreign = {TaskToken.NONE, task.token() ^ 1L << 16, task.token() + (1L << 24), 65535, Long.MIN_VALUE};
        fixture.controller.completer().complete(foreign, foreign.length);
        assertThat(EngineFixture.poll(client)).isEmpty();
        assertThat(fixture.count(EngineCounter.STALE_COMPLETIONS)).isEqualTo(foreign.length);
    }

    @Test
    void refusesATokenThatWasNotSubmitted() {
        Task claimed = fixture.claim(client);
        fixture.controller.completer().complete(claimed.token());
        Task queued = fixture.submit(client);
        fixture.controller.completer().complete(queued.token());
        assertThat(EngineFixture.poll(client)).isEmpty();
        assertThat(claimed.state()).isEqualTo(TaskState.CLAIMED);
        assertThat(queued.state()).isEqualTo(TaskState.QUEUED);
        assertThat(fixture.count(EngineCounter.STALE_COMPLETIONS)).isEqualTo(2);
    }

    @Test
    void deliversTheGoodTokensOfAMixedCallToEachClientInOrder() {
        Client other = fixture.open();
        Task mine = submitAndPump();
        Task theirs = fixture.submit(other);
        Task mineToo = submitAndPump();
        long[] mixed = {mine.token(), -5, theirs.token(), mine.token(), mineToo.token()};
        fixture.controller.completer().complete(mixed, mixed.length);
        assertThat(EngineFixture.poll(client)).containsExactly(mine, mineToo);
        assertThat(EngineFixture.poll(other)).containsExactly(theirs);
        assertThat(fixture.count(EngineCounter.STALE_COMPLETIONS)).isEqualTo(2);
        assertThat(fixture.count(EngineCounter.COMPLETED)).isEqualTo(3);
    }

    @Test
    void failsATaskThatProcessTaskAnswersSynchronously() {
        try (EngineFixture single = new EngineFixture(config -> config, c -> {
            c.bundled = false;
            c.posting = Posting.ANSWER_SYNCHRONOUSLY;
        })) {
            Client one = single.open();
            Task task = single.submit(one);
            single.pump();
            assertThat(EngineFixture.poll(one)).containsExactly(task);
            assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
            assertThat(task.status()).isEqualTo(TaskStatus.DELIVERY_FAILURE);
            assertThat(single.count(EngineCounter.SYNCHRONOUS_RESPONSES)).isEqualTo(1);
        }
    }

    @Test
    void countsAnExceptionInProcessAndGoesOn() {
        fixture.controller.posting = Posting.THROW;
        fixture.submit(client).setTimeoutMillis(0);
        fixture.pump();
        assertThat(fixture.count(EngineCounter.CONTROLLER_ERRORS)).isEqualTo(1);
        fixture.controller.posting = Posting.COMPLETE_LATER;
        Task next = fixture.submit(client);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(next);
    }

    @Test
    void handsTheRestOfABundleOverWhenOneProcessTaskThrows() {
        try (EngineFixture single = new EngineFixture(config -> config, c -> c.bundled = false)) {
            Client one = single.open();
            TaskBatch batch = new TaskBatch();
            for (int i = 0; i < 5; i++) {
                batch.add(single.claim(one));
            }
            assertThat(one.submit(batch)).isEqualTo(5);
            single.controller.posting = Posting.THROW;
            assertThat(single.engine.doWork()).isNotNegative();
            assertThat(single.controller.processCalls).isEqualTo(5);
            assertThat(single.count(EngineCounter.CONTROLLER_ERRORS)).isPositive();
        }
    }

    @Test
    void countsAnExceptionInTheInterruptHandlerAndServesTheNextInterrupt() {
        Task task = submitAndPump();
        fixture.controller.throwsInInterrupt = true;
        fixture.controller.finish(task.token());
        assertThat(fixture.engine.doWork()).isNotNegative();
        assertThat(fixture.count(EngineCounter.CONTROLLER_ERRORS)).isEqualTo(1);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(fixture.count(EngineCounter.INTERRUPTS)).isGreaterThanOrEqualTo(2);
    }

    private Task submitAndPump() {
        Task task = fixture.submit(client);
        fixture.pump();
        return task;
    }
}
