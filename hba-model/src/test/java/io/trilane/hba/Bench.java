package io.trilane.hba;

import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.page.BlockLimits;
import io.trilane.hba.page.Provisioning;
import io.trilane.hba.page.UnitIdentity;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// A target with one logical unit at LUN 0, on a table in front of the test: commands go in as hex, replies come out.
/// Slow work is done inline, or held back and done when told to.
final class Bench implements CommandFinisher, SlowImageWork, AutoCloseable {
    /// Slow work that is held back; task is null in the background.
    record Flush(Task task, DiskImage.Operation operation, long offset, long length) {}

    static final int MAX_TASKS = 64;
    static final int MAX_BYTES = 1 << 16;

    final TaskMemory memory = new TaskMemory(MAX_TASKS, 16 << 20);
    final TaskPool pool = new TaskPool(memory, 0);
    final List<Task> finished = new ArrayList<>();
    final Deque<Flush> flushes = new ArrayDeque<>();
    final List<String> flushed = new ArrayList<>();
    final TestImage image;
    final LogicalUnit unit;
    final Target target;
    boolean holdsFlushes;
    long flushResult = ImageResult.DONE;
    int nexusId;
    long lun;

    private Bench(TestImage image, LogicalUnitConfig config) {
        this.image = image;
        pool.open(MAX_TASKS);
        this.unit = new LogicalUnit(config, image, this, this, MAX_TASKS);
        this.target = new Target(7, this);
        target.add(0, unit);
        run("00 00 00 00 00 00");
    }

    /// 128 blocks of 512 bytes; the power-on unit attention of nexus 0 is gone.
    static Bench standard() {
        return of(new TestImage(512, 128, false), config());
    }

    static Bench of(TestImage image, LogicalUnitConfig config) {
        return new Bench(image, config);
    }

    /// As [#standard], thin provisioned.
    static Bench thin() {
        return of(new TestImage(512, 128, false), config().withProvisioning(Provisioning.THIN));
    }

    static Bench descriptorSense() {
        LogicalUnitConfig config = config();
        return of(new TestImage(512, 128, false),
                new LogicalUnitConfig(config.identity(), config.limits(), false, true));
    }

    /// 128 blocks of 512 bytes on a medium that can be ejected, thin provisioned.
    static Bench removable() {
        return of(new TestImage(512, 128, false), config().withRemovable(true).withProvisioning(Provisioning.THIN));
    }

    static LogicalUnitConfig config() {
        return new LogicalUnitConfig(new UnitIdentity("TRILANE", "Virtual Disk", "0001", "SER42"),
                new BlockLimits(4096, 128, 8, 0, 3), false, false);
    }

    /// Nexuses 0 to `count` - 1 have told their names, and their power-on unit attentions are gone; on nexus 0.
    Bench greeted(int count) {
        for (int id = count - 1; id >= 0; id--) {
            resetNexus(id);
            on(id).run("00 00 00 00 00 00");
        }
        return this;
    }

    /// What comes next is sent on this nexus.
    Bench on(int id) {
        nexusId = id;
        return this;
    }

    /// What TEST UNIT READY says on this nexus.
    String ready(int id) {
        return on(id).run("00 00 00 00 00 00").error();
    }

    /// Sends a parameter list, given as hex.
    Reply list(String cdb, String hex) {
        return out(cdb, HexFormat.ofDelimiter(" ").parseHex(hex));
    }

    /// The nexus with this id is lost and made anew, under its old name.
    void resetNexus(int id) {
        target.resetNexus(nexus(id));
    }

    /// An iSCSI initiator port for each id.
    static Nexus nexus(int id) {
        return new Nexus(id, "iqn.2026-01.test:host" + id + ",i,0x40000137000" + id, "iqn.2026-01.test:disk,t,0x0001");
    }

    /// Runs a command that offers no data.
    Reply run(String cdb) {
        return run(cdb, TransferDirection.NONE, 0);
    }

    /// Runs a command that expects `count` bytes.
    Reply in(String cdb, int count) {
        return run(cdb, TransferDirection.FROM_TARGET, count);
    }

    /// Runs a command with data.
    Reply out(String cdb, byte[] data) {
        Task task = task(cdb, TransferDirection.TO_TARGET, data.length);
        put(task, data);
        return execute(task);
    }

    Reply run(String cdb, TransferDirection direction, int count) {
        return execute(task(cdb, direction, count));
    }

    /// A task that is with the controller, ready to execute.
    Task task(String cdb, TransferDirection direction, int count) {
        Task task = Objects.requireNonNull(pool.claim(this, nexusId, count));
        task.setTargetId(7);
        task.setLun(lun);
        task.setCdb(HexFormat.ofDelimiter(" ").parseHex(cdb));
        task.setTransfer(direction, count);
        BareFramework.handOver(task);
        return task;
    }

    static void put(Task task, byte[] data) {
        task.extents().scatter(MemorySegment.ofArray(data), 0, 0, data.length);
    }

    /// Executes a task that is expected to finish at once, and gives it back to the pool.
    Reply execute(Task task) {
        finished.clear();
        target.execute(task);
        if (finished.size() != 1 || finished.getFirst() != task) {
            throw new AssertionError("finished=" + finished.size() + " tasks instead of the one");
        }
        Reply reply = Reply.of(task);
        release(task);
        return reply;
    }

    void release(Task task) {
        if (!task.moveToDone(task.token()) || !pool.release(task.token())) {
            throw new AssertionError("release refused");
        }
    }

    /// Does the image operation that was held back `index`-th.
    void completeImage(int index) {
        TestImage.Held one = image.held.remove(index);
        completeImage(one, image.perform(one.operation(), one.offset(), one.length(), one.extents()));
    }

    void completeImage(TestImage.Held one, long result) {
        unit.onImageDone(Objects.requireNonNull(pool.find(one.token())), result);
    }

    /// Does the oldest slow work that was held back.
    ///
    /// @param result DONE to have the image do what is not a flush
    void completeFlush(long result) {
        Flush flush = flushes.removeFirst();
        if (flush.operation() != DiskImage.Operation.FLUSH && result == ImageResult.DONE) {
            unit.onImageDone(flush.task(), image.submit(flush.operation(), flush.offset(), flush.length(),
                    flush.task().extents(), flush.task().token()));
        } else if (flush.task() == null) {
            unit.onBackgroundDone(result);
        } else {
            unit.onImageDone(flush.task(), result);
        }
    }

    @Override
    public void onFinished(Task task) {
        finished.add(task);
    }

    @Override
    public void submit(LogicalUnit from, Task task, DiskImage.Operation operation, long offset, long length) {
        flush(new Flush(task, operation, offset, length));
    }

    @Override
    public void submitInBackground(LogicalUnit from, DiskImage.Operation operation, long offset, long length) {
        flush(new Flush(null, operation, offset, length));
    }

    private void flush(Flush flush) {
        String name = flush.operation == DiskImage.Operation.FLUSH ? "" : flush.operation + " ";
        flushed.add(name + flush.offset + "+" + flush.length);
        flushes.add(flush);
        if (!holdsFlushes) {
            completeFlush(flushResult);
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
