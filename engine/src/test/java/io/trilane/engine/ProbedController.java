package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskStatus;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/// A driver whose hardware answers each command with the bytes, status and sense data that a test gives it. Every target
/// exists from the launch on. For an INVOKER engine, driven by the test's thread.
final class ProbedController implements Controller {
    private static final int MAX_TASKS = 64;

    /// A command as the hardware sees it.
    ///
    /// @param cdb hexadecimal, two digits per byte, spaces between
    record Command(long targetId, long lun, int operationCode, String cdb, long transferCount, int timeoutMillis) {
        static Command of(Task task) {
            byte[] cdb = new byte[task.cdbLength()];
            for (int i = 0; i < cdb.length; i++) {
                cdb[i] = (byte) task.cdbByte(i);
            }
            return new Command(task.targetId(), task.lun(), cdb[0] & 0xFF,
                    HexFormat.ofDelimiter(" ").withUpperCase().formatHex(cdb), task.transferCount(),
                    task.timeoutMillis());
        }
    }

    /// What the hardware makes of a command.
    ///
    /// @param bytesTransferred what it claims to have moved, true or not
    /// @param isHeld           it is not completed before the controller is stopped
    record Answer(ServiceResponse response, TaskStatus status, byte[] data, long bytesTransferred, byte[] sense,
            boolean isHeld) {

        static Answer good(int... data) {
            return good(bytes(data), data.length);
        }

        static Answer good(byte[] data, long bytesTransferred) {
            return new Answer(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, data, bytesTransferred, new byte[0],
                    false);
        }

        static Answer status(TaskStatus status) {
            return new Answer(status.isSam() ? ServiceResponse.TASK_COMPLETE
                    : ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, status, new byte[0], 0, new byte[0], false);
        }

        static Answer sense(byte[] sense) {
            return new Answer(ServiceResponse.TASK_COMPLETE, TaskStatus.CHECK_CONDITION, new byte[0], 0, sense, false);
        }

        /// CHECK CONDITION with fixed sense data.
        static Answer check(int key, int code, int qualifier) {
            return sense(bytes(0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, code, qualifier, 0, 0, 0, 0));
        }

        static Answer held() {
            return new Answer(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, new byte[0], 0, new byte[0], true);
        }

        private static byte[] bytes(int... values) {
            byte[] bytes = new byte[values.length];
            for (int i = 0; i < values.length; i++) {
                bytes[i] = (byte) values[i];
            }
            return bytes;
        }
    }

    /// Every command that the hardware got, oldest first.
    final List<Command> commands = new ArrayList<>();
    /// Tokens that it keeps until it is stopped.
    final List<Long> held = new ArrayList<>();

    private final Function<Command, Answer> device;
    private final Deque<Long> finished = new ArrayDeque<>();
    private final long[] tokens = new long[MAX_TASKS];
    private Framework framework;
    private SerialQueue<Task> posted;

    ProbedController(Function<Command, Answer> device) {
        this.device = device;
    }

    @Override
    public boolean start(Framework given) {
        framework = given;
        posted = given.hardwareQueue("posted", MAX_TASKS);
        return true;
    }

    @Override
    public boolean initializeController() {
        framework.setDispatchQueue(Framework.AUXILIARY_QUEUE);
        framework.setDispatchQueue(Framework.INTERRUPT_QUEUE);
        framework.setDispatchQueue(Framework.AUXILIARY_QUEUE);
        framework.setDispatchQueue(Framework.INTERRUPT_QUEUE);
        framework.reportConstraints(ControllerConstraints.of(4, 1L << 24));
        return true;
    }

    @Override
    public long reportInitiatorIdentifier() {
        return 7;
    }

    @Override
    public long reportHighestSupportedDeviceId() {
        return 3;
    }

    @Override
    public int reportMaximumTaskCount() {
        return MAX_TASKS;
    }

    @Override
    public boolean startController() {
        return true;
    }

    @Override
    public boolean doesHbaPerformDeviceManagement() {
        return false;
    }

    @Override
    public ServiceResponse processTask(Task task, long token) {
        throw new IllegalStateException("bundles only");
    }

    @Override
    public void process(TaskBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            tokens[batch.task(i).slot()] = batch.token(i);
            boolean _ = posted.offer(batch.task(i));
        }
    }

    @Override
    public boolean onInterrupt() {
        Completer completer = framework.completer(framework.contract().role(Callback.INTERRUPT));
        Long token;
        while ((token = finished.poll()) != null) {
            completer.complete(token);
        }
        return false;
    }

    @Override
    public ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag) {
        return ServiceResponse.FUNCTION_REJECTED;
    }

    @Override
    public void stop() {
        held.forEach(framework.completer(Role.CONTROL)::complete);
    }

    @Override
    public HardwareAgent hardware() {
        return new ScriptedHardware();
    }

    private void execute(Task task) {
        Command command = Command.of(task);
        commands.add(command);
        Answer answer = device.apply(command);
        if (answer.isHeld()) {
            held.add(tokens[task.slot()]);
            return;
        }
        long length = Math.min(answer.data().length, command.transferCount());
        long _ = task.extents().scatter(MemorySegment.ofArray(answer.data()), 0, 0, length);
        task.setResponse(answer.response(), answer.status(), answer.bytesTransferred());
        MemorySegment.copy(MemorySegment.ofArray(answer.sense()), 0, task.responses(), task.senseOffset(),
                answer.sense().length);
        task.setSenseLength(answer.sense().length);
        finished.add(tokens[task.slot()]);
        framework.interruptLine().raise();
    }

    private final class ScriptedHardware implements HardwareAgent {
        @Override
        public int doWork(long nowNs) {
            Task task = posted.poll();
            if (task == null) {
                return 0;
            }
            execute(task);
            return 1;
        }

        @Override
        public String name() {
            return "scripted-hardware";
        }
    }
}
