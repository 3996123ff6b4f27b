package io.trilane.hba;

import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.hba.image.PendingImage;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// The reference driver and its hardware in a [BareFramework]: units (0, 0), (0, 1) and (5, 0) on images that answer when
/// told to, and nexuses 0 to 2, whose power-on unit attentions are gone.
final class Rig implements AutoCloseable {
    static final int NEXUSES = 3;
    private static final int MAX_TASKS = 64;

    final BareFramework framework = new BareFramework(MAX_TASKS);
    final PendingImage image;
    final PendingImage secondImage;
    final PendingImage otherImage;
    final HbaModel hardware;
    final HbaController controller;
    private final ImageRegistry images = new ImageRegistry();

    Rig() {
        image = image();
        secondImage = image();
        otherImage = image();
        hardware = new HbaModel(new HbaConfig(MAX_TASKS, 1 << 20, 1,
                List.of(unit(0, 0, image), unit(0, 1, secondImage), unit(5, 0, otherImage))));
        controller = new HbaController(hardware);
        framework.whileWaiting = this::pump;
        boolean _ = controller.start(framework) && controller.initializeController() && controller.startController();
        for (int nexusId = 0; nexusId < NEXUSES; nexusId++) {
            String _ = sense(0, 0, nexusId) + sense(0, 1, nexusId) + sense(5, 0, nexusId);
        }
    }

    PendingImage image() {
        return new PendingImage(images.open("memory:1m", false, 512));
    }

    static HbaConfig.Unit unit(int targetId, int lun, PendingImage image) {
        return new HbaConfig.Unit(targetId, lun, LogicalUnitConfig.ofSerial("RIG" + targetId + lun), image);
    }

    /// A task that the driver is about to get. Data of a write is its tag, in every byte.
    Task task(int targetId, int lun, int nexusId, long tag, String cdb, TransferDirection direction, int length) {
        Task task = Objects.requireNonNull(framework.tasks().claim(this, nexusId, length));
        task.setTargetId(targetId);
        task.setLun(Target.lunBytes(lun));
        task.setTag(tag);
        task.setCdb(HexFormat.ofDelimiter(" ").parseHex(cdb));
        task.setTransfer(direction, length);
        for (int i = 0; i < length; i++) {
            task.extents().segment(0).set(ValueLayout.JAVA_BYTE, task.extents().offset(0) + i, (byte) tag);
        }
        BareFramework.handOver(task);
        return task;
    }

    /// Runs a command without data on unit 0 of target 0.
    String run(int nexusId, String cdb) {
        Task task = task(0, 0, nexusId, 0, cdb, TransferDirection.NONE, 0);
        send(task);
        return end(task);
    }

    /// PERSISTENT RESERVE OUT for unit 0 of target 0.
    String reserveOut(int nexusId, int action, int type, int key, int actionKey) {
        Task task = reserveOutTask(nexusId, action, type, key, actionKey);
        send(task);
        return end(task);
    }

    Task reserveOutTask(int nexusId, int action, int type, int key, int actionKey) {
        Task task = task(0, 0, nexusId, 0, "5F %02X %02X 00 00 00 00 00 18 00".formatted(action, type),
                TransferDirection.TO_TARGET, 24);
        byte[] list = new byte[24];
        list[7] = (byte) key;
        list[15] = (byte) actionKey;
        Bench.put(task, list);
        return task;
    }

    /// One block for unit 0 of target 0.
    Task write(int nexusId, long tag, int block) {
        return task(0, 0, nexusId, tag, "2A 00 00 00 00 %02X 00 00 01 00".formatted(block),
                TransferDirection.TO_TARGET, 512);
    }

    Task read(int nexusId, long tag, int block) {
        return task(0, 0, nexusId, tag, "28 00 00 00 00 %02X 00 00 01 00".formatted(block),
                TransferDirection.FROM_TARGET, 512);
    }

    /// Hands tasks to the driver, which posts them; the hardware does nothing yet.
    void post(Task... tasks) {
        TaskBatch batch = new TaskBatch();
        for (Task task : tasks) {
            batch.add(task);
            if (batch.count() == TaskBatch.MAX_TASKS) {
                controller.process(batch);
                batch.clear();
            }
        }
        controller.process(batch);
    }

    void send(Task... tasks) {
        post(tasks);
        pump();
    }

    /// Lets hardware and interrupt run until nothing moves.
    void pump() {
        boolean isInterrupted = true;
        while (hardware.doWork(0) > 0 || isInterrupted) {
            isInterrupted = framework.interruptLine().lower();
            if (isInterrupted && controller.onInterrupt()) {
                framework.interruptLine().raise();
            }
        }
    }

    /// Asks the driver, which waits for the hardware.
    ServiceResponse manage(TaskManagementFunction function, int nexusId, long targetId, int lun, long tag) {
        return controller.manageTask(function, new Nexus(nexusId, "i" + nexusId, "t"), targetId, Target.lunBytes(lun),
                tag);
    }

    /// Asks the hardware without waiting.
    Reply<ServiceResponse> request(TaskManagementFunction function, int nexusId, long targetId, int lun, long tag) {
        Reply<ServiceResponse> reply = new Reply<>();
        hardware.post(new HardwareEvent.ManageTask(function, nexusId, targetId, Target.lunBytes(lun), tag, reply));
        return reply;
    }

    /// What TEST UNIT READY says: `good`, or for example `6/29/03`.
    String sense(int targetId, int lun, int nexusId) {
        Task task = task(targetId, lun, nexusId, 0, "00 00 00 00 00 00", TransferDirection.NONE, 0);
        send(task);
        return end(task);
    }

    /// How a completed task ended: `good`, sense as `6/29/03`, or the status of a delivery failure. It goes back to the
    /// pool.
    String end(Task task) {
        if (!framework.completed.remove(task)) {
            throw new AssertionError("slot=" + task.slot() + " is not completed");
        }
        String end = task.serviceResponse() == ServiceResponse.TASK_COMPLETE ? io.trilane.hba.Reply.of(task).error()
                : task.status().name();
        if (!framework.tasks().release(task.token())) {
            throw new AssertionError("release refused");
        }
        return end;
    }

    /// First byte of a block of unit 0 of target 0, once nothing is pending there.
    int stored(int block) {
        Task task = read(0, 0, block);
        send(task);
        image.complete(task.token());
        pump();
        int value = task.extents().segment(0).get(ValueLayout.JAVA_BYTE, task.extents().offset(0));
        String _ = end(task);
        return value;
    }

    /// Everything that is pending ends.
    void finishImages() {
        for (PendingImage each : List.of(image, secondImage, otherImage)) {
            while (each.completeOldest()) {
                pump();
            }
        }
    }

    @Override
    public void close() {
        finishImages();
        framework.close();
    }
}
