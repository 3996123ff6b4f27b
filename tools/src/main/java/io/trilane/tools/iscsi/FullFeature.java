package io.trilane.tools.iscsi;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import io.trilane.tools.frontend.ServerEvent;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The full-feature phase of one session (RFC 7143 4.2.2, 11): who takes which PDU, in which order, and when. Belongs to the
/// connection's event loop.
@HotPath
final class FullFeature implements Phase {
    /// Room for all that one PDU can provoke at once: R2Ts, a reject, a response.
    private static final int ANSWER_PIECES = 64;
    private static final int ANSWER_BYTES = 4096;
    private static final int LOGOUT_SECONDS = 1;
    private static final long LOGOUT_NS = 1_000_000_000L;
    /// No PDU is being read, or one that nobody takes.
    private static final int NOBODY = -1;

    private final Session session;
    private final PduReader reader;
    private final AnswerSender answers;
    private final DataOutIntake dataOut;
    private final CommandIntake commands;
    private final TaskManagementIntake tasks;
    private final NopIntake nops;
    private final LogoutIntake logout;
    private final TextIntake texts;
    private final AsyncMessages messages;
    private final IscsiService service;
    private int opcode = NOBODY;
    private long stopNs = NEVER;
    private boolean isStopping;
    /// The outbox had no room for what is due.
    private boolean isBlocked;

    /// @param dropSessions closes every session of the target
    FullFeature(Session session, IscsiService service, String portal, Runnable dropSessions) {
        this.session = session;
        this.service = service;
        this.reader = session.reader();
        this.answers = new AnswerSender(session);
        this.dataOut = new DataOutIntake(session, answers, service.limits().peerTimeoutNs());
        this.commands = new CommandIntake(session, dataOut);
        this.tasks = new TaskManagementIntake(session, answers, new UnitNumbers(service.units()), dropSessions);
        this.nops = new NopIntake(session, service.limits().peerTimeoutNs(), session.connection().nowNs());
        this.logout = new LogoutIntake(session);
        this.texts = new TextIntake(session, service.targets(), portal);
        this.messages = new AsyncMessages(session);
    }

    @Override
    public boolean onHeader() {
        if (!pump() || !session.connection().outbox().hasRoom(ANSWER_PIECES, ANSWER_BYTES)) {
            session.connection().pauseReading();
            return false;
        }
        ByteBuffer header = reader.header();
        int next = header.get(Pdu.OPCODE) & Pdu.OPCODE_MASK;
        if (next == Pdu.DATA_OUT && isDataLegal()) {
            opcode = next;
            dataOut.onHeader();
            return true;
        }
        if (mustWait(next)) {
            session.connection().pauseReading();
            return false;
        }
        opcode = isTaken(next, header) ? next : NOBODY;
        begin();
        // What is numbered and takes no slot gives its place in the window back at once.
        session.numbers().openWindow(session.slots().room());
        return true;
    }

    @Override
    public void onPdu() {
        if (reader.isDigestWrong()) {
            session.rejectAndClose(RejectReason.DATA_DIGEST_ERROR, "data digest is wrong");
            return;
        }
        switch (opcode) {
            case Pdu.DATA_OUT -> dataOut.onPdu();
            case Pdu.SCSI_COMMAND -> commands.onPdu();
            case Pdu.NOP_OUT -> nops.onPdu();
            case Pdu.TASK_MANAGEMENT_REQUEST -> tasks.onPdu();
            case Pdu.LOGOUT_REQUEST -> logout.onPdu();
            case Pdu.TEXT_REQUEST -> texts.onPdu();
            default -> {
                // Refused or ignored already.
            }
        }
        opcode = NOBODY;
        boolean _ = pump();
    }

    @Override
    public void onTask(Task task) {
        ScsiCommand command = session.slots().at((int) task.userData());
        if (command.state != ScsiCommand.State.SUBMITTED || command.task != task) {
            throw new IllegalStateException("slot=" + command.slot() + " state=" + command.state + ", our bug");
        }
        boolean isAborted = command.isAborted;
        if (isAborted) {
            session.drop(command);
            tasks.onAborted();
        } else if (hasNoAnswer(task)) {
            boolean isWindowClosed = session.numbers().isWindowClosed();
            session.drop(command);
            if (isWindowClosed) {
                nops.tellWindow();
            }
        } else {
            answers.add(command);
        }
        boolean _ = pump();
    }

    /// A peer that takes what it was slow to take is alive.
    @Override
    public void onRoom(long nowNs) {
        long sentBefore = answers.sentPdus();
        boolean wasBlocked = isBlocked;
        boolean _ = pump();
        if (wasBlocked && answers.sentPdus() != sentBefore) {
            nops.onSignOfLife(nowNs);
        }
    }

    @Override
    public void onSignOfLife(long nowNs) {
        nops.onSignOfLife(nowNs);
    }

    @Override
    public long deadlineNs() {
        long dueNs = Math.min(nops.deadlineNs(), dataOut.deadlineNs());
        return isStopping ? Math.min(stopNs, dueNs) : dueNs;
    }

    @Override
    public void onDeadline(long nowNs) {
        if (isStopping && nowNs - stopNs >= 0) {
            endStop();
        }
        if (nowNs - nops.deadlineNs() >= 0) {
            nops.onDeadline(nowNs);
        }
        dataOut.onDeadline(nowNs);
    }

    @Override
    public void onEvent(ServerEvent event) {
        if (!session.parameters().isDiscovery()) {
            messages.announce(event, service.units());
        }
    }

    /// The initiator is asked to log out, and dropped when it does not.
    @Override
    public void onStop(long nowNs) {
        isStopping = true;
        if (session.parameters().isDiscovery()) {
            endStop();
            return;
        }
        stopNs = nowNs + LOGOUT_NS;
        messages.requestLogout(LOGOUT_SECONDS);
    }

    @Override
    public boolean isIdle() {
        return session.slots().count() == 0 && answers.isEmpty() && !tasks.isBusy() && (!isStopping || stopNs == NEVER);
    }

    @Override
    public void onClosed() {
        nops.onClosed();
        CommandSlots slots = session.slots();
        for (int i = slots.count() - 1; i >= 0; i--) {
            ScsiCommand command = slots.inUse(i);
            if (command.state != ScsiCommand.State.SUBMITTED) {
                session.drop(command);
            }
        }
    }

    private void endStop() {
        stopNs = NEVER;
        messages.announceDrop();
    }

    /// Sends what is due; false, and reading pauses, when there is no room for it.
    private boolean pump() {
        boolean isSent = answers.pump() && tasks.settle() && logout.settle();
        isBlocked = !isSent;
        if (isBlocked) {
            session.connection().pauseReading();
        }
        return isSent;
    }

    /// Aborted: the initiator has the answer of the task-management function, or a unit attention, instead.
    private static boolean hasNoAnswer(Task task) {
        return task.serviceResponse() == ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE
                && task.status() == TaskStatus.NO_STATUS;
    }

    private boolean isDataLegal() {
        return reader.dataLength() <= session.parameters().targetMaxRecvDataSegmentLength()
                && !session.parameters().isDiscovery();
    }

    private boolean mustWait(int next) {
        return next == Pdu.SCSI_COMMAND && !session.parameters().isDiscovery() && commands.mustWait()
                || next == Pdu.TASK_MANAGEMENT_REQUEST && tasks.isBusy()
                || next == Pdu.TEXT_REQUEST && !texts.hasRoom();
    }

    /// False: the PDU was refused, or is to be ignored.
    private boolean isTaken(int next, ByteBuffer header) {
        int limit = session.parameters().targetMaxRecvDataSegmentLength();
        if (reader.dataLength() > limit) {
            session.rejectAndClose(RejectReason.PROTOCOL_ERROR,
                    "dataSegmentLength=" + reader.dataLength() + " > maxRecvDataSegmentLength=" + limit);
            return false;
        }
        if (!isNumberRight(next, header)) {
            return false;
        }
        RejectReason reason = refusal(next);
        if (reason != null) {
            session.reject(reason);
        } else if (next == Pdu.LOGIN_REQUEST) {
            session.rejectAndClose(RejectReason.PROTOCOL_ERROR, "login request in the full-feature phase");
        }
        return reason == null && next != Pdu.LOGIN_REQUEST;
    }

    /// CmdSN: outside the window is ignored; a gap cannot be filled on the only connection there is (4.2.2.1).
    private boolean isNumberRight(int next, ByteBuffer header) {
        boolean isImmediate = (header.get(Pdu.OPCODE) & Pdu.IMMEDIATE) != 0;
        if (isImmediate || !isNumbered(next)) {
            return true;
        }
        SerialNumbers numbers = session.numbers();
        int cmdSn = header.getInt(Pdu.CMD_SN);
        if (numbers.isOutsideWindow(cmdSn)) {
            return false;
        }
        if (cmdSn != numbers.expCmdSn()) {
            session.rejectAndClose(RejectReason.PROTOCOL_ERROR, "cmdSn=" + Integer.toUnsignedString(cmdSn)
                    + " > expCmdSn=" + Integer.toUnsignedString(numbers.expCmdSn()) + ", commands are missing");
            return false;
        }
        numbers.advance();
        return true;
    }

    private static boolean isNumbered(int next) {
        return switch (next) {
            case Pdu.NOP_OUT, Pdu.SCSI_COMMAND, Pdu.TASK_MANAGEMENT_REQUEST, Pdu.TEXT_REQUEST, Pdu.LOGOUT_REQUEST ->
                    true;
            default -> false;
        };
    }

    private @Nullable RejectReason refusal(int next) {
        boolean isForDiscovery = next == Pdu.TEXT_REQUEST || next == Pdu.LOGOUT_REQUEST || next == Pdu.LOGIN_REQUEST;
        if (session.parameters().isDiscovery() && !isForDiscovery) {
            return RejectReason.COMMAND_NOT_SUPPORTED;
        }
        if (logout.isUnderWay() && next != Pdu.NOP_OUT || isStopping && next == Pdu.SCSI_COMMAND) {
            return RejectReason.WAITING_FOR_LOGOUT;
        }
        return switch (next) {
            case Pdu.SNACK_REQUEST -> RejectReason.SNACK_REJECT;
            case Pdu.NOP_OUT, Pdu.SCSI_COMMAND, Pdu.TASK_MANAGEMENT_REQUEST, Pdu.TEXT_REQUEST, Pdu.LOGOUT_REQUEST,
                    Pdu.LOGIN_REQUEST ->
                    null;
            default -> RejectReason.COMMAND_NOT_SUPPORTED;
        };
    }

    private void begin() {
        switch (opcode) {
            case Pdu.SCSI_COMMAND -> commands.onHeader();
            case Pdu.NOP_OUT -> nops.onHeader();
            case Pdu.TEXT_REQUEST -> reader.readToBytes();
            default -> {
                // Its data, if any, says nothing.
            }
        }
    }
}
