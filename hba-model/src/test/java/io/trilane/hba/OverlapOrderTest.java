package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskAttribute;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.ImageResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Order of commands while image operations are pending.
class OverlapOrderTest {
    private final Bench bench = Bench.standard();

    @BeforeEach
    void hold() {
        bench.image.holds = true;
        bench.holdsFlushes = true;
        bench.finished.clear();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void commandsThatDoNotOverlapArePendingTogether() {
        start(write(0, 4), read(4, 4), write(8, 4));
        assertThat(bench.image.held).hasSize(3);
    }

    @Test
    void readsOverlapFreely() {
        start(read(0, 4), read(2, 4));
        assertThat(bench.image.held).hasSize(2);
    }

    @Test
    void readWaitsForAnOverlappingWrite() {
        Task write = write(0, 4);
        Task read = read(3, 4);
        start(write, read);
        assertThat(bench.image.log).containsExactly("WRITE 0+2048");
        assertThat(bench.unit.unfinishedCommands()).isEqualTo(2);
        bench.completeImage(0);
        assertThat(bench.finished).containsExactly(write);
        assertThat(bench.image.log).containsExactly("WRITE 0+2048", "READ 1536+2048");
        bench.completeImage(0);
        assertThat(bench.finished).containsExactly(write, read);
        assertThat(bench.unit.unfinishedCommands()).isZero();
    }

    @Test
    void commandDoesNotPassAnOverlappingOneThatWaits() {
        start(write(0, 4), write(0, 8), read(6, 1), read(20, 1));
        assertThat(bench.image.log).containsExactly("WRITE 0+2048", "READ 10240+512");
        bench.completeImage(0);
        assertThat(bench.image.log).endsWith("WRITE 0+4096");
        bench.completeImage(1);
        assertThat(bench.image.log).endsWith("READ 3072+512");
    }

    @Test
    void commandsWithoutARangeDoNotWait() {
        start(write(0, 4), bench.task("12 00 00 00 24 00", TransferDirection.FROM_TARGET, 36));
        assertThat(bench.finished).hasSize(1);
    }

    @Test
    void flushWaitsForOverlappingWritesOnly() {
        Task flush = bench.task("35 00 00 00 00 00 00 00 08 00", TransferDirection.NONE, 0);
        start(write(20, 1), read(0, 1), write(4, 1), flush);
        assertThat(bench.flushed).isEmpty();
        bench.completeImage(2);
        assertThat(bench.flushed).containsExactly("0+4096");
        start(write(5, 1));
        assertThat(bench.image.log).endsWith("WRITE 2560+512");
    }

    @Test
    void forcedWriteLetsOthersPassOnceItIsInItsFlush() {
        Task forced = bench.task("2A 08 00 00 00 00 00 00 01 00", TransferDirection.TO_TARGET, 512);
        start(forced, read(0, 1));
        assertThat(bench.image.held).hasSize(1);
        bench.completeImage(0);
        assertThat(bench.flushed).containsExactly("0+512");
        assertThat(bench.image.log).endsWith("READ 0+512");
        bench.completeFlush(ImageResult.DONE);
        assertThat(bench.finished).containsExactly(forced);
    }

    @Test
    void orderedWaitsForEverythingAndHoldsEverythingBack() {
        Task ordered = read(20, 1);
        ordered.setAttribute(TaskAttribute.ORDERED);
        start(write(0, 1), ordered, read(40, 1), write(50, 1));
        assertThat(bench.image.log).containsExactly("WRITE 0+512");
        bench.completeImage(0);
        assertThat(bench.image.log).containsExactly("WRITE 0+512", "READ 10240+512");
        bench.completeImage(0);
        assertThat(bench.image.log).endsWith("READ 20480+512", "WRITE 25600+512");
    }

    @Test
    void headOfQueuePassesWhatWaitsButNotWhatIsUnderWay() {
        Task ordered = read(20, 1);
        ordered.setAttribute(TaskAttribute.ORDERED);
        Task first = write(30, 1);
        first.setAttribute(TaskAttribute.HEAD_OF_QUEUE);
        Task second = write(0, 1);
        second.setAttribute(TaskAttribute.HEAD_OF_QUEUE);
        start(write(0, 1), ordered, first, second);
        assertThat(bench.image.log).containsExactly("WRITE 0+512", "WRITE 15360+512");
        bench.completeImage(0);
        assertThat(bench.image.log).endsWith("WRITE 0+512");
    }

    @Test
    void abortedCommandThatWaitsLetsItsFollowersGo() {
        Task waits = write(0, 8);
        start(write(0, 4), waits, read(6, 1));
        abort(waits);
        assertThat(bench.finished).containsExactly(waits);
        assertThat(waits.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
        assertThat(bench.image.log).endsWith("READ 3072+512");
        assertThat(bench.unit.unfinishedCommands()).isEqualTo(2);
        abort(waits);
        assertThat(bench.finished).hasSize(1);
    }

    @Test
    void abortedCommandsThatWaitForEachOtherNeverStart() {
        Task first = write(0, 4);
        Task second = write(0, 4);
        start(write(0, 4), first, second);
        abort(first, second);
        assertThat(bench.finished).containsExactly(first, second);
        bench.completeImage(0);
        assertThat(bench.image.log).containsExactly("WRITE 0+2048");
        assertThat(bench.unit.unfinishedCommands()).isZero();
    }

    @Test
    void followersWaitForTheImageOperationOfAnAbortedCommand() {
        Task aborted = write(0, 4);
        Task follower = read(0, 1);
        start(aborted, follower);
        abort(aborted);
        assertThat(bench.finished).isEmpty();
        assertThat(bench.image.log).containsExactly("WRITE 0+2048");
        bench.completeImage(0);
        bench.completeImage(0);
        assertThat(bench.finished).containsExactly(aborted, follower);
        assertThat(Reply.of(follower).error()).isEqualTo("good");
    }

    @Test
    void refusesAResultForATaskThatIsNotUnderWay() {
        Task task = read(0, 1);
        assertThatThrownBy(() -> bench.unit.onImageDone(task, ImageResult.DONE))
                .hasMessageContaining("is not under way");
    }

    @Test
    void errorOfAPendingOperationIsTranslated() {
        Task task = read(0, 1);
        start(task);
        bench.completeImage(bench.image.held.removeFirst(), ImageResult.MEDIUM_ERROR);
        assertThat(Reply.of(task).error()).isEqualTo("3/11/00");
    }

    /// Against a model: every read sees exactly the writes that arrived before it, in whatever order the image works.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyReadSeesTheWritesBeforeIt(long seed) {
        Random random = new Random(seed);
        byte[] model = new byte[32 * 512];
        List<Task> reads = new ArrayList<>();
        List<byte[]> expected = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            if (bench.pool.countInState(io.trilane.engine.task.TaskState.FREE) > 0 && random.nextInt(5) < 3) {
                int block = random.nextInt(28);
                int blocks = 1 + random.nextInt(4);
                if (random.nextBoolean()) {
                    byte[] data = new byte[blocks * 512];
                    random.nextBytes(data);
                    Task task = write(block, blocks);
                    Bench.put(task, data);
                    System.arraycopy(data, 0, model, block * 512, data.length);
                    start(task);
                } else {
                    Task task = read(block, blocks);
                    reads.add(task);
                    expected.add(Arrays.copyOfRange(model, block * 512, (block + blocks) * 512));
                    start(task);
                }
            } else if (!bench.image.held.isEmpty()) {
                bench.completeImage(random.nextInt(bench.image.held.size()));
            }
            for (Task task : bench.finished) {
                int index = reads.indexOf(task);
                if (index >= 0) {
                    assertThat(TestImage.read(task.extents(), task.bytesTransferred()))
                            .as("seed %d step %d", seed, step).isEqualTo(expected.remove(index));
                    reads.remove(index);
                }
                assertThat(task.isGood()).isTrue();
                bench.release(task);
            }
            bench.finished.clear();
        }
    }

    private void abort(Task... tasks) {
        Verdict verdict = new Verdict(() -> {}, _ -> {});
        bench.unit.abort(List.of(tasks)::contains, TaskStatus.NO_STATUS, verdict);
    }

    private void start(Task... tasks) {
        for (Task task : tasks) {
            bench.target.execute(task);
        }
    }

    private Task read(int block, int blocks) {
        return bench.task("28 00 00 00 00 %02X 00 00 %02X 00".formatted(block, blocks),
                TransferDirection.FROM_TARGET, blocks * 512);
    }

    private Task write(int block, int blocks) {
        return bench.task("2A 00 00 00 00 %02X 00 00 %02X 00".formatted(block, blocks),
                TransferDirection.TO_TARGET, blocks * 512);
    }
}
