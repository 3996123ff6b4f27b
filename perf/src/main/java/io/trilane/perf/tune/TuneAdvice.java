package io.trilane.perf.tune;

import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.hba.image.ByteSize;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What to do with an answer: the settings that make a disk announce it and other programs use it, as text to copy. Stateless.
///
/// @param blockLimits what VPD page B0 (SBC-4 6.6.4) has to say, and how `trilane serve` is told to
/// @param fioJob      the same load as a fio job file
/// @param driverKit   what a driver for SCSIControllerDriverKit reports (`driverkit.md` 2 and 4.6)
public record TuneAdvice(String blockLimits, String fioJob, String driverKit) {
    private static final long SERVE_LEAST_TRANSFER = 64 << 10;
    private static final long SERVE_MOST_TRANSFER = 16 << 20;
    private static final long SERVE_MULTIPLE = 4096;
    private static final int SERVE_MOST_TASKS = 65_536;
    /// A page on Apple silicon: what memory that is not contiguous comes in.
    private static final long SEGMENT_BYTES = 16 << 10;

    /// @param blockBytes of the disk
    public static TuneAdvice of(Cell cell, TuneGoal goal, String target, int blockBytes) {
        return new TuneAdvice(blockLimits(cell, blockBytes), fioJob(cell, goal, target), driverKit(cell));
    }

    private static String blockLimits(Cell cell, int blockBytes) {
        long transfer = Math.clamp((cell.requestBytes() + SERVE_MULTIPLE - 1) / SERVE_MULTIPLE * SERVE_MULTIPLE,
                SERVE_LEAST_TRANSFER, SERVE_MOST_TRANSFER);
        int tasks = Math.min(SERVE_MOST_TASKS, cell.concurrency());
        return Wording.format("""
                VPD page B0, in blocks of %d bytes:
                  optimal transfer length  %d
                  maximum transfer length  %d or more
                tasks at once              %d
                a disk of Trilane's announces it with this line in IMAGE.trilane:
                  optimal-transfer = %s
                and is served with:
                  trilane serve --max-transfer %s --max-tasks %d --max-connection-tasks %d IMAGE
                """, blockBytes, cell.requestBytes() / blockBytes, transfer / blockBytes, tasks,
                ByteSize.format(cell.requestBytes()), ByteSize.format(transfer), tasks,
                Math.min(SERVE_MOST_TASKS, cell.depth()));
    }

    private static String fioJob(Cell cell, TuneGoal goal, String target) {
        String mix = goal.mode().mixed() ? "rwmixread=" + goal.rwMixRead() + "\n" : "";
        // Each job has a share of the disk.
        mix += cell.jobs() > 1 ? "size=" + 100 / cell.jobs() + "%\noffset_increment=" + 100 / cell.jobs() + "%\n" : "";
        return Wording.format("""
                [global]
                ioengine=libaio
                direct=1
                rw=%s
                %sbs=%s
                iodepth=%d
                iodepth_batch_submit=%d
                numjobs=%d
                thread=1
                group_reporting=1
                time_based=1
                runtime=30

                [tuned]
                ; measured on %s
                filename=/dev/DISK
                """, goal.mode().option(), mix, ByteSize.format(cell.requestBytes()), cell.depth(), cell.bundle(),
                cell.jobs(), target.replaceAll("\\R", " "));
    }

    private static String driverKit(Cell cell) {
        int segments = Math.toIntExact((cell.requestBytes() + SEGMENT_BYTES - 1) / SEGMENT_BYTES);
        long segmentBytes = segments == 1 ? cell.requestBytes() : SEGMENT_BYTES;
        Map<String, Long> keys = new TreeMap<>();
        ControllerConstraints.of(segments, segmentBytes).toMap()
                .forEach((key, value) -> keys.put(key.driverKitName(), value));
        StringBuilder text = new StringBuilder();
        line(text, "UserReportMaximumTaskCount", Integer.toString(cell.concurrency()));
        line(text, "UserGetDMASpecification maxTransferSize", Long.toString(segments * segmentBytes));
        text.append("UserReportHBAConstraints:\n");
        keys.forEach((name, value) -> line(text, "  " + name, name.contains("Mask") ? "0x" + Long.toHexString(value)
                : Long.toString(value)));
        text.append("properties of the controller's node, which the block layer splits by:\n");
        for (String name : List.of("kIOMaximumByteCountReadKey", "kIOMaximumByteCountWriteKey")) {
            line(text, "  " + name, Long.toString(segments * segmentBytes));
        }
        if (cell.bundle() > 1) {
            text.append("take bundles (UserProcessBundledParallelTasks): up to ").append(cell.bundle())
                    .append(" tasks a call\n");
        }
        return text.append("a longer request is split, and its parts run one after another\n").toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(Wording.format("%-44s %s%n", name, value));
    }
}
