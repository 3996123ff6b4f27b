package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.ThreadingMode;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageRegistry;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Resets and hot plug while an engine with threads of its own is under load.
@Timeout(60)
class HotPlugUnderLoadTest {
    private static final LogicalUnitConfig UNIT = LogicalUnitConfig.ofSerial("LOAD");

    private final ImageRegistry images = new ImageRegistry();

    @Test
    void everyTaskComesBackOnce() {
        try (DiskImage image = images.open("memory:1m", false, 512);
                DiskImage plugged = images.open("memory:1m", false, 512)) {
            HbaModel hardware = new HbaModel(HbaConfig.of(64, UNIT, image));
            try (Engine engine = Engine.launch(EngineConfig.defaults().withMaxTasks(64)
                    .withThreading(ThreadingMode.DEDICATED).withCountersDirectory(Optional.empty()),
                    new HbaController(hardware)); Client client = engine.openClient("initiator", "target")) {
                long[] ended = {0};
                int submitted = 0;
                while (ended[0] < 1200) {
                    Task task = submitted < 1200 ? client.claim(512) : null;
                    if (task != null) {
                        task.setTargetId(submitted % 3 == 0 ? 9 : 0);
                        task.setLun(0);
                        task.setCdb(new byte[]{0x2A, 8, 0, 0, 0, 3, 0, 0, 1, 0});
                        task.setTransfer(TransferDirection.TO_TARGET, 512);
                        submitted += client.submit(task) ? 1 : 0;
                    }
                    if (task != null && submitted % 100 == 0) {
                        turn(submitted / 100, hardware, client, plugged);
                    }
                    int _ = client.poll(done -> {
                        ended[0]++;
                        boolean _ = client.release(done.token());
                    }, 32);
                }
                assertThat(engine.counters().get(EngineCounter.STALE_COMPLETIONS)).isZero();
                assertThat(engine.counters().get(EngineCounter.CONTROLLER_ERRORS)).isZero();
            }
        }
    }

    /// Target 9 comes and goes; in between, unit 0 of target 0 is reset.
    private static void turn(int number, HbaModel hardware, Client client, DiskImage image) {
        switch (number % 4) {
            case 0 -> {
                var created = hardware.plug(new HbaConfig.Unit(9, 0, LogicalUnitConfig.ofSerial("HOT"), image));
                while (!created.isDone()) {
                    Thread.onSpinWait();
                }
            }
            case 2 -> {
                Removal removal = hardware.unplug(9);
                while (!removal.letGo().isDone() || !removal.destroyed().isDone()) {
                    Thread.onSpinWait();
                }
            }
            default -> assertThat(client.manageTask(TaskManagementFunction.LOGICAL_UNIT_RESET, 0, 0, 0))
                    .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
        }
    }
}
