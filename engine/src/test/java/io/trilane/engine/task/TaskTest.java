package io.trilane.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskTest {
    private static final Object OWNER = "owner";
    private static final int TASKS = 4;

    private TaskMemory memory;
    private TaskPool pool;
    private Task task;

    @BeforeEach
    void claimATask() {
        memory = new TaskMemory(TASKS, 1 << 20);
        pool = new TaskPool(memory, 3);
        pool.open(TASKS);
        task = Objects.requireNonNull(pool.claim(OWNER, 5, 4096));
    }

    @AfterEach
    void closeMemory() {
        memory.close();
    }

    @Test
    void startsClaimedByItsOwnerWithItsNexusAndItsBufferAsTheOnlyExtent() {
        assertThat(task.state()).isEqualTo(TaskState.CLAIMED);
        assertThat(task.owner()).isSameAs(OWNER);
        assertThat(task.nexusId()).isEqualTo(5);
        assertThat(task.extents().count()).isEqualTo(1);
        assertThat(task.extents().length(0)).isEqualTo(4096);
        assertThat(task.extents().address(0)).isEqualTo(task.bufferIovmAddress()).isNotZero();
    }

    @Test
    void startsWithoutWhatTheLastUserLeft() {
        task.setTag(9);
        task.setAttribute(TaskAttribute.ORDERED);
        task.setTimeoutMillis(100);
        task.addSenseDetail(TaskExtension.SENSE_INFORMATION_VALID);
        assertThat(pool.release(task.token())).isTrue();
        Task again = Objects.requireNonNull(pool.claim(OWNER, 6, 0));
        assertThat(again).isSameAs(task);
        assertThat(again.tag()).isZero();
        assertThat(again.attribute()).isEqualTo(TaskAttribute.SIMPLE);
        assertThat(again.timeoutMillis()).isZero();
        assertThat(again.senseDetails()).isZero();
        assertThat(again.extensionInt(TaskExtension.SENSE_FLAGS)).isZero();
        assertThat(again.extents().count()).isZero();
        assertThat(again.bufferIovmAddress()).isZero();
    }

    @Test
    void bindsItsBufferAgainAfterAClientChangedTheExtents() {
        long address = task.bufferIovmAddress();
        task.bindForeign(DmaSpace.address(3, 64), 10);
        assertThat(pool.release(task.token())).isTrue();
        Task again = Objects.requireNonNull(pool.claim(OWNER, 5, 4096));
        assertThat(again).isSameAs(task);
        assertThat(again.bufferIovmAddress()).isEqualTo(address);
        assertThat(again.extents().address(0)).isEqualTo(address);
        assertThat(again.extents().length(0)).isEqualTo(4096);
    }

    @Test
    void padsAShorterCdbWithZeros() {
        task.setCdb(new byte[]{0x28, 1, 2, 3, 4, 5, 6, 7, 8, 9});
        task.setCdb(new byte[]{0x12, 0, 0, 0, 96, 0});
        assertThat(task.cdbWord(0)).isEqualTo(0x12_00_00_00_60_00_00_00L);
        assertThat(task.cdbWord(1)).isZero();
        assertThat(task.cdbLength()).isEqualTo(6);
    }

    @Test
    void readsLengthAndDirectionTogether() {
        task.setControl(16, TransferDirection.FROM_TARGET, 512);
        assertThat(task.control()).isEqualTo(0x1002);
        assertThat(task.cdbLength()).isEqualTo(16);
        assertThat(task.direction()).isEqualTo(TransferDirection.FROM_TARGET);
        assertThat(task.transferCount()).isEqualTo(512);
    }

    @Test
    void forgetsSenseDataAndResidualOfTheAnswerBefore() {
        bring(TaskState.ACTIVE);
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.CHECK_CONDITION, 0);
        task.setSenseLength(18);
        task.setResidual(7);
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 512);
        task.setResidual(0);
        assertThat(task.senseLength()).isZero();
        assertThat(task.extensionLong(TaskExtension.RESIDUAL)).isZero();
        assertThat(task.isGood()).isTrue();
    }

    @Test
    void keepsEachCommandFieldInTheLastSlotToo() {
        for (int i = 1; i < TASKS; i++) {
            task = Objects.requireNonNull(pool.claim(OWNER, 5, 0));
        }
        assertThat(task.slot()).isEqualTo(TASKS - 1);
        task.setTargetId(Long.MIN_VALUE);
        task.setLun(0x0001_0000_0000_0000L);
        task.setTransfer(TransferDirection.FROM_TARGET, 1L << 40);
        task.setTag(-7);
        task.setUserData(42);
        task.setControllerTaskId(77);
        task.setTimeoutMillis(-1);
        assertThat(task.targetId()).isEqualTo(Long.MIN_VALUE);
        assertThat(task.lun()).isEqualTo(0x0001_0000_0000_0000L);
        assertThat(task.direction()).isEqualTo(TransferDirection.FROM_TARGET);
        assertThat(task.transferCount()).isEqualTo(1L << 40);
        assertThat(task.tag()).isEqualTo(-7);
        assertThat(task.userData()).isEqualTo(42);
        assertThat(task.controllerTaskId()).isEqualTo(77);
        assertThat(task.timeoutMillis()).isEqualTo(-1);
    }

    @Test
    void readsCdbBytesBeyondSixteenAsOneCdb() {
        byte[] cdb = new byte[TaskExtension.MAX_CDB_BYTES];
        for (int i = 0; i < cdb.length; i++) {
            cdb[i] = (byte) (0x80 + i);
        }
        task.setCdb(cdb);
        assertThat(task.cdbLength()).isEqualTo(cdb.length);
        for (int i = 0; i < cdb.length; i++) {
            assertThat(task.cdbByte(i)).isEqualTo(0x80 + i);
        }
        assertThat(task.cdbWord(2)).isEqualTo(0x9091_9293_9495_9697L);
        assertThat(task.cdbWord(5)).isEqualTo(0xA8A9_AAAB_ACAD_AEAFL);
    }

    @Test
    void refusesACdbThatIsTooLong() {
        assertThatThrownBy(() -> task.setCdb(new byte[TaskExtension.MAX_CDB_BYTES + 1]))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("cdbLength=49 > maxCdbBytes=48");
    }

    @Test
    void walksTheWholeWayAndFreesItsSlotWithANewToken() {
        long token = task.token();
        assertThat(task.moveToQueued()).isTrue();
        assertThat(task.moveToActive()).isTrue();
        assertThat(task.moveToPending(token)).isTrue();
        assertThat(task.moveToDone(token)).isTrue();
        assertThat(task.leaveAsClient(token)).isEqualTo(Leave.FREED);
        assertThat(task.token()).isNotEqualTo(token);
        assertThat(TaskToken.generation(task.token())).isEqualTo(TaskToken.generation(token) + 1);
    }

    @ParameterizedTest
    @EnumSource(value = TaskState.class, mode = EnumSource.Mode.EXCLUDE, names = "FREE")
    void refusesEveryMoveThatIsNotLegalFromItsState(TaskState state) {
        long token = task.token();
        bring(state);
        assertThat(legalOnly(task.moveToQueued(), state, TaskState.CLAIMED)).isTrue();
        bringBack(state);
        assertThat(legalOnly(task.moveBackToClaimed(), state, TaskState.QUEUED)).isTrue();
        bringBack(state);
        assertThat(legalOnly(task.moveToActive(), state, TaskState.QUEUED)).isTrue();
        bringBack(state);
        assertThat(legalOnly(task.moveFromQueuedToDone(), state, TaskState.QUEUED)).isTrue();
        bringBack(state);
        assertThat(legalOnly(task.moveToPending(task.token()), state, TaskState.ACTIVE)).isTrue();
        bringBack(state);
        assertThat(legalOnly(task.moveToDone(task.token()), state, TaskState.ACTIVE, TaskState.PENDING)).isTrue();
        bringBack(state);
        assertThat(legalOnly(timeOut(task.token()), state, TaskState.ACTIVE, TaskState.PENDING)).isTrue();
        bringBack(state);
        assertThat(legalOnly(task.moveToResend(task.token()), state, TaskState.ACTIVE, TaskState.PENDING)).isTrue();
        bringBack(state);
        assertThat(legalOnly(task.moveFromResendToQueued(task.token()), state, TaskState.RESEND)).isTrue();
        bringBack(state);
        assertThat(legalOnly(task.moveFromResendToDone(task.token()), state, TaskState.RESEND)).isTrue();
        assertThat(TaskToken.generation(task.token())).isGreaterThanOrEqualTo(TaskToken.generation(token));
    }

    @Test
    void refusesToLeaveWhileOnItsWay() {
        for (TaskState state : new TaskState[]{TaskState.QUEUED, TaskState.ACTIVE, TaskState.PENDING}) {
            bringBack(state);
            assertThat(task.leaveAsClient(task.token())).as("%s", state).isEqualTo(Leave.REFUSED);
            assertThat(task.leaveAsController(task.token())).as("%s", state).isEqualTo(Leave.REFUSED);
            assertThat(task.state()).isEqualTo(state);
        }
    }

    @Test
    void refusesAnyMoveByAnOldToken() {
        long old = task.token();
        assertThat(pool.release(old)).isTrue();
        assertThat(pool.claim(OWNER, 5, 0)).isSameAs(task);
        bring(TaskState.ACTIVE);
        assertThat(task.moveToPending(old)).isFalse();
        assertThat(task.moveToDone(old)).isFalse();
        assertThat(timeOut(old)).isFalse();
        assertThat(task.moveToResend(old)).isFalse();
        assertThat(task.isCurrent(old)).isFalse();
        assertThat(task.leaveAsClient(old)).isEqualTo(Leave.REFUSED);
        assertThat(task.leaveAsController(old)).isEqualTo(Leave.REFUSED);
        assertThat(task.state()).isEqualTo(TaskState.ACTIVE);
    }

    @Test
    void showsTheVerdictNotTheResponseAfterATimeout() {
        bring(TaskState.ZOMBIE);
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 4096);
        task.setSenseLength(18);
        assertThat(task.isZombie()).isTrue();
        assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
        assertThat(task.status()).isEqualTo(TaskStatus.TASK_TIMEOUT_OCCURRED);
        assertThat(task.bytesTransferred()).isZero();
        assertThat(task.senseLength()).isZero();
        assertThat(task.isGood()).isFalse();
    }

    @Test
    void refusesMovesOutOfTheResendListByAnOldToken() {
        long old = task.token();
        bringBack(TaskState.RESEND);
        assertThat(task.moveFromResendToQueued(old)).isFalse();
        assertThat(task.moveFromResendToDone(old)).isFalse();
        assertThat(task.state()).isEqualTo(TaskState.RESEND);
    }

    @ParameterizedTest
    @EnumSource(value = TaskState.class, mode = EnumSource.Mode.EXCLUDE, names = {"ACTIVE", "PENDING", "ZOMBIE"})
    void dropsAndTellsAResponseOfSomebodyWhoDoesNotOwnTheSlot(TaskState state) {
        List<String> touched = new ArrayList<>();
        pool.setTouchListener((slot, at, method) -> touched.add(slot + " " + at + " " + method));
        bring(TaskState.ACTIVE);
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 512);
        assertThat(touched).isEmpty();
        if (state == TaskState.FREE) {
            assertThat(task.moveToDone(task.token()) && pool.release(task.token())).isTrue();
        } else {
            bringBack(state);
        }
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.BUSY, 9);
        task.setSenseLength(18);
        task.setResponseVersion(2);
        assertThat(touched).containsExactly("0 " + state + " setResponse", "0 " + state + " setSenseLength",
                "0 " + state + " setResponseVersion");
        assertThat(task.status()).isEqualTo(TaskStatus.GOOD);
        assertThat(task.bytesTransferred()).isEqualTo(512);
        assertThat(task.senseLength()).isZero();
        assertThat(task.responseVersion()).isEqualTo(ResponseLayout.VERSION_1);
    }

    @Test
    void dropsAndTellsAResponseToAZombieWhoseTokenWasReturned() {
        List<TaskState> touched = new ArrayList<>();
        pool.setTouchListener((_, at, _) -> touched.add(at));
        bring(TaskState.ZOMBIE);
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 0);
        assertThat(touched).isEmpty();
        assertThat(task.leaveAsController(task.token())).isEqualTo(Leave.QUARANTINED);
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 0);
        assertThat(touched).containsExactly(TaskState.ZOMBIE);
    }

    @Test
    void startsAfreshAfterABadResponse() {
        bring(TaskState.ACTIVE);
        task.setResponseVersion(2);
        task.countResend();
        bringBack(TaskState.ACTIVE);
        assertThat(task.needsAttention()).isFalse();
        assertThat(task.resends()).isZero();
        assertThat(task.responseVersion()).isEqualTo(ResponseLayout.VERSION_1);
    }

    @Test
    void refusesForeignMemoryBeyondTheLongestTransfer() {
        task.bindForeign(DmaSpace.address(3, 0), 1L << 40);
        pool.setMaxTransferBytes(4096);
        task.bindForeign(DmaSpace.address(3, 0), 4096);
        assertThatThrownBy(() -> task.bindForeign(DmaSpace.address(3, 0), 4097))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lengthBytes=4097 not in 0..maxTransferBytes=4096, split the transfer");
        assertThat(task.extents().length(0)).isEqualTo(4096);
    }

    @Test
    void zombieIsFreedByTheSecondSideWhicheverThatIs() {
        bring(TaskState.ZOMBIE);
        long token = task.token();
        assertThat(task.leaveAsClient(token)).isEqualTo(Leave.QUARANTINED);
        assertThat(task.leaveAsClient(token)).isEqualTo(Leave.REFUSED);
        assertThat(task.leaveAsController(token)).isEqualTo(Leave.FREED);
        assertThat(task.leaveAsController(token)).isEqualTo(Leave.REFUSED);

        bringBack(TaskState.ZOMBIE);
        long next = task.token();
        assertThat(task.leaveAsController(next)).isEqualTo(Leave.QUARANTINED);
        assertThat(task.leaveAsController(next)).isEqualTo(Leave.REFUSED);
        assertThat(task.leaveAsClient(next)).isEqualTo(Leave.FREED);
        assertThat(task.state()).isEqualTo(TaskState.FREE);
    }

    private static boolean legalOnly(boolean moved, TaskState state, TaskState... legalFrom) {
        return moved == java.util.Arrays.asList(legalFrom).contains(state);
    }

    private boolean timeOut(long token) {
        return task.moveToZombie(token, ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE,
                TaskStatus.TASK_TIMEOUT_OCCURRED);
    }

    /// From CLAIMED to `state`.
    private void bring(TaskState state) {
        long token = task.token();
        boolean moved = switch (state) {
            case CLAIMED -> true;
            case QUEUED -> task.moveToQueued();
            case ACTIVE -> task.moveToQueued() && task.moveToActive();
            case PENDING -> task.moveToQueued() && task.moveToActive() && task.moveToPending(token);
            case DONE -> task.moveToQueued() && task.moveToActive() && task.moveToDone(token);
            case ZOMBIE -> task.moveToQueued() && task.moveToActive() && timeOut(token);
            case RESEND -> task.moveToQueued() && task.moveToActive() && task.moveToResend(token);
            case FREE -> false;
        };
        assertThat(moved).as("brought to %s", state).isTrue();
    }

    /// From wherever it is, over FREE, to `state`.
    private void bringBack(TaskState state) {
        long token = task.token();
        switch (task.state()) {
            case QUEUED -> assertThat(task.moveFromQueuedToDone()).isTrue();
            case ACTIVE, PENDING -> assertThat(task.moveToDone(token)).isTrue();
            case RESEND -> assertThat(task.moveFromResendToDone(token)).isTrue();
            case ZOMBIE -> task.leaveAsController(token);
            default -> {
            }
        }
        if (task.state() != TaskState.FREE) {
            assertThat(task.leaveAsClient(token)).isEqualTo(Leave.FREED);
        }
        task.claim(OWNER, 5, 0);
        bring(state);
    }
}
