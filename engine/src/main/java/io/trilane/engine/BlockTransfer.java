package io.trilane.engine;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TaskToken;
import io.trilane.engine.task.TransferDirection;
import org.jspecify.annotations.Nullable;

/// One READ or WRITE of any length, split by the controller's limits into sub-requests that run strictly one after another,
/// as the block layer does it (`driverkit.md` 5.1): number n + 1 is submitted from the completion of number n. A small
/// maximum transfer therefore multiplies the latency.
///
/// Reusable; belongs to one client and its thread; allocates nothing per request. Several can be in flight on one client:
/// each marks its tasks with [#id] in [Task#userData], so whoever polls the client can hand a task to its transfer
/// ([#accept], or a [BlockTransferSet] does both). When claim or submission is refused, the next [#advance] tries again.
///
/// After a sub-request that timed out the data stays in the hardware's hands until the controller returns the token: do
/// not reuse that memory before.
@HotPath
public final class BlockTransfer {
    private static final int MAX_SENSE_BYTES = 255;

    private final Client client;
    private final long id;
    private final TransferStage stage = new TransferStage();
    private final byte[] sense = new byte[MAX_SENSE_BYTES];
    private int timeoutMillis;

    private @Nullable BlockUnit unit;
    private @Nullable BlockData data;
    private TransferLimits limits = TransferLimits.ofLength(1, 1);
    private TransferDirection direction = TransferDirection.NONE;
    private long firstBlock;
    private long totalBytes;
    private long doneBytes;
    private long roundTrips;
    private TransferOutcome outcome = TransferOutcome.IDLE;
    private ServiceResponse response = ServiceResponse.REQUEST_IN_PROCESS;
    private TaskStatus status = TaskStatus.NO_STATUS;
    private int senseLength;

    /// Claimed and filled in, but refused so far.
    private @Nullable Task unsent;
    private boolean inFlight;
    private boolean cancelled;
    private long token = TaskToken.NONE;
    private long stageBytes;

    /// @param id tells its tasks from others of the same client; unique among transfers in use
    public BlockTransfer(Client client, long id) {
        this.client = client;
        this.id = id;
    }

    /// In [Task#userData] of every sub-request.
    public long id() {
        return id;
    }

    /// Deadline of each sub-request, in milliseconds; 0, the default, is infinite.
    public void setTimeoutMillis(int newTimeoutMillis) {
        timeoutMillis = newTimeoutMillis;
    }

    /// Starts reading `blocks` blocks into `pieces`.
    ///
    /// @return IN_PROGRESS, GOOD for 0 blocks, or what is wrong with data and limits
    public TransferOutcome read(BlockUnit on, long first, long blocks, BlockData pieces) {
        return start(on, first, blocks, pieces, TransferDirection.FROM_TARGET);
    }

    /// Starts writing `blocks` blocks out of `pieces`; the same as [#read] otherwise.
    public TransferOutcome write(BlockUnit on, long first, long blocks, BlockData pieces) {
        return start(on, first, blocks, pieces, TransferDirection.TO_TARGET);
    }

    /// Submits what was refused before. Cheap when there is nothing to do.
    public TransferOutcome advance() {
        if (outcome == TransferOutcome.IN_PROGRESS && !inFlight) {
            submitStage();
        }
        return outcome;
    }

    /// A finished task of the client: true when it was this transfer's. Then it was released, and the next sub-request
    /// was submitted if there is one.
    public boolean accept(Task task) {
        if (!inFlight || task.userData() != id || task.token() != token) {
            return false;
        }
        inFlight = false;
        keepResult(task);
        boolean _ = client.release(token);
        token = TaskToken.NONE;
        if (outcome == TransferOutcome.IN_PROGRESS) {
            next();
        }
        return true;
    }

    /// Submits no more. A sub-request that is in flight is waited for: its memory is in use until it has come back.
    public TransferOutcome cancel() {
        cancelled = outcome == TransferOutcome.IN_PROGRESS;
        if (cancelled && !inFlight) {
            end(TransferOutcome.CANCELLED);
        }
        return outcome;
    }

    public TransferOutcome outcome() {
        return outcome;
    }

    /// Bytes from the first one on that are known to be transferred. After a failure that of the failed sub-request is
    /// not part of it; after a short one its whole blocks are.
    public long bytesDone() {
        return doneBytes;
    }

    /// Sub-requests submitted so far, the failed one included.
    public long roundTrips() {
        return roundTrips;
    }

    /// Of the sub-request that failed, else of the last one.
    public ServiceResponse serviceResponse() {
        return response;
    }

    /// Of the sub-request that failed, else of the last one.
    public TaskStatus status() {
        return status;
    }

    /// Length of the failed sub-request's sense data; 0: none.
    public int senseLength() {
        return senseLength;
    }

    /// Byte `index` of that sense data, 0..255.
    public int senseByte(int index) {
        return sense[index] & 0xFF;
    }

    private TransferOutcome start(BlockUnit on, long first, long blocks, BlockData pieces, TransferDirection way) {
        if (outcome == TransferOutcome.IN_PROGRESS) {
            throw new IllegalStateException(
                    "transfer=" + id + " outcome=IN_PROGRESS, wait for its end or take another");
        }
        requireRange(first, blocks, pieces.totalBytes(), on.blockBytes());
        unit = on;
        data = pieces;
        direction = way;
        limits = way == TransferDirection.FROM_TARGET ? on.reads() : on.writes();
        firstBlock = first;
        totalBytes = blocks * on.blockBytes();
        doneBytes = 0;
        roundTrips = 0;
        response = ServiceResponse.REQUEST_IN_PROCESS;
        status = TaskStatus.NO_STATUS;
        senseLength = 0;
        cancelled = false;
        stage.rewind();
        outcome = TransferOutcome.IN_PROGRESS;
        next();
        return outcome;
    }

    private void next() {
        if (doneBytes == totalBytes) {
            end(TransferOutcome.GOOD);
        } else if (cancelled) {
            end(TransferOutcome.CANCELLED);
        } else {
            submitStage();
        }
    }

    private void submitStage() {
        Task task = unsent == null ? prepareStage() : unsent;
        unsent = null;
        if (task == null) {
            return;
        }
        token = task.token();
        if (client.submit(task)) {
            inFlight = true;
            roundTrips++;
        } else {
            unsent = task;
        }
    }

    /// A claimed task with the next sub-request, or null: refused, or the data cannot be transferred.
    private @Nullable Task prepareStage() {
        BlockData pieces = data;
        BlockUnit on = unit;
        if (pieces == null || on == null) {
            throw new IllegalStateException("transfer=" + id + " was not started, our bug");
        }
        long lengthBytes = stage.measure(pieces, limits, totalBytes - doneBytes);
        if (lengthBytes <= 0) {
            end(lengthBytes == TransferStage.MISALIGNED ? TransferOutcome.MISALIGNED : TransferOutcome.BREAK_SIZE_ZERO);
            return null;
        }
        Task task = client.claim(0);
        if (task == null) {
            return null;
        }
        stageBytes = lengthBytes;
        stage.bind(task, pieces, lengthBytes);
        task.setTargetId(on.targetId());
        task.setLun(on.lun());
        task.setUserData(id);
        if (timeoutMillis != 0) {
            task.setTimeoutMillis(timeoutMillis);
        }
        ReadWriteCdb.fill(task, direction, firstBlock + doneBytes / on.blockBytes(), lengthBytes / on.blockBytes(),
                lengthBytes);
        return task;
    }

    private void keepResult(Task task) {
        response = task.serviceResponse();
        status = task.status();
        if (!task.isGood()) {
            senseLength = Math.min(task.senseLength(), MAX_SENSE_BYTES);
            for (int i = 0; i < senseLength; i++) {
                sense[i] = (byte) task.senseByte(i);
            }
            end(TransferOutcome.SUBREQUEST_FAILED);
        } else if (task.bytesTransferred() < stageBytes) {
            doneBytes += task.bytesTransferred() - task.bytesTransferred() % limits.blockBytes();
            end(TransferOutcome.SHORT_TRANSFER);
        } else {
            doneBytes += stageBytes;
        }
    }

    private void end(TransferOutcome how) {
        outcome = how;
        data = null;
        Task claimed = unsent;
        if (claimed != null) {
            unsent = null;
            boolean _ = client.release(claimed.token());
        }
    }

    private static void requireRange(long first, long blocks, long dataBytes, int blockBytes) {
        if (first < 0 || blocks < 0 || first > Long.MAX_VALUE - blocks) {
            throw new IllegalArgumentException("firstBlock=" + first + " blocks=" + blocks
                    + " is no range of blocks, choose numbers from 0 on");
        }
        if (blocks > dataBytes / blockBytes) {
            throw new IllegalArgumentException("blocks=" + blocks + " x blockBytes=" + blockBytes + " > dataBytes="
                    + dataBytes + ", add memory or ask for fewer blocks");
        }
    }
}
