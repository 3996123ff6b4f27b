package io.trilane.tools.frontend;

import java.lang.foreign.MemorySegment;

/// What one nexus, or all of them together, did to one logical unit: numbers since the start, except the depth. A value;
/// the difference of two is what happened between them.
public final class StatisticsCounts {
    private static final int VALUES = (StatisticsLayout.RECORD_BYTES - StatisticsLayout.DEPTH) / Long.BYTES;
    private static final int DEPTH = 0;

    /// The fields of a record from its depth on.
    private final long[] values;

    private StatisticsCounts(long[] values) {
        this.values = values;
    }

    static StatisticsCounts of(MemorySegment file, long record) {
        long[] values = new long[VALUES];
        for (int i = 0; i < VALUES; i++) {
            values[i] = StatisticsLayout.get(file, record + StatisticsLayout.DEPTH + (long) i * Long.BYTES);
        }
        return new StatisticsCounts(values);
    }

    /// All zero.
    public static StatisticsCounts none() {
        return new StatisticsCounts(new long[VALUES]);
    }

    public StatisticsCounts plus(StatisticsCounts other) {
        long[] sum = values.clone();
        for (int i = 0; i < VALUES; i++) {
            sum[i] += other.values[i];
        }
        return new StatisticsCounts(sum);
    }

    /// What came since `earlier`, with the depth of now.
    public StatisticsCounts since(StatisticsCounts earlier) {
        long[] difference = values.clone();
        for (int i = DEPTH + 1; i < VALUES; i++) {
            difference[i] -= earlier.values[i];
        }
        return new StatisticsCounts(difference);
    }

    /// Commands that are started and not answered.
    public long depth() {
        return values[DEPTH];
    }

    public long refusals() {
        return at(StatisticsLayout.REFUSALS);
    }

    /// @param error a sense key, or one of the classes behind
    public long errors(int error) {
        return at(StatisticsLayout.ERRORS + 8 * error);
    }

    public long errors() {
        long sum = 0;
        for (int i = 0; i < StatisticsLayout.ERROR_CLASSES; i++) {
            sum += errors(i);
        }
        return sum;
    }

    public long commands(IoKind kind) {
        return at(StatisticsLayout.kind(kind) + StatisticsLayout.COMMANDS);
    }

    public long commands() {
        return commands(IoKind.READ) + commands(IoKind.WRITE) + commands(IoKind.OTHER);
    }

    public long bytes(IoKind kind) {
        return at(StatisticsLayout.kind(kind) + StatisticsLayout.BYTES);
    }

    /// The latency that `percent` of the commands did not exceed, in nanoseconds, 6 % off at most; 0 without commands.
    public long latencyNs(IoKind kind, double percent) {
        long total = 0;
        for (int i = 0; i < LatencyBuckets.COUNT; i++) {
            total += bucket(kind, i);
        }
        long wanted = Math.max(1, (long) Math.ceil(total * percent / 100));
        long seen = 0;
        for (int i = 0; i < LatencyBuckets.COUNT && total > 0; i++) {
            seen += bucket(kind, i);
            if (seen >= wanted) {
                return LatencyBuckets.middleNs(i);
            }
        }
        return 0;
    }

    private long bucket(IoKind kind, int index) {
        return at(StatisticsLayout.kind(kind) + StatisticsLayout.LATENCY + 8 * index);
    }

    private long at(int field) {
        return values[(field - StatisticsLayout.DEPTH) / Long.BYTES];
    }
}
