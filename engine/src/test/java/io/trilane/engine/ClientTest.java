package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientTest {
    private final EngineFixture fixture = new EngineFixture(config -> config.withClientMaxTasks(40), _ -> {});
    private final Client client = fixture.open();

    @AfterEach
    void closeEngine() {
        fixture.close();
    }

    @ParameterizedTest
    @CsvSource({"ENGINE,true", "ENGINE,false", "DRIVERKIT,true", "DRIVERKIT,false"})
    void takesATaskToItsControllerAndBackUnderEachContractAndPath(QueueContract contract, boolean bundled) {
        try (EngineFixture other =
                new EngineFixture(config -> config.withContract(contract), c -> c.bundled = bundled)) {
            Client one = other.open();
            Task task = other.claim(one);
            long token = task.token();
            task.setUserData(77);
            assertThat(one.submit(task)).isTrue();
            assertThat(one.inFlight()).isEqualTo(1);
            assertThat(EngineFixture.poll(one)).isEmpty();
            other.pump();
            assertThat(EngineFixture.poll(one)).containsExactly(task);
            assertThat(task.isGood()).isTrue();
            assertThat(task.bytesTransferred()).isEqualTo(4096);
            assertThat(task.userData()).isEqualTo(77);
            assertThat(one.inFlight()).isZero();
            assertThat(one.release(token)).isTrue();
            assertThat(other.count(EngineCounter.SUBMITTED)).isEqualTo(1);
            assertThat(other.count(EngineCounter.COMPLETED)).isEqualTo(1);
        }
    }

    @Test
    void completesInOneCycleWhatWasSubmittedBeforeIt() {
        fixture.submit(client);
        assertThat(fixture.engine.doWork()).isPositive();
        assertThat(EngineFixture.poll(client)).hasSize(1);
    }

    @Test
    void handsABundleOverInOneProcessCall() {
        TaskBatch batch = claimBatch(32);
        assertThat(client.submit(batch)).isEqualTo(32);
        fixture.pump();
        assertThat(fixture.controller.processCalls).isEqualTo(1);
        assertThat(fixture.controller.largestBatch).isEqualTo(32);
        assertThat(slots(EngineFixture.poll(client))).containsExactlyElementsOf(slots(batch));
    }

    @Test
    void neverHandsMoreThanThirtyTwoTasksToOneProcessCall() {
        for (int i = 0; i < 40; i++) {
            fixture.submit(client);
        }
        fixture.pump();
        assertThat(fixture.controller.largestBatch).isEqualTo(32);
        assertThat(fixture.controller.processCalls).isEqualTo(2);
        assertThat(EngineFixture.poll(client)).hasSize(40);
    }

    @Test
    void neverWaitsToFillABundle() {
        fixture.submit(client);
        fixture.pump();
        assertThat(fixture.controller.largestBatch).isEqualTo(1);
    }

    @Test
    void deliversBundlesOfAnySizeForEver() {
        for (int i = 0; i < 500; i++) {
            int count = 1 + i % 32;
            assertThat(client.submit(claimBatch(count))).isEqualTo(count);
            fixture.pump();
            List<Task> done = EngineFixture.poll(client);
            assertThat(done).hasSize(count);
            done.forEach(task -> assertThat(client.release(task.token())).isTrue());
        }
        assertThat(fixture.count(EngineCounter.CONTROLLER_ERRORS)).isZero();
    }

    @Test
    void deliversToTheClientThatSubmitted() {
        Client other = fixture.open();
        Task mine = fixture.submit(client);
        Task theirs = fixture.submit(other);
        Task mineToo = fixture.submit(client);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(mine, mineToo);
        assertThat(EngineFixture.poll(other)).containsExactly(theirs);
    }

    @Test
    void pollsNoMoreThanTheLimit() {
        assertThat(client.submit(claimBatch(5))).isEqualTo(5);
        fixture.pump();
        List<Task> polled = new ArrayList<>();
        assertThat(client.poll(polled::add, 2)).isEqualTo(2);
        assertThat(client.inFlight()).isEqualTo(3);
        assertThat(client.poll(polled::add, 0)).isZero();
        assertThat(client.poll(polled::add, 32)).isEqualTo(3);
        assertThat(polled).doesNotHaveDuplicates().hasSize(5);
    }

    @Test
    void keepsCountWhenAHandlerThrows() {
        assertThat(client.submit(claimBatch(3))).isEqualTo(3);
        fixture.pump();
        assertThatThrownBy(() -> client.poll(_ -> {
            throw new IllegalArgumentException("handler");
        }, 32)).hasMessage("handler");
        assertThat(client.inFlight()).isEqualTo(2);
        assertThat(EngineFixture.poll(client)).hasSize(2);
        assertThat(client.inFlight()).isZero();
    }

    @Test
    void refusesAClaimOverItsQuotaAndCountsIt() {
        for (int i = 0; i < 40; i++) {
            fixture.claim(client);
        }
        assertThat(client.claim(0)).isNull();
        assertThat(fixture.count(EngineCounter.REFUSED_CLAIMS)).isEqualTo(1);
        assertThat(fixture.open().claim(0)).as("others have their own quota").isNotNull();
    }

    @Test
    void refusesAClaimWhenThePoolIsEmptyAndCountsIt() {
        Client other = fixture.open();
        for (int i = 0; i < 40; i++) {
            fixture.claim(client);
        }
        for (int i = 0; i < 24; i++) {
            fixture.claim(other);
        }
        assertThat(other.claim(0)).isNull();
        assertThat(fixture.count(EngineCounter.REFUSED_CLAIMS)).isEqualTo(1);
    }

    @Test
    void refusesAClaimWhenTheDataBudgetIsSpentAndCountsIt() {
        assertThat(client.claim(4 << 20)).isNotNull();
        assertThat(client.claim(1)).isNull();
        assertThat(client.claim(0)).isNotNull();
        assertThat(fixture.count(EngineCounter.REFUSED_CLAIMS)).isEqualTo(1);
    }

    @Test
    void refusesAnImpossibleLengthWithARemedyAndKeepsItsQuota() {
        for (int i = 0; i < 50; i++) {
            assertThatThrownBy(() -> client.claim((16 << 20) + 1)).hasMessageContaining("split the transfer");
        }
        for (int i = 0; i < 40; i++) {
            fixture.claim(client);
        }
    }

    @Test
    void claimsManyTasksAtOnceAsFarAsThereIsRoomQuotaAndMemory() {
        TaskBatch batch = new TaskBatch();
        assertThat(client.claim(batch, 20, 4096)).isEqualTo(20);
        assertThat(client.claim(batch, 20, 4096)).as("room").isEqualTo(12);
        assertThat(client.submit(batch)).isEqualTo(32);
        batch.clear();
        assertThat(client.claim(batch, 20, 4096)).as("quota").isEqualTo(8);
        assertThat(client.claim(batch, 20, 4096)).isZero();
        TaskBatch other = new TaskBatch();
        assertThat(fixture.open().claim(other, 4, 2 << 20)).as("memory").isEqualTo(1);
        assertThat(fixture.count(EngineCounter.REFUSED_CLAIMS)).isEqualTo(1);
        fixture.pump();
        EngineFixture.poll(client).forEach(task -> assertThat(client.release(task.token())).isTrue());
        assertThat(fixture.engine.pool().countInState(TaskState.FREE)).isEqualTo(EngineFixture.TASKS - 9);
    }

    @Test
    void losesNoSlotWhenAClaimOfManyHasAnImpossibleLength() {
        TaskBatch batch = new TaskBatch();
        assertThatThrownBy(() -> client.claim(batch, 32, -1)).hasMessageContaining("lengthBytes=-1");
        assertThat(client.claim(batch, 32, 0)).isEqualTo(32);
        Client other = fixture.open();
        for (int i = 0; i < 32; i++) {
            fixture.claim(other);
        }
    }

    @Test
    void givesReleasedSlotsBackAlsoWhenAHandlerThrows() {
        assertThat(client.submit(claimBatch(2))).isEqualTo(2);
        fixture.pump();
        assertThatThrownBy(() -> client.poll(task -> {
            assertThat(client.release(task.token())).isTrue();
            throw new IllegalArgumentException("handler");
        }, 32)).hasMessage("handler");
        assertThat(client.claim(0)).isNotNull();
        Client other = fixture.open();
        int free = 0;
        while (other.claim(0) != null) {
            free++;
        }
        assertThat(free).as("64 slots: one claimed, one to poll, the quota of the other is 40").isEqualTo(40);
        Client third = fixture.open();
        while (third.claim(0) != null) {
            free++;
        }
        assertThat(free).isEqualTo(62);
    }

    @Test
    void waitsForAClaimByPumpingWhenItsThreadDrives() {
        Client other = fixture.open();
        for (int i = 0; i < 24; i++) {
            fixture.claim(other);
        }
        for (int i = 0; i < 40; i++) {
            fixture.submit(client);
        }
        client.close();
        assertThat(other.claim(4096, 1_000_000)).isNotNull();
    }

    @Test
    void givesUpAClaimAtItsDeadline() {
        Client other = fixture.open();
        for (int i = 0; i < 40; i++) {
            fixture.claim(client);
        }
        for (int i = 0; i < 24; i++) {
            fixture.claim(other);
        }
        assertThat(other.claim(0, 50_000)).isNull();
    }

    @Test
    void refusesToSubmitATaskTwice() {
        Task task = fixture.submit(client);
        assertThatThrownBy(() -> client.submit(task)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("slot=" + task.slot() + " state=QUEUED is not CLAIMED by nexus=0");
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
    }

    @Test
    void refusesToSubmitATaskOfAnotherClient() {
        Task theirs = fixture.claim(fixture.open());
        assertThatThrownBy(() -> client.submit(theirs)).hasMessageContaining("is not CLAIMED by nexus=0");
        assertThat(theirs.state()).isEqualTo(TaskState.CLAIMED);
    }

    @Test
    void leavesABundleWithItsCallerWhenOneTaskOfItIsNotSubmittable() {
        Task good = fixture.claim(client);
        TaskBatch batch = new TaskBatch();
        batch.add(good);
        batch.add(good);
        assertThatThrownBy(() -> client.submit(batch)).hasMessageContaining("submit a task once");
        assertThat(good.state()).isEqualTo(TaskState.CLAIMED);
        assertThat(client.release(good.token())).isTrue();
    }

    @Test
    void refusesAndCountsReleasesOfStaleDoubleAndForeignTokens() {
        Task mine = fixture.claim(client);
        Task theirs = fixture.claim(fixture.open());
        long token = mine.token();
        assertThat(client.release(theirs.token())).isFalse();
        assertThat(client.release(-1)).isFalse();
        assertThat(client.release(token)).isTrue();
        assertThat(client.release(token)).isFalse();
        assertThat(client.release(token ^ 1L << 16)).isFalse();
        assertThat(fixture.count(EngineCounter.STALE_RELEASES)).isEqualTo(4);
        assertThat(theirs.state()).isEqualTo(TaskState.CLAIMED);
    }

    @Test
    void refusesToReleaseATaskInFlightAlsoWhenItIsAlreadyCompletedButNotPolled() {
        Task task = fixture.submit(client);
        long token = task.token();
        assertThat(client.release(token)).isFalse();
        fixture.pump();
        assertThat(task.state()).isEqualTo(TaskState.DONE);
        assertThat(client.release(token)).as("waits in the completion queue").isFalse();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(client.release(token)).isTrue();
        assertThat(fixture.count(EngineCounter.STALE_RELEASES)).isEqualTo(2);
    }

    @Test
    void refusesWorkAfterItWasClosed() {
        Task task = fixture.claim(client);
        client.close();
        assertThat(client.claim(0)).isNull();
        assertThat(client.submit(task)).isFalse();
        assertThat(client.submit(new TaskBatch())).isZero();
        assertThat(task.state()).isEqualTo(TaskState.CLAIMED);
        assertThat(client.release(task.token())).isTrue();
        assertThat(fixture.count(EngineCounter.REFUSED_SUBMISSIONS)).isEqualTo(2);
    }

    @Test
    void asksTheControllerForTaskManagementOnItsNexus() {
        Client other = fixture.open();
        assertThat(other.manageTask(TaskManagementFunction.ABORT_TASK, 3, 1L << 48, 9))
                .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
        assertThat(fixture.controller.calls).last()
                .isEqualTo("manageTask(ABORT_TASK nexus=1 target=3 lun=281474976710656 tag=9)");
    }

    @Test
    void givesEachOpenClientANexusOfItsOwnAndReusesTheNumberAfterClose() {
        Client second = fixture.open();
        Client third = fixture.open();
        assertThat(List.of(client.nexus().id(), second.nexus().id(), third.nexus().id())).containsExactly(0, 1, 2);
        second.close();
        assertThat(fixture.open().nexus().id()).isEqualTo(1);
        assertThat(fixture.controller.calls).endsWith("onNexusReset(2)", "onNexusReset(1)", "onNexusReset(1)");
        assertThat(fixture.count(EngineCounter.CLIENTS)).isEqualTo(3);
    }

    @Test
    void refusesMoreClientsThanThereAreNexusesWithARemedy() {
        List<Client> clients = new ArrayList<>();
        for (int i = 1; i < Nexus.MAX_NEXUSES - 1; i++) {
            clients.add(fixture.open());
        }
        assertThatThrownBy(fixture::open).hasMessageContaining("nexusId=256 not in 0..255, close a client");
        clients.getFirst().close();
        assertThat(fixture.open().nexus().id()).isEqualTo(1);
    }

    private TaskBatch claimBatch(int count) {
        TaskBatch batch = new TaskBatch();
        for (int i = 0; i < count; i++) {
            batch.add(fixture.claim(client));
        }
        return batch;
    }

    private static List<Integer> slots(TaskBatch batch) {
        List<Integer> slots = new ArrayList<>();
        for (int i = 0; i < batch.count(); i++) {
            slots.add(batch.task(i).slot());
        }
        return slots;
    }

    private static List<Integer> slots(List<Task> tasks) {
        return tasks.stream().map(Task::slot).toList();
    }
}
