package io.trilane.engine;

import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseLog;
import io.trilane.engine.controller.ParallelFeature;
import io.trilane.engine.task.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Asks a new target what it is, by real I/O through the engine (`driverkit.md` 2.3, 8.1):
///
/// ```text
/// LUN 0   INQUIRY  TEST UNIT READY  REPORT LUNS  MODE SENSE(6)  READ CAPACITY(10)  READ CAPACITY(16) if needed
/// others  INQUIRY  TEST UNIT READY               MODE SENSE(6)  READ CAPACITY(10)  READ CAPACITY(16) if needed
/// ```
///
/// MODE SENSE and READ CAPACITY are sent to direct-access devices with a medium only. A step that LUN 0 fails ends the
/// probe; another unit that fails is not listed. The order is partly inferred. Control role only; nothing here waits.
///
/// The client is shared by all probes: who polls it hands each task to [#onCompletion] of the probe whose target id is
/// the task's user data.
final class TargetProbe {
    /// Most logical units of a target that are asked.
    static final int MAX_UNITS = 256;

    private static final int MODE_HEADER_BYTES = 4;
    private static final int DEVICE_SPECIFIC = 2;
    private static final int WRITE_PROTECT = 0x80;

    private enum Step {
        INQUIRY, LONG_INQUIRY, TEST_UNIT_READY, REPORT_LUNS, MODE_SENSE_6, READ_CAPACITY_10, READ_CAPACITY_16
    }

    private final long targetId;
    private final long highestLogicalUnitNumber;
    private final long readyTimeoutNs;
    private final MisuseLog misuses;
    private final ProbeExchange exchange;
    private final Deque<Long> luns = new ArrayDeque<>();
    private final List<TargetInfo.Unit> units = new ArrayList<>();
    private final Set<ParallelFeature> features = EnumSet.noneOf(ParallelFeature.class);
    private boolean isDone;
    private String failure = "";
    private boolean wasNotReady;
    private long notReadySinceNs;
    // The unit at hand.
    private boolean isFirst = true;
    private long lun;
    private Step step = Step.INQUIRY;
    private InquiryData inquiry = new InquiryData(new byte[0]);
    private boolean hasUnit;
    private boolean hasMedium;
    private boolean isWriteProtected;
    private CapacityData capacity = CapacityData.UNKNOWN;

    /// @param client                   the framework's own, shared with other probes
    /// @param highestLogicalUnitNumber higher numbers are not asked
    /// @param readyTimeoutNs           how long the target's units may be becoming ready, all together
    TargetProbe(Client client, long targetId, long highestLogicalUnitNumber, long readyTimeoutNs, MisuseLog misuses) {
        this.targetId = targetId;
        this.highestLogicalUnitNumber = highestLogicalUnitNumber;
        this.readyTimeoutNs = readyTimeoutNs;
        this.misuses = misuses;
        this.exchange = new ProbeExchange(client, targetId);
        startUnit(0);
    }

    /// One step; returns the work done, 0 while it waits.
    int doWork(long nowNs) {
        if (isDone) {
            return 0;
        }
        int done = exchange.doWork(nowNs);
        if (exchange.outcome() != ProbeExchange.Outcome.WAITING) {
            onOutcome(nowNs);
            done++;
        }
        return done;
    }

    /// Takes and releases a finished task of this target, also one that comes after the end.
    void onCompletion(Task task) {
        exchange.onCompletion(task);
    }

    /// Ends the probe without a verdict of the device: the engine stops. Its task in flight is still to be handed to
    /// [#onCompletion].
    void abandon(String reason) {
        if (!isDone) {
            fail(reason);
        }
    }

    boolean isDone() {
        return isDone;
    }

    /// Done, and there is at least one logical unit.
    boolean isGood() {
        return isDone && failure.isEmpty();
    }

    /// What was found, in the device's order; complete when the probe is good.
    List<TargetInfo.Unit> units() {
        return List.copyOf(units);
    }

    /// The parallel features that LUN 0 has.
    Set<ParallelFeature> advertised() {
        return Set.copyOf(features);
    }

    /// Why the probe is not good; empty when it is, or is not done.
    String failure() {
        return failure;
    }

    private void startUnit(long newLun) {
        lun = newLun;
        hasUnit = true;
        hasMedium = true;
        isWriteProtected = false;
        capacity = CapacityData.UNKNOWN;
        send(Step.INQUIRY, ProbeCommands.inquiry(InquiryData.STANDARD_BYTES), InquiryData.STANDARD_BYTES);
    }

    private void send(Step newStep, byte[] cdb, int answerBytes) {
        step = newStep;
        exchange.start(lun, cdb, answerBytes);
    }

    private void onOutcome(long nowNs) {
        switch (exchange.outcome()) {
            case HELD -> {
                misuses.report(Misuse.PROBE_HELD, () -> where() + " not completed within timeoutMillis="
                        + ProbeExchange.COMMAND_TIMEOUT_MILLIS);
                fail(situation());
            }
            case NO_ROOM -> fail(situation());
            case UNDELIVERED -> giveUpUnit();
            default -> onAnswer(nowNs);
        }
    }

    private void onAnswer(long nowNs) {
        boolean isAnswered = exchange.outcome() == ProbeExchange.Outcome.GOOD;
        switch (step) {
            case INQUIRY -> onInquiry(isAnswered);
            case LONG_INQUIRY -> onLongInquiry(isAnswered);
            case TEST_UNIT_READY -> onTestUnitReady(isAnswered, nowNs);
            case REPORT_LUNS -> onReportLuns(isAnswered);
            case MODE_SENSE_6 -> onModeSense(isAnswered);
            case READ_CAPACITY_10 -> onReadCapacity10(isAnswered);
            case READ_CAPACITY_16 -> onReadCapacity16(isAnswered);
        }
    }

    private void onInquiry(boolean isAnswered) {
        if (!isAnswered) {
            giveUpUnit();
            return;
        }
        inquiry = new InquiryData(exchange.answer());
        int total = inquiry.totalBytes();
        if (isFirst && total > InquiryData.STANDARD_BYTES) {
            send(Step.LONG_INQUIRY, ProbeCommands.inquiry(total), total);
        } else {
            afterInquiry();
        }
    }

    private void onLongInquiry(boolean isAnswered) {
        if (isAnswered && exchange.answer().length >= inquiry.receivedBytes()) {
            inquiry = new InquiryData(exchange.answer());
        }
        afterInquiry();
    }

    private void afterInquiry() {
        if (isFirst) {
            features.addAll(inquiry.features());
        }
        hasUnit = inquiry.hasUnit();
        if (hasUnit) {
            send(Step.TEST_UNIT_READY, ProbeCommands.testUnitReady(), 0);
        } else {
            afterTestUnitReady();
        }
    }

    /// What is not ready for another reason than these is asked on: each further command may fail by itself.
    private void onTestUnitReady(boolean isAnswered, long nowNs) {
        boolean hasSense = exchange.outcome() == ProbeExchange.Outcome.CHECK_CONDITION;
        if (!isAnswered && hasSense && exchange.sense().isBecomingReady()) {
            onNotReady(nowNs);
            return;
        }
        hasMedium = !hasSense || !exchange.sense().isWithoutMedium();
        hasUnit = !hasSense || !exchange.sense().isWithoutUnit();
        afterTestUnitReady();
    }

    private void onNotReady(long nowNs) {
        if (!wasNotReady) {
            wasNotReady = true;
            notReadySinceNs = nowNs;
            misuses.report(Misuse.NOT_READY_AT_PROBE,
                    () -> where() + " sense=" + exchange.sense() + ", waiting readyTimeoutNs=" + readyTimeoutNs);
        }
        if (nowNs - notReadySinceNs < readyTimeoutNs) {
            exchange.startAgainAt(nowNs + ProbeExchange.RETRY_NS);
        } else {
            giveUpUnit();
        }
    }

    private void afterTestUnitReady() {
        if (isFirst) {
            int answerBytes = LogicalUnitList.bytes(MAX_UNITS);
            send(Step.REPORT_LUNS, ProbeCommands.reportLuns(answerBytes), answerBytes);
        } else {
            describeUnit();
        }
    }

    private void onReportLuns(boolean isAnswered) {
        if (isAnswered) {
            luns.addAll(LogicalUnitList.read(exchange.answer(), highestLogicalUnitNumber, MAX_UNITS - 1));
        }
        describeUnit();
    }

    private void describeUnit() {
        if (!hasUnit) {
            nextUnit();
        } else if (hasMedium && inquiry.deviceType() == InquiryData.DIRECT_ACCESS) {
            send(Step.MODE_SENSE_6, ProbeCommands.modeSense6(MODE_HEADER_BYTES), MODE_HEADER_BYTES);
        } else {
            listUnit();
        }
    }

    private void onModeSense(boolean isAnswered) {
        byte[] header = exchange.answer();
        isWriteProtected = isAnswered && header.length > DEVICE_SPECIFIC
                && (header[DEVICE_SPECIFIC] & WRITE_PROTECT) != 0;
        send(Step.READ_CAPACITY_10, ProbeCommands.readCapacity10(), CapacityData.TEN_BYTES);
    }

    private void onReadCapacity10(boolean isAnswered) {
        if (isAnswered && CapacityData.isBeyondTen(exchange.answer())) {
            send(Step.READ_CAPACITY_16, ProbeCommands.readCapacity16(CapacityData.SIXTEEN_BYTES),
                    CapacityData.SIXTEEN_BYTES);
            return;
        }
        if (isAnswered) {
            capacity = CapacityData.ofTen(exchange.answer());
        }
        listUnit();
    }

    private void onReadCapacity16(boolean isAnswered) {
        if (isAnswered) {
            capacity = CapacityData.ofSixteen(exchange.answer());
        }
        listUnit();
    }

    private void listUnit() {
        units.add(new TargetInfo.Unit(lun, inquiry.vendor(), inquiry.product(), inquiry.revision(),
                inquiry.deviceType(), capacity.blockBytes(), capacity.blocks(), isWriteProtected));
        nextUnit();
    }

    private void nextUnit() {
        isFirst = false;
        Long next = luns.poll();
        if (next != null) {
            startUnit(next);
        } else if (units.isEmpty()) {
            fail("targetId=" + targetId + " units=0 < 1, give the target a logical unit before creating it");
        } else {
            isDone = true;
        }
    }

    private void giveUpUnit() {
        if (isFirst) {
            fail(situation());
        } else {
            nextUnit();
        }
    }

    private void fail(String reason) {
        failure = reason;
        isDone = true;
    }

    private String where() {
        return "targetId=" + targetId + " lun=" + Long.toHexString(lun) + "h command=" + step;
    }

    private String situation() {
        return where() + " " + exchange.describe();
    }
}
