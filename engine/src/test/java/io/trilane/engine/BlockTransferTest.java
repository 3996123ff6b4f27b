package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.trilane.engine.task.DmaSpace;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The hardware of these tests holds every task until the test answers it, so that what is in flight can be looked at.
class BlockTransferTest {
    private static final int BLOCK = 512;
    private static final long FIRST_ID = 700;

    private final EngineFixture fixture =
            new EngineFixture(config -> config, controller -> {
                controller.posting = FakeController.Posting.HOLD;
                controller.targets = List.of(0L, 1L);
            });
    private final Client client = fixture.open();
    private final int region = fixture.engine.memory().dmaSpace().register(Arena.ofAuto().allocate(1 << 20, 4096));
    private final List<Task> others = new ArrayList<>();
    private final BlockTransferSet set = new BlockTransferSet(client, FIRST_ID, 3, others::add);
    private final BlockTransfer transfer = set.transfer(0);

    @AfterEach
    void close() {
        fixture.controller.posting = FakeController.Posting.COMPLETE_LATER;
        while (!fixture.controller.held.isEmpty()) {
            fixture.controller.finish(fixture.controller.held.getFirst());
        }
        fixture.close();
    }

    @Test
    void splitsAReadIntoSubRequestsOneAfterAnother() {
        assertThat(transfer.read(unit(1024), 0x01020304, 5, data(4096, 5 * BLOCK)))
                .isEqualTo(TransferOutcome.IN_PROGRESS);

        assertSubRequest("28 00 01020304 00 0002 00", 4096, 1024);
        answerGood();
        assertSubRequest("28 00 01020306 00 0002 00", 5120, 1024);
        answerGood();
        assertThat(transfer.outcome()).isEqualTo(TransferOutcome.IN_PROGRESS);
        assertSubRequest("28 00 01020308 00 0001 00", 6144, 512);
        answerGood();

        assertThat(transfer.outcome()).isEqualTo(TransferOutcome.GOOD);
        assertThat(transfer.bytesDone()).isEqualTo(5 * BLOCK);
        assertThat(transfer.roundTrips()).isEqualTo(3);
        assertThat(transfer.status()).isEqualTo(TaskStatus.GOOD);
        assertThat(fixture.controller.held).isEmpty();
        assertThat(fixture.engine.pool().countInState(TaskState.FREE)).isEqualTo(EngineFixture.TASKS);
    }

    @Test
    void writesWithTheWritesLimit() {
        BlockUnit unit = new BlockUnit(0, 0, limits(512), limits(1 << 20));
        transfer.write(unit, 7, 600, data(0, 600 * BLOCK));
        assertSubRequest("2a 00 00000007 00 0258 00", 0, 600 * BLOCK);
    }

    @Test
    void usesSixteenByteCommandsForTheLastStageThatCrossesThirtyTwoBits() {
        transfer.read(unit(1024), 0xFFFF_FFFEL, 3, data(0, 3 * BLOCK));
        assertSubRequest("28 00 fffffffe 00 0002 00", 0, 1024);
        answerGood();
        assertSubRequest("88 00 0000000100000000 00000001 00 00", 1024, 512);
    }

    @Test
    void usesASixteenByteCommandWhereTheLastBlockIsBeyondThirtyTwoBits() {
        transfer.read(unit(1024), 0xFFFF_FFFFL, 2, data(0, 2 * BLOCK));
        assertSubRequest("88 00 00000000ffffffff 00000002 00 00", 0, 1024);
    }

    @Test
    void usesSixteenByteCommandsForLongTransfersAndForWritesBeyondThirtyTwoBits() {
        transfer.read(unit(TransferLimits.ofLength(1L << 40, 1)), 9, 0x12345, data(0, 0x12345));
        assertSubRequest("88 00 0000000000000009 00012345 00 00", 0, 0x12345);
        answerGood();
        assertThat(transfer.outcome()).isEqualTo(TransferOutcome.GOOD);

        transfer.write(unit(512), 0x0102_0304_0506L, 1, data(0, BLOCK));
        assertSubRequest("8a 00 0000010203040506 00000001 00 00", 0, 512);
    }

    @Test
    void namesTargetAndLogicalUnitInEverySubRequest() {
        transfer.read(unit(512), 0, 2, data(0, 2 * BLOCK));
        for (int i = 0; i < 2; i++) {
            assertThat(inFlight().targetId()).isEqualTo(1);
            assertThat(inFlight().lun()).isEqualTo(1L << 48);
            assertThat(inFlight().userData()).isEqualTo(FIRST_ID);
            answerGood();
        }
    }

    @Test
    void aFailureEndsTheChainAndSaysHowMuchIsGood() {
        transfer.read(unit(1024), 0, 6, data(0, 6 * BLOCK));
        answerGood();
        Task second = inFlight();
        second.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.CHECK_CONDITION, 512);
        second.responses().set(java.lang.foreign.ValueLayout.JAVA_BYTE, second.senseOffset() + 2, (byte) 0x03);
        second.setSenseLength(18);
        complete(second);

        assertThat(transfer.outcome()).isEqualTo(TransferOutcome.SUBREQUEST_FAILED);
        assertThat(transfer.serviceResponse()).isEqualTo(ServiceResponse.TASK_COMPLETE);
        assertThat(transfer.status()).isEqualTo(TaskStatus.CHECK_CONDITION);
        assertThat(transfer.senseLength()).isEqualTo(18);
        assertThat(transfer.senseByte(2)).isEqualTo(0x03);
        assertThat(transfer.bytesDone()).isEqualTo(1024);
        assertThat(transfer.roundTrips()).isEqualTo(2);
        assertThat(fixture.controller.held).isEmpty();
        assertThat(transfer.advance()).isEqualTo(TransferOutcome.SUBREQUEST_FAILED);
        assertThat(fixture.controller.processedTasks).isEqualTo(2);
    }

    @Test
    void aShortTransferEndsTheChainWithItsWholeBlocks() {
        transfer.read(unit(1024), 0, 4, data(0, 4 * BLOCK));
        Task first = inFlight();
        first.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 700);
        complete(first);
        assertThat(transfer.outcome()).isEqualTo(TransferOutcome.SHORT_TRANSFER);
        assertThat(transfer.bytesDone()).isEqualTo(512);
        assertThat(transfer.roundTrips()).isEqualTo(1);
    }

    @Test
    void aTimedOutSubRequestEndsTheChain() {
        transfer.setTimeoutMillis(10);
        transfer.read(unit(512), 0, 2, data(0, 2 * BLOCK));
        fixture.pump();
        fixture.elapse(11);
        set.poll(32);
        assertThat(transfer.outcome()).isEqualTo(TransferOutcome.SUBREQUEST_FAILED);
        assertThat(transfer.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
        assertThat(transfer.status()).isEqualTo(TaskStatus.TASK_TIMEOUT_OCCURRED);
        assertThat(transfer.bytesDone()).isZero();
    }

    @Test
    void aBreakSizeOfZeroIsAnErrorAtOnce() {
        assertThat(transfer.read(unit(511), 0, 1, data(0, BLOCK))).isEqualTo(TransferOutcome.BREAK_SIZE_ZERO);
        assertThat(transfer.roundTrips()).isZero();
        assertThat(fixture.engine.pool().countInState(TaskState.FREE)).isEqualTo(EngineFixture.TASKS);
    }

    /// Row 23: one segment only, and the first physical fragment is shorter than a block.
    @Test
    void aFirstFragmentShorterThanABlockUnderOneSegmentIsAnError() {
        BlockData fragments = new BlockData(2);
        assertThat(fragments.add(address(3996), 100)).isTrue();
        assertThat(fragments.add(address(8192), 412)).isTrue();
        TransferLimits one = new TransferLimits(1 << 20, 1, 1 << 20, 4, BLOCK);
        assertThat(transfer.read(new BlockUnit(0, 0, one, one), 0, 1, fragments))
                .isEqualTo(TransferOutcome.BREAK_SIZE_ZERO);

        TransferLimits two = new TransferLimits(1 << 20, 2, 1 << 20, 4, BLOCK);
        assertThat(transfer.read(new BlockUnit(0, 0, two, two), 0, 1, fragments))
                .isEqualTo(TransferOutcome.IN_PROGRESS);
        fixture.pump();
        assertThat(inFlight().extents().count()).isEqualTo(2);
        assertThat(inFlight().extents().length(1)).isEqualTo(412);
        assertThat(inFlight().extents().address(1)).isEqualTo(address(8192));
        assertThat(inFlight().bufferIovmAddress()).isEqualTo(address(3996));
    }

    @Test
    void segmentsOfAPieceCountAsTheHardwareReadsThem() {
        TransferLimits limits = new TransferLimits(1 << 20, 3, 1000, 4, BLOCK);
        transfer.read(new BlockUnit(0, 0, limits, limits), 0, 8, data(0, 8 * BLOCK));
        assertSubRequest("28 00 00000000 00 0005 00", 0, 2560);
        answerGood();
        assertSubRequest("28 00 00000005 00 0003 00", 2560, 1536);
    }

    @Test
    void aPieceThatTheHardwareCannotAddressIsAnError() {
        TransferLimits limits = new TransferLimits(1 << 20, 3, 4096, 64, BLOCK);
        assertThat(transfer.read(new BlockUnit(0, 0, limits, limits), 0, 1, data(32, BLOCK)))
                .isEqualTo(TransferOutcome.MISALIGNED);
    }

    @Test
    void nothingIsGoodAtOnce() {
        assertThat(transfer.read(unit(512), 0, 0, new BlockData(1))).isEqualTo(TransferOutcome.GOOD);
        assertThat(transfer.roundTrips()).isZero();
    }

    @Test
    void refusesRangesAndDataThatCannotBeMeant() {
        BlockData data = data(0, BLOCK);
        refuses(() -> transfer.read(unit(512), -1, 1, data), "firstBlock=-1 blocks=1 is no range");
        refuses(() -> transfer.read(unit(512), Long.MAX_VALUE, 1, data), "firstBlock=9223372036854775807 blocks=1");
        refuses(() -> transfer.read(unit(512), 0, 2, data), "blocks=2 x blockBytes=512 > dataBytes=512, ");
        refuses(() -> data.add(0, 0), "lengthBytes=0 < 1");
        assertThat(data.add(0, 1)).isFalse();
        assertThat(transfer.outcome()).isEqualTo(TransferOutcome.IDLE);
    }

    @Test
    void refusesASecondStartWhileInProgress() {
        transfer.read(unit(512), 0, 1, data(0, BLOCK));
        assertThatThrownBy(() -> transfer.read(unit(512), 0, 1, data(0, BLOCK)))
                .isInstanceOf(IllegalStateException.class).hasMessageStartingWith("transfer=700 outcome=IN_PROGRESS");
    }

    @Test
    void triesAgainAfterARefusedClaim() {
        List<Task> hoard = new ArrayList<>();
        Task task;
        while ((task = client.claim(0)) != null) {
            hoard.add(task);
        }
        assertThat(transfer.read(unit(512), 0, 1, data(0, BLOCK))).isEqualTo(TransferOutcome.IN_PROGRESS);
        assertThat(transfer.advance()).isEqualTo(TransferOutcome.IN_PROGRESS);
        assertThat(transfer.roundTrips()).isZero();
        hoard.forEach(held -> assertThat(client.release(held.token())).isTrue());
        transfer.advance();
        assertThat(transfer.roundTrips()).isEqualTo(1);
        answerGood();
        assertThat(transfer.outcome()).isEqualTo(TransferOutcome.GOOD);
    }

    /// The slot of the finished task is free only when the poll is over.
    @Test
    void goesOnWithTheOnlySlotThereIs() {
        for (int i = 0; i < EngineFixture.TASKS - 1; i++) {
            assertThat(client.claim(0)).isNotNull();
        }
        transfer.read(unit(512), 0, 3, data(0, 3 * BLOCK));
        for (int i = 0; i < 3; i++) {
            answerGood();
        }
        assertThat(transfer.outcome()).isEqualTo(TransferOutcome.GOOD);
        assertThat(transfer.roundTrips()).isEqualTo(3);
    }

    @Test
    void severalTransfersShareAClientAndEachGetsItsOwn() {
        Task own = fixture.claim(client);
        own.setUserData(1);
        assertThat(client.submit(own)).isTrue();
        Task foreign = fixture.claim(client);
        foreign.setUserData(FIRST_ID);
        assertThat(client.submit(foreign)).isTrue();
        for (int i = 0; i < 3; i++) {
            set.transfer(i).read(unit(512), 100L * i, i + 1, data(i * 4096L, (i + 1L) * BLOCK));
        }
        fixture.pump();
        assertThat(fixture.controller.held).hasSize(5);
        fixture.controller.finish(foreign.token());
        fixture.pump();
        set.poll(32);
        assertThat(others).containsExactly(foreign);
        while (!fixture.controller.held.isEmpty()) {
            // The last one first: order must not matter.
            fixture.controller.finish(fixture.controller.held.getLast());
            fixture.pump();
            set.poll(32);
            fixture.pump();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(set.transfer(i).outcome()).isEqualTo(TransferOutcome.GOOD);
            assertThat(set.transfer(i).roundTrips()).isEqualTo(i + 1);
            assertThat(set.transfer(i).bytesDone()).isEqualTo((i + 1L) * BLOCK);
        }
        assertThat(others).containsExactlyInAnyOrder(own, foreign);
    }

    @Test
    void aCancelledTransferWaitsForWhatIsInFlightAndSubmitsNoMore() {
        transfer.read(unit(512), 0, 3, data(0, 3 * BLOCK));
        assertThat(transfer.cancel()).isEqualTo(TransferOutcome.IN_PROGRESS);
        answerGood();
        assertThat(transfer.outcome()).isEqualTo(TransferOutcome.CANCELLED);
        assertThat(transfer.bytesDone()).isEqualTo(512);
        assertThat(transfer.roundTrips()).isEqualTo(1);
        assertThat(transfer.read(unit(512), 0, 1, data(0, BLOCK))).isEqualTo(TransferOutcome.IN_PROGRESS);
    }

    @Test
    void aTransferOnAClosedClientWaitsUntilItIsCancelled() {
        transfer.read(unit(512), 0, 1, data(0, BLOCK));
        answerGood();
        Task _ = Objects.requireNonNull(client.claim(0));
        fixture.engine.close();
        transfer.read(unit(512), 0, 1, data(0, BLOCK));
        assertThat(transfer.roundTrips()).isZero();
        assertThat(transfer.cancel()).isEqualTo(TransferOutcome.CANCELLED);
    }

    @Test
    void allocatesNothingPerRequest() {
        fixture.controller.posting = FakeController.Posting.COMPLETE_LATER;
        BlockUnit unit = unit(4096);
        BlockData data = data(0, 16 * 4096);
        run(unit, data, 20_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        run(unit, data, 20_000);
        double bytesPerRequest = (double) (threads.getCurrentThreadAllocatedBytes() - before) / 20_000;
        assertThat(bytesPerRequest).isLessThan(0.1);
    }

    private void run(BlockUnit unit, BlockData data, int requests) {
        for (int i = 0; i < requests; i++) {
            transfer.read(unit, i, 128, data);
            while (transfer.outcome() == TransferOutcome.IN_PROGRESS) {
                int _ = fixture.engine.doWork();
                int _ = set.poll(32);
            }
            if (transfer.outcome() != TransferOutcome.GOOD || transfer.roundTrips() != 16) {
                throw new AssertionError(transfer.outcome() + " " + transfer.roundTrips());
            }
        }
    }

    private static TransferLimits limits(long maxTransferBytes) {
        return TransferLimits.ofLength(maxTransferBytes, BLOCK);
    }

    private static BlockUnit unit(long maxTransferBytes) {
        return unit(limits(maxTransferBytes));
    }

    private static BlockUnit unit(TransferLimits limits) {
        return new BlockUnit(1, 1L << 48, limits, limits);
    }

    private BlockData data(long offset, long lengthBytes) {
        return BlockData.of(address(offset), lengthBytes);
    }

    private long address(long offset) {
        return DmaSpace.address(region, offset);
    }

    /// The one task that the hardware holds.
    private Task inFlight() {
        fixture.pump();
        assertThat(fixture.controller.held).hasSize(1);
        return Objects.requireNonNull(fixture.engine.pool().find(fixture.controller.held.getFirst()));
    }

    private void answerGood() {
        Task _ = inFlight();
        fixture.controller.finish(fixture.controller.held.getFirst());
        fixture.pump();
        set.poll(32);
    }

    /// Completes a held task whose response the test has written.
    private void complete(Task task) {
        fixture.controller.held.remove(task.token());
        fixture.controller.completer().complete(task.token());
        set.poll(32);
    }

    private void assertSubRequest(String cdb, long offset, long lengthBytes) {
        Task task = inFlight();
        byte[] bytes = HexFormat.of().parseHex(cdb.replace(" ", ""));
        byte[] actual = new byte[task.cdbLength()];
        for (int i = 0; i < actual.length; i++) {
            actual[i] = (byte) task.cdbByte(i);
        }
        assertThat(HexFormat.of().formatHex(actual)).isEqualTo(HexFormat.of().formatHex(bytes));
        assertThat(task.transferCount()).isEqualTo(lengthBytes);
        assertThat(task.extents().count()).isEqualTo(1);
        assertThat(task.extents().length(0)).isEqualTo(lengthBytes);
        assertThat(task.bufferIovmAddress()).isEqualTo(address(offset));
    }

    private static void refuses(Runnable call, String message) {
        assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }
}
