package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskToken;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.image.PendingImage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Units that come and targets that go while the hardware runs.
class HotPlugTest {
    private static final String GONE = "DEVICE_NOT_PRESENT";
    private static final String REPORT_LUNS = "A0 00 00 00 00 00 00 00 00 FF 00 00";

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.finishImages();
        assertThat(rig.framework.staleCompletions).isZero();
        rig.close();
    }

    @Test
    void aNewTargetIsCreatedByTheDriver() {
        assertThat(rig.sense(9, 0, 0)).isEqualTo(GONE);
        var created = rig.hardware.plug(Rig.unit(9, 0, rig.image()));
        assertThat(created.isDone()).isFalse();
        rig.pump();
        assertThat(created.get()).isEqualTo(TargetVerdict.CREATED);
        assertThat(rig.framework.targets).containsExactly(0L, 5L, 9L);
        assertThat(rig.sense(9, 0, 0)).isEqualTo("6/29/00");
        assertThat(rig.sense(9, 0, 0)).isEqualTo("good");
        assertThat(rig.sense(0, 0, 0)).isEqualTo("good");
    }

    @Test
    void aCreationThatFailsIsCountedAndTold() {
        rig.framework.verdict = TargetVerdict.PROBE_FAILED;
        var created = rig.hardware.plug(Rig.unit(9, 0, rig.image()));
        rig.pump();
        assertThat(created.get()).isEqualTo(TargetVerdict.PROBE_FAILED);
        assertThat(rig.controller.failedTargets()).isEqualTo(1);
    }

    @Test
    void aNewUnitOfAKnownTargetIsAUnitAttentionOfTheOthers() {
        var created = rig.hardware.plug(Rig.unit(0, 4, rig.image()));
        rig.pump();
        assertThat(created.get()).isEqualTo(TargetVerdict.EXISTS);
        assertThat(rig.sense(0, 0, 0)).isEqualTo("6/3F/0E");
        assertThat(rig.sense(0, 0, 0)).isEqualTo("good");
        assertThat(rig.sense(0, 1, 0)).isEqualTo("6/3F/0E");
        assertThat(rig.sense(5, 0, 0)).isEqualTo("good");
        assertThat(rig.sense(0, 4, 0)).isEqualTo("6/29/00");
        assertThat(rig.sense(0, 4, 0)).isEqualTo("good");
    }

    @Test
    void reportLunsTakesTheUnitAttentionOffTheWholeTarget() {
        var _ = rig.hardware.plug(Rig.unit(0, 4, rig.image()));
        Task report = rig.task(0, 0, 0, 0, REPORT_LUNS, TransferDirection.FROM_TARGET, 255);
        rig.send(report);
        assertThat(report.bytesTransferred()).isEqualTo(8 + 3 * 8);
        assertThat(rig.end(report)).isEqualTo("good");
        assertThat(rig.sense(0, 0, 0)).isEqualTo("good");
        assertThat(rig.sense(0, 1, 0)).isEqualTo("good");
        assertThat(rig.sense(0, 1, 1)).as("has not asked").isEqualTo("6/3F/0E");
    }

    @Test
    void refusesAnAddressThatIsTaken() {
        assertThatThrownBy(() -> rig.hardware.plug(Rig.unit(0, 1, rig.image())))
                .hasMessageContaining("targetId=0 lun=1 is taken, unplug the target");
        var _ = rig.hardware.plug(Rig.unit(9, 1, rig.image()));
        assertThatThrownBy(() -> rig.hardware.plug(Rig.unit(9, 1, rig.image()))).hasMessageContaining("is taken");
    }

    @Test
    void hardwareWithoutADriverTakesNoUnitAndKeepsNoAddress() {
        HbaModel bare = new HbaModel(HbaConfig.of(4, LogicalUnitConfig.ofSerial("BARE"), rig.image()));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> bare.plug(Rig.unit(1, 0, rig.image())))
                    .hasMessageContaining("hardware is not attached to a framework");
        }
    }

    @Test
    void anUnpluggedTargetGivesItsTasksBackAndIsDestroyed() {
        Task pending = rig.write(0, 1, 4);
        Task waits = rig.write(1, 2, 4);
        Task other = rig.task(5, 0, 0, 3, "2A 00 00 00 00 04 00 00 01 00", TransferDirection.TO_TARGET, 512);
        rig.send(pending, waits, other);
        Task posted = rig.write(2, 3, 4);
        rig.post(posted);
        Removal removal = rig.hardware.unplug(0);
        rig.pump();
        assertThat(removal.destroyed().get()).isTrue();
        assertThat(rig.framework.targets).containsExactly(5L);
        assertThat(rig.end(waits)).isEqualTo(GONE);
        assertThat(rig.end(posted)).isEqualTo(GONE);
        assertThat(removal.letGo().isDone()).isFalse();
        assertThat(rig.image.pendingTokens()).containsExactly(pending.token());
        rig.image.complete(pending.token());
        rig.pump();
        assertThat(rig.end(pending)).isEqualTo(GONE);
        assertThat(removal.letGo().get()).isTrue();
        assertThat(rig.sense(0, 0, 0)).isEqualTo(GONE);
        rig.finishImages();
        assertThat(rig.end(other)).isEqualTo("good");
    }

    @Test
    void theHardwareLetsGoAfterTheBackgroundFlush() {
        rig.framework.holdsSlowJobs = true;
        Task flush = rig.task(0, 0, 0, 1, "35 02 00 00 00 00 00 00 01 00", TransferDirection.NONE, 0);
        rig.send(flush);
        assertThat(rig.end(flush)).isEqualTo("good");
        Removal removal = rig.hardware.unplug(0);
        rig.pump();
        assertThat(removal.destroyed().get()).isTrue();
        assertThat(removal.letGo().isDone()).isFalse();
        rig.framework.slowJobs.remove().run();
        rig.pump();
        assertThat(removal.letGo().isDone()).as("the image has answered PENDING").isFalse();
        rig.image.complete(TaskToken.NONE);
        rig.pump();
        assertThat(removal.letGo().get()).isTrue();
    }

    @Test
    void pullingOutWhatIsNotThereIsAnsweredAtOnce() {
        for (int targetId : new int[]{77, -1, 255, 100_000}) {
            Removal removal = rig.hardware.unplug(targetId);
            rig.pump();
            assertThat(removal.letGo().get()).as("target %d", targetId).isFalse();
            assertThat(removal.destroyed().get()).isFalse();
        }
    }

    @Test
    void aTargetCanComeBackWithAnotherImage() {
        Removal removal = rig.hardware.unplug(5);
        rig.pump();
        assertThat(removal.letGo().get()).isTrue();
        PendingImage image = rig.image();
        var created = rig.hardware.plug(Rig.unit(5, 0, image));
        rig.pump();
        assertThat(created.get()).isEqualTo(TargetVerdict.CREATED);
        assertThat(rig.sense(5, 0, 0)).isEqualTo("6/29/00");
        Task write = rig.task(5, 0, 0, 3, "2A 00 00 00 00 04 00 00 01 00", TransferDirection.TO_TARGET, 512);
        rig.send(write);
        image.completeWith(write.token(), ImageResult.DONE);
        rig.pump();
        assertThat(rig.end(write)).isEqualTo("good");
    }

    @Test
    void anAddressThatIsPluggedAfterAnUnplugStaysTaken() {
        Removal removal = rig.hardware.unplug(5);
        var created = rig.hardware.plug(Rig.unit(5, 1, rig.image()));
        rig.pump();
        assertThat(removal.letGo().get()).isTrue();
        assertThat(created.get()).isEqualTo(TargetVerdict.CREATED);
        assertThatThrownBy(() -> rig.hardware.plug(Rig.unit(5, 1, rig.image()))).hasMessageContaining("is taken");
        assertThat(rig.sense(5, 1, 0)).isEqualTo("6/29/00");
    }

    @Test
    void anAddressThatIsPluggedBeforeAnUnplugIsFreeAfterIt() {
        var joined = rig.hardware.plug(Rig.unit(5, 1, rig.image()));
        Removal removal = rig.hardware.unplug(5);
        rig.pump();
        assertThat(joined.get()).isEqualTo(TargetVerdict.EXISTS);
        assertThat(removal.destroyed().get()).isTrue();
        assertThat(rig.sense(5, 1, 0)).isEqualTo(GONE);
        var created = rig.hardware.plug(Rig.unit(5, 1, rig.image()));
        rig.pump();
        assertThat(created.get()).isEqualTo(TargetVerdict.CREATED);
    }

    @Test
    void plugsAndPullsOfOneTargetHappenInOrder() {
        var first = rig.hardware.plug(Rig.unit(9, 0, rig.image()));
        Removal removal = rig.hardware.unplug(9);
        PendingImage image = rig.image();
        var second = rig.hardware.plug(Rig.unit(9, 0, image));
        assertThatThrownBy(() -> rig.hardware.plug(Rig.unit(9, 0, rig.image()))).hasMessageContaining("is taken");
        rig.pump();
        assertThat(first.get()).isEqualTo(TargetVerdict.CREATED);
        assertThat(removal.letGo().get()).isTrue();
        assertThat(removal.destroyed().get()).isTrue();
        assertThat(second.get()).isEqualTo(TargetVerdict.CREATED);
        assertThat(rig.framework.targets).containsExactly(0L, 5L, 9L);
        assertThat(rig.sense(9, 0, 0)).isEqualTo("6/29/00");
        Task write = rig.task(9, 0, 0, 3, "2A 00 00 00 00 04 00 00 01 00", TransferDirection.TO_TARGET, 512);
        rig.send(write);
        assertThat(image.pendingTokens()).as("the second image is the one").containsExactly(write.token());
        image.completeWith(write.token(), ImageResult.DONE);
        rig.pump();
        assertThat(rig.end(write)).isEqualTo("good");
        assertThatThrownBy(() -> rig.hardware.plug(Rig.unit(9, 0, rig.image()))).hasMessageContaining("is taken");
    }

    @Test
    void anUnplugThatTheHardwareDoesNotTakeLeavesTheAddressesTaken() {
        HbaModel bare = new HbaModel(HbaConfig.of(4, LogicalUnitConfig.ofSerial("BARE"), rig.image()));
        assertThatThrownBy(() -> bare.unplug(0)).hasMessageContaining("hardware is not attached to a framework");
        assertThatThrownBy(() -> bare.plug(Rig.unit(0, 0, rig.image()))).hasMessageContaining("is taken");
    }

    @Test
    void aTargetThatIsNotThereCannotBeUnplugged() {
        Removal removal = rig.hardware.unplug(77);
        rig.pump();
        assertThat(removal.letGo().get()).isFalse();
        assertThat(removal.destroyed().get()).isFalse();
    }

    @Test
    void theVerdictOfAFunctionIsGivenThoughItsTargetIsPulledOut() {
        Task pending = rig.write(0, 1, 4);
        rig.send(pending);
        var verdict = rig.request(io.trilane.engine.controller.TaskManagementFunction.ABORT_TASK_SET, 0, 0, 0, 0);
        rig.pump();
        Removal removal = rig.hardware.unplug(0);
        rig.pump();
        assertThat(verdict.isDone()).isFalse();
        rig.image.complete(pending.token());
        rig.pump();
        assertThat(verdict.isDone()).isTrue();
        assertThat(removal.letGo().get()).isTrue();
        assertThat(rig.framework.completed).containsExactly(pending);
    }
}
