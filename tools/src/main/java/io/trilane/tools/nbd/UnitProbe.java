package io.trilane.tools.nbd;

import io.trilane.engine.Client;
import io.trilane.engine.task.Task;
import io.trilane.tools.frontend.Connection;
import io.trilane.tools.frontend.ServedUnit;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Before the first request: takes the unit attentions that wait for a new nexus, then asks what the unit can do. One
/// command at a time. Belongs to its connection's event loop.
final class UnitProbe {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int MAX_ATTEMPTS = 64;
    private static final int BLOCK_LIMITS = 0xB0;
    private static final int PROVISIONING = 0xB2;
    private static final long MAX_UNSIGNED_INT = 0xFFFF_FFFFL;
    /// One command holds the unit for as long as it takes; others wait.
    private static final long FAIR_ZERO_BYTES = 32L << 20;
    private static final long FAIR_UNMAP_BYTES = 4L << 30;

    private enum Step {
        READY, CAPACITY, LIMITS, THIN, DONE
    }

    private final Connection connection;
    private final Client client;
    private final ServedUnit unit;
    private final byte[] answer = new byte[BlockCommands.VPD_BYTES];
    private final MemorySegment answerSegment = MemorySegment.ofArray(answer);
    private Step step = Step.READY;
    private boolean isSubmitted;
    private int attempts;
    private boolean readsZero;
    private long maxUnmap;
    private long maxWriteSame;
    private long maxPrefetch;
    private UnitTraits traits = UnitTraits.NONE;

    UnitProbe(Connection connection, Client client, ServedUnit unit) {
        this.connection = connection;
        this.client = client;
        this.unit = unit;
    }

    boolean isDone() {
        return step == Step.DONE;
    }

    /// Valid when [#isDone].
    UnitTraits traits() {
        return traits;
    }

    /// Submits the next command, unless it is under way or there is no room.
    void advance() {
        if (isSubmitted || isDone()) {
            return;
        }
        Task task = client.claim(step == Step.READY ? 0 : BlockCommands.VPD_BYTES);
        if (task == null) {
            return;
        }
        switch (step) {
            case READY -> BlockCommands.testUnitReady(task, unit);
            case CAPACITY -> BlockCommands.readCapacity(task, unit);
            case LIMITS -> BlockCommands.vitalProductData(task, unit, BLOCK_LIMITS);
            case THIN -> BlockCommands.vitalProductData(task, unit, PROVISIONING);
            case DONE -> throw new IllegalStateException("step=DONE, our bug");
        }
        isSubmitted = connection.submit(task);
        if (!isSubmitted) {
            boolean _ = client.release(task.token());
        }
    }

    void onTask(Task task) throws IOException {
        isSubmitted = false;
        Verdict verdict = Verdict.of(task);
        long length = verdict == Verdict.GOOD && step != Step.READY
                ? task.extents().gather(0, answerSegment, 0, Math.min(task.bytesTransferred(), answer.length)) : 0;
        boolean _ = client.release(task.token());
        if (verdict == Verdict.RETRY && attempts++ < MAX_ATTEMPTS) {
            advance();
            return;
        }
        if (verdict == Verdict.GONE || verdict == Verdict.RETRY) {
            throw new IOException("export=" + unit.name() + " does not answer: " + verdict.text());
        }
        take((int) length);
        advance();
    }

    /// A unit that is not ready serves all the same: requests tell.
    private void take(int length) {
        switch (step) {
            case READY -> step = Step.CAPACITY;
            case CAPACITY -> {
                readsZero = length > 14 && (answer[14] & 0x40) != 0;
                step = Step.LIMITS;
            }
            case LIMITS -> {
                maxUnmap = length >= 28 && intAt(24) != 0 ? intAt(20) : 0;
                maxWriteSame = length >= 44 ? longAt(36) : 0;
                maxPrefetch = length >= 20 ? intAt(16) : 0;
                step = Step.THIN;
            }
            case THIN -> {
                boolean unmaps = length >= 6 && (answer[5] & 0x80) != 0;
                boolean unmapsZeroing = length >= 6 && (answer[5] & 0x40) != 0;
                traits = new UnitTraits(readsZero, unmaps, unmapsZeroing,
                        bounded(maxUnmap, FAIR_UNMAP_BYTES), bounded(maxWriteSame, FAIR_ZERO_BYTES),
                        bounded(maxPrefetch, FAIR_UNMAP_BYTES));
                step = Step.DONE;
            }
            case DONE -> throw new IllegalStateException("step=DONE, our bug");
        }
    }

    /// In blocks; 0 stands for no limit.
    private long bounded(long limitBlocks, long fairBytes) {
        long fair = Math.min(fairBytes / unit.blockBytes(), MAX_UNSIGNED_INT);
        return limitBlocks <= 0 ? fair : Math.min(limitBlocks, fair);
    }

    private long intAt(int offset) {
        return answerSegment.get(INT, offset) & MAX_UNSIGNED_INT;
    }

    private long longAt(int offset) {
        return answerSegment.get(LONG, offset);
    }
}
