package io.trilane.engine;

import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import java.lang.foreign.MemorySegment;

/// One command of a probe at a time: sends it, sends it again as long as that may help, and says how it ended. Never
/// waits. Belongs to one [TargetProbe]; control role only.
final class ProbeExchange {
    /// Deadline of one command.
    static final int COMMAND_TIMEOUT_MILLIS = 10_000;
    /// How long a refused claim or submission is tried again.
    static final long ROOM_TIMEOUT_NS = 10_000_000_000L;
    /// Between two tries of a busy device, or of one that is not ready.
    static final long RETRY_NS = 100_000_000L;
    static final int MAX_BUSY_RETRIES = 100;
    /// How often a command is repeated after a condition that is told once (UNIT ATTENTION and its kin).
    static final int MAX_REPEATS = 8;

    /// How the command ended.
    enum Outcome {
        /// It has not.
        WAITING,
        /// The answer is there.
        GOOD,
        /// The sense data is there, repeating does not help.
        CHECK_CONDITION,
        /// Another status, or busy for too long.
        OTHER_STATUS,
        /// The device did not get it, or is gone.
        UNDELIVERED,
        /// Its deadline passed.
        HELD,
        /// No task could be claimed, or the engine took none.
        NO_ROOM
    }

    private enum State {
        TO_SEND, IN_FLIGHT, ARRIVED, ENDED
    }

    private final Client client;
    private final long targetId;
    private State state = State.ENDED;
    private Outcome outcome = Outcome.WAITING;
    private long lun;
    private byte[] cdb = {};
    private int answerBytes;
    private boolean isDelayed;
    private long sendAtNs;
    private boolean isWithoutRoom;
    private long withoutRoomSinceNs;
    private int busyRetries;
    private int repeats;
    private long token;
    // What came back.
    private ServiceResponse response = ServiceResponse.REQUEST_IN_PROCESS;
    private TaskStatus status = TaskStatus.NO_STATUS;
    private boolean isOverdue;
    private byte[] answer = {};
    private SenseBytes sense = SenseBytes.NONE;

    ProbeExchange(Client client, long targetId) {
        this.client = client;
        this.targetId = targetId;
    }

    /// The next command; the one before has ended.
    ///
    /// @param newAnswerBytes most bytes of the answer, 0 for a command without data
    void start(long newLun, byte[] newCdb, int newAnswerBytes) {
        lun = newLun;
        cdb = newCdb;
        answerBytes = newAnswerBytes;
        busyRetries = 0;
        repeats = 0;
        outcome = Outcome.WAITING;
        response = ServiceResponse.REQUEST_IN_PROCESS;
        status = TaskStatus.NO_STATUS;
        answer = new byte[0];
        sense = SenseBytes.NONE;
        send(false, 0);
    }

    /// The same command once more as if it were new, not before `timeNs`.
    void startAgainAt(long timeNs) {
        start(lun, cdb, answerBytes);
        send(true, timeNs);
    }

    /// Returns the work done.
    int doWork(long nowNs) {
        if (state == State.TO_SEND && (!isDelayed || nowNs - sendAtNs >= 0)) {
            return trySend(nowNs);
        }
        if (state == State.ARRIVED) {
            judge(nowNs);
            return 1;
        }
        return 0;
    }

    /// Takes a finished task and releases it; one that this exchange no longer waits for is released only.
    void onCompletion(Task task) {
        if (state == State.IN_FLIGHT && task.token() == token) {
            state = State.ARRIVED;
            response = task.serviceResponse();
            status = task.status();
            // The controller may have told a deadline of its own: then it has not held the task.
            isOverdue = task.isZombie() && status == TaskStatus.TASK_TIMEOUT_OCCURRED;
            answer = dataOf(task);
            sense = SenseBytes.of(task);
        }
        boolean _ = client.release(task.token());
    }

    Outcome outcome() {
        return outcome;
    }

    /// After GOOD: the bytes that came.
    byte[] answer() {
        return answer;
    }

    /// After CHECK_CONDITION.
    SenseBytes sense() {
        return sense;
    }

    /// The last answer, for a report.
    String describe() {
        return "outcome=" + outcome + " serviceResponse=" + response + " status=" + status + " sense=" + sense;
    }

    private void send(boolean delayed, long timeNs) {
        isDelayed = delayed;
        sendAtNs = timeNs;
        isWithoutRoom = false;
        state = State.TO_SEND;
    }

    private int trySend(long nowNs) {
        Task task = client.claim(answerBytes);
        if (task == null) {
            return onNoRoom(nowNs);
        }
        fill(task);
        long newToken = task.token();
        if (!client.submit(task)) {
            boolean _ = client.release(newToken);
            return onNoRoom(nowNs);
        }
        token = newToken;
        state = State.IN_FLIGHT;
        return 1;
    }

    private int onNoRoom(long nowNs) {
        if (!isWithoutRoom) {
            isWithoutRoom = true;
            withoutRoomSinceNs = nowNs;
        }
        if (nowNs - withoutRoomSinceNs < ROOM_TIMEOUT_NS) {
            return 0;
        }
        end(Outcome.NO_ROOM);
        return 1;
    }

    /// The buffer is cleared: what a device does not write must not be what another task left there.
    private void fill(Task task) {
        task.setTargetId(targetId);
        task.setLun(lun);
        task.setCdb(cdb);
        task.setTransfer(answerBytes == 0 ? TransferDirection.NONE : TransferDirection.FROM_TARGET, answerBytes);
        task.setTimeoutMillis(COMMAND_TIMEOUT_MILLIS);
        task.setUserData(targetId);
        task.extents().scatter(MemorySegment.ofArray(new byte[answerBytes]), 0, 0, answerBytes);
    }

    private byte[] dataOf(Task task) {
        long length = Math.max(0, Math.min(task.bytesTransferred(), answerBytes));
        byte[] data = new byte[(int) length];
        long _ = task.extents().gather(0, MemorySegment.ofArray(data), 0, length);
        return data;
    }

    private void judge(long nowNs) {
        if (response != ServiceResponse.TASK_COMPLETE) {
            end(isOverdue ? Outcome.HELD : Outcome.UNDELIVERED);
            return;
        }
        switch (status) {
            case GOOD, CONDITION_MET -> end(Outcome.GOOD);
            case CHECK_CONDITION -> judgeSense();
            case BUSY, TASK_SET_FULL -> sendLaterOrEnd(nowNs);
            case TASK_ABORTED -> sendAgainOrEnd(Outcome.OTHER_STATUS);
            default -> end(Outcome.OTHER_STATUS);
        }
    }

    private void judgeSense() {
        if (sense.isHarmless()) {
            end(Outcome.GOOD);
        } else if (sense.isToldOnce()) {
            sendAgainOrEnd(Outcome.CHECK_CONDITION);
        } else {
            end(Outcome.CHECK_CONDITION);
        }
    }

    private void sendAgainOrEnd(Outcome otherwise) {
        if (repeats == MAX_REPEATS) {
            end(otherwise);
        } else {
            repeats++;
            send(false, 0);
        }
    }

    private void sendLaterOrEnd(long nowNs) {
        if (busyRetries == MAX_BUSY_RETRIES) {
            end(Outcome.OTHER_STATUS);
        } else {
            busyRetries++;
            send(true, nowNs + RETRY_NS);
        }
    }

    private void end(Outcome newOutcome) {
        state = State.ENDED;
        outcome = newOutcome;
    }
}
