package io.trilane.tools.iscsi;

import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.task.ServiceResponse;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Task management (RFC 7143 11.5, 11.6). The engine's verdict comes at once; the initiator is answered when every task that
/// is meant has come back, and no such task is answered. Belongs to the connection's event loop.
///
/// Commands of this session that still wait for their data never reach the engine. Those of other sessions do later, and
/// meet the unit attention that the function has left.
final class TaskManagementIntake {
    /// What was asked, numbered as on the wire from 1 on.
    private enum Function {
        ABORT_TASK, ABORT_TASK_SET, CLEAR_ACA, CLEAR_TASK_SET, LOGICAL_UNIT_RESET, TARGET_WARM_RESET, TARGET_COLD_RESET,
        TASK_REASSIGN;

        private static final Function[] ALL = values();

        static @Nullable Function of(int code) {
            return code >= 1 && code <= ALL.length ? ALL[code - 1] : null;
        }

        boolean isForTarget() {
            return this == TARGET_WARM_RESET || this == TARGET_COLD_RESET;
        }
    }

    /// What it is answered with (11.6.1).
    private static final int COMPLETE = 0;
    private static final int TASK_DOES_NOT_EXIST = 1;
    private static final int LUN_DOES_NOT_EXIST = 2;
    private static final int REASSIGNMENT_NOT_SUPPORTED = 4;
    private static final int NOT_SUPPORTED = 5;
    private static final int REJECTED = 255;

    private final Session session;
    private final AnswerSender answers;
    private final UnitNumbers units;
    private final Runnable dropSessions;
    /// The function that waits for its tasks, if any.
    private @Nullable Function waiting;
    private int waitingTag;
    private int waitingTasks;

    /// @param dropSessions closes every session of the target: a cold reset
    TaskManagementIntake(Session session, AnswerSender answers, UnitNumbers units, Runnable dropSessions) {
        this.session = session;
        this.answers = answers;
        this.units = units;
        this.dropSessions = dropSessions;
    }

    /// A function waits for its tasks: the next one has to wait, too.
    boolean isBusy() {
        return waiting != null;
    }

    void onPdu() {
        ByteBuffer header = session.reader().header();
        Function function = Function.of(header.get(Pdu.FLAGS) & FullFeaturePdu.FUNCTION_MASK);
        waitingTag = header.getInt(Pdu.INITIATOR_TASK_TAG);
        if (function == null) {
            answer(NOT_SUPPORTED);
        } else if (function == Function.TASK_REASSIGN) {
            answer(REASSIGNMENT_NOT_SUPPORTED);
        } else if (!function.isForTarget() && !units.exists(header.getLong(Pdu.LUN))) {
            answer(LUN_DOES_NOT_EXIST);
        } else if (function == Function.ABORT_TASK) {
            abortTask(header);
        } else {
            manage(function, header.getLong(Pdu.LUN));
        }
    }

    /// A task that was aborted has come back; it has been released.
    void onAborted() {
        waitingTasks--;
    }

    /// Answers when all tasks are back; false: there is no room for the answer.
    boolean settle() {
        if (waiting == null || waitingTasks > 0) {
            return true;
        }
        if (!session.writer().hasRoom(1)) {
            return false;
        }
        boolean isCold = waiting == Function.TARGET_COLD_RESET;
        waiting = null;
        answer(COMPLETE);
        if (isCold) {
            dropSessions.run();
        }
        return true;
    }

    private void abortTask(ByteBuffer header) {
        ScsiCommand command = session.slots().find(header.getInt(FullFeaturePdu.REFERENCED_TASK_TAG));
        long lun = header.getLong(Pdu.LUN);
        if (command == null || command.lun != lun) {
            answer(responseForMissing(header.getInt(FullFeaturePdu.REF_CMD_SN), header.getInt(Pdu.CMD_SN)));
            return;
        }
        ServiceResponse verdict = ServiceResponse.FUNCTION_COMPLETE;
        if (command.state == ScsiCommand.State.SUBMITTED) {
            verdict = session.client().manageTask(TaskManagementFunction.ABORT_TASK, session.targetId(), lun,
                    command.taskTag());
        }
        if (verdict != ServiceResponse.FUNCTION_COMPLETE) {
            answer(REJECTED);
            return;
        }
        waiting = Function.ABORT_TASK;
        end(command);
    }

    /// A command that may still come counts as received, so that it has no effect when it does (11.5.1).
    private int responseForMissing(int refCmdSn, int cmdSn) {
        SerialNumbers numbers = session.numbers();
        boolean isToCome = !numbers.isOutsideWindow(refCmdSn) && SerialNumbers.isBefore(refCmdSn, cmdSn);
        if (isToCome && refCmdSn == numbers.expCmdSn()) {
            numbers.advance();
        }
        return isToCome ? COMPLETE : TASK_DOES_NOT_EXIST;
    }

    private void manage(Function function, long lun) {
        ServiceResponse verdict = session.client().manageTask(engineFunction(function), session.targetId(),
                function.isForTarget() ? 0 : lun, 0);
        if (verdict != ServiceResponse.FUNCTION_COMPLETE) {
            answer(REJECTED);
            return;
        }
        waiting = function;
        if (function != Function.CLEAR_ACA) {
            CommandSlots slots = session.slots();
            // From the end: freeing one moves the last into its place.
            for (int i = slots.count() - 1; i >= 0; i--) {
                ScsiCommand command = slots.inUse(i);
                if (function.isForTarget() || command.lun == lun) {
                    end(command);
                }
            }
        }
    }

    private static TaskManagementFunction engineFunction(Function function) {
        return switch (function) {
            case ABORT_TASK_SET -> TaskManagementFunction.ABORT_TASK_SET;
            case CLEAR_ACA -> TaskManagementFunction.CLEAR_ACA;
            case CLEAR_TASK_SET -> TaskManagementFunction.CLEAR_TASK_SET;
            case LOGICAL_UNIT_RESET -> TaskManagementFunction.LOGICAL_UNIT_RESET;
            case TARGET_WARM_RESET, TARGET_COLD_RESET -> TaskManagementFunction.TARGET_RESET;
            case ABORT_TASK, TASK_REASSIGN -> throw new IllegalStateException("function=" + function);
        };
    }

    /// Whatever it was doing, nobody hears of it any more.
    private void end(ScsiCommand command) {
        switch (command.state) {
            case SUBMITTED -> {
                command.isAborted = true;
                waitingTasks++;
            }
            case ANSWERING -> {
                answers.remove(command);
                endAnswer(command);
            }
            case COLLECTING -> session.drop(command);
            case FREE -> throw new IllegalStateException("slot=" + command.slot() + " is free, our bug");
        }
    }

    /// Data that is in the outbox already must stay until it is written.
    private void endAnswer(ScsiCommand command) {
        if (command.sentPdus > 0 && command.task != null) {
            session.connection().outbox().thenRelease(command.task);
            session.free(command);
        } else {
            session.drop(command);
        }
    }

    private void answer(int response) {
        PduWriter writer = session.writer();
        int at = writer.start(Pdu.TASK_MANAGEMENT_RESPONSE, Pdu.FINAL, 0);
        writer.putByte(at + FullFeaturePdu.RESPONSE, response);
        writer.putInt(at + Pdu.INITIATOR_TASK_TAG, waitingTag);
        writer.putStatus(at);
        writer.finish(at);
    }
}
