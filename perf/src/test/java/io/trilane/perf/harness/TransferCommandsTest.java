package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TransferDirection;
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
        TransferCommands commands = new TransferCommands(300L * 512, 512, 1L << 32, true);
        commands.fill(task, Request.of(0x12345678L * 512, 3, false));
        assertThat(cdb()).isEqualTo("28001234567800012c00");
        assertThat(task.direction()).isEqualTo(TransferDirection.FROM_TARGET);
        assertThat(task.transferCount()).isEqualTo(300 * 512);

        commands.fill(task, Request.of(0xFFFFFFFFL * 512, 0, true));
        assertThat(cdb()).isEqualTo("2a08ffffffff00012c00");
        assertThat(task.direction()).isEqualTo(TransferDirection.TO_TARGET);
    }

    @Test
    void usesSixteenByteCommandsOnLargeDisks() {
        TransferCommands commands = new TransferCommands(8192, 4096, (1L << 32) + 1, true);
        commands.fill(task, Request.of(0x0102030405L * 4096, 0, false));
        assertThat(cdb()).isEqualTo("88000000000102030405000000020000");
        commands.fill(task, Request.of(0x0102030405L * 4096, 0, true));
        assertThat(cdb()).isEqualTo("8a080000000102030405000000020000");
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
        return Objects.requireNonNull(pool.claim(this, 0, 0));
    }
}
