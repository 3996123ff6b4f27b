package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TransferDirection;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransferCommandsTest {
    private final TaskMemory memory = new TaskMemory(1, 1 << 20);
    private final Task task = claim();

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void usesTenByteCommandsWhereTheyReach() {
        TransferCommands commands = commands("153600", 512, 1L << 32);
        commands.fill(task, Request.of(RequestKind.READ, 0x12345678L * 512, 3, 0));
        assertThat(cdb()).isEqualTo("28001234567800012c00");
        assertThat(task.direction()).isEqualTo(TransferDirection.FROM_TARGET);
        assertThat(task.transferCount()).isEqualTo(300 * 512);

        commands.fill(task, Request.of(RequestKind.WRITE, 0xFFFFFFFFL * 512, 0, 0));
        assertThat(cdb()).isEqualTo("2a08ffffffff00012c00");
        assertThat(task.direction()).isEqualTo(TransferDirection.TO_TARGET);
    }

    @Test
    void usesSixteenByteCommandsOnLargeDisks() {
        TransferCommands commands = commands("8k", 4096, (1L << 32) + 1);
        commands.fill(task, Request.of(RequestKind.READ, 0x0102030405L * 4096, 0, 0));
        assertThat(cdb()).isEqualTo("88000000000102030405000000020000");
        commands.fill(task, Request.of(RequestKind.WRITE, 0x0102030405L * 4096, 0, 0));
        assertThat(cdb()).isEqualTo("8a080000000102030405000000020000");
    }

    @Test
    void everyLengthHasItsCommand() {
        TransferCommands commands = commands("4k/50:64k/30:1m/20", 512, 1L << 30);
        commands.fill(task, Request.of(RequestKind.READ, 7 * 512, 0, 1));
        assertThat(cdb()).isEqualTo("28000000000700008000");
        assertThat(task.transferCount()).isEqualTo(65536);
        commands.fill(task, Request.of(RequestKind.WRITE, 7 * 512, 0, 2));
        assertThat(cdb()).isEqualTo("2a080000000700080000");
        assertThat(task.transferCount()).isEqualTo(1 << 20);
        commands.fill(task, Request.of(RequestKind.READ, 0, 0, 0));
        assertThat(cdb()).isEqualTo("28000000000000000800");
        assertThat(task.transferCount()).isEqualTo(4096);
    }

    /// SBC-4 5.33, 5.34: LBA 0 and 0 blocks are the whole medium; no data.
    @Test
    void flushesTheWholeMedium() {
        TransferCommands narrow = commands("4k", 512, 1L << 30);
        long flush = Request.of(RequestKind.FLUSH, 0, 0, 0);
        narrow.fill(task, flush);
        assertThat(cdb()).isEqualTo("35000000000000000000");
        assertThat(task.direction()).isEqualTo(TransferDirection.NONE);
        assertThat(task.transferCount()).isZero();
        assertThat(narrow.transferBytes(flush)).isZero();

        commands("4k", 4096, (1L << 32) + 1).fill(task, flush);
        assertThat(cdb()).isEqualTo("91000000000000000000000000000000");
    }

    /// SBC-4 5.32: a parameter list of 8 + 16 bytes, lengths 22 and 16.
    @Test
    void unmapsOneRange() {
        TransferCommands narrow = commands("4k/50:1m/50", 512, 1L << 30);
        long unmap = Request.of(RequestKind.UNMAP, 0x1234567L * 512, 0, 1);
        narrow.fill(task, unmap);
        assertThat(cdb()).isEqualTo("42000000000000001800");
        assertThat(list()).isEqualTo("0016001000000000" + "0000000001234567" + "0000080000000000");
        assertThat(task.direction()).isEqualTo(TransferDirection.TO_TARGET);
        assertThat(task.transferCount()).isEqualTo(24);
        assertThat(narrow.transferBytes(unmap)).isEqualTo(24);

        commands("8k", 4096, (1L << 32) + 1).fill(task, Request.of(RequestKind.UNMAP, 0x0102030405L * 4096, 0, 0));
        assertThat(cdb()).isEqualTo("42000000000000001800");
        assertThat(list()).isEqualTo("0016001000000000" + "0000000102030405" + "0000000200000000");
    }

    @Test
    void aCommandLeavesNothingOfTheOneBefore() {
        TransferCommands commands = commands("8k", 4096, (1L << 32) + 1);
        commands.fill(task, Request.of(RequestKind.WRITE, 0x0102030405L * 4096, 0, 0));
        commands.fill(task, Request.of(RequestKind.FLUSH, 0, 0, 0));
        assertThat(cdb()).isEqualTo("91000000000000000000000000000000");
        commands.fill(task, Request.of(RequestKind.UNMAP, 0, 0, 0));
        assertThat(cdb()).isEqualTo("42000000000000001800");
        commands.fill(task, Request.of(RequestKind.READ, 0, 0, 0));
        assertThat(cdb()).isEqualTo("88000000000000000000000000020000");
    }

    @Test
    void refusesALengthThatIsNoWholeNumberOfBlocks() {
        assertThatIllegalArgumentException().isThrownBy(() -> commands("4k/50:512/50", 4096, 1000))
                .withMessage("bs=512 is not a multiple of blockBytes=4096, choose one");
    }

    private static TransferCommands commands(String sizes, int blockBytes, long capacityBlocks) {
        RequestMix mix = RequestMix.of(RwMode.RW, 4096).withSizes(RequestSizes.parse(sizes));
        return new TransferCommands(new Workload(mix, 1, 1, true, 1, false), blockBytes, capacityBlocks);
    }

    private String list() {
        byte[] bytes = new byte[TransferCommands.UNMAP_LIST_BYTES];
        long gathered = task.extents().gather(0, MemorySegment.ofArray(bytes), 0, bytes.length);
        assertThat(gathered).isEqualTo(bytes.length);
        return HexFormat.of().formatHex(bytes);
    }

    private String cdb() {
        byte[] bytes = new byte[task.cdbLength()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) task.cdbByte(i);
        }
        return HexFormat.of().formatHex(bytes);
    }

    private Task claim() {
        TaskPool pool = new TaskPool(memory, 0);
        pool.open(1);
        return Objects.requireNonNull(pool.claim(this, 0, 4096));
    }
}
