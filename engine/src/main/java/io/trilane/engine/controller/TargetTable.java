package io.trilane.engine.controller;

import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which targets there are, and in which state. Changed by the control role; asked for each task by the submitting role,
/// and by anyone for information.
@HotPath
public final class TargetTable {
    private static final VarHandle BITS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int BITMAP_IDS = 65536;

    /// Where a target is in its life (`driverkit.md` 2.2). ABSENT is not being in the table.
    public enum State {
        CREATING, PRESENT, DESTROYING
    }

    private final CountersFile counters;
    private final Map<Long, State> states = new TreeMap<>();
    private final long[] accepting = new long[BITMAP_IDS / Long.SIZE];
    /// Accepting ids that the bitmap does not reach, ascending; replaced, never changed.
    private volatile long[] largeIds = {};
    private long initiatorId;
    private long highestId = -1;

    public TargetTable(CountersFile counters) {
        this.counters = counters;
    }

    /// Set once in bring-up.
    public void setRange(long initiator, long highest) {
        initiatorId = initiator;
        highestId = highest;
    }

    public long highestId() {
        return highestId;
    }

    /// True for an id that a target may have.
    public boolean isLegal(long targetId) {
        return targetId >= 0 && targetId <= highestId && targetId != initiatorId;
    }

    /// True while tasks for this target may reach the controller. Submitting role.
    public boolean accepts(long targetId) {
        if (targetId >= 0 && targetId < BITMAP_IDS) {
            return ((long) BITS.getAcquire(accepting, (int) (targetId >> 6)) >>> targetId & 1) != 0;
        }
        return Arrays.binarySearch(largeIds, targetId) >= 0;
    }

    /// Control role: tasks may or may not reach the controller from here on.
    public void setAccepts(long targetId, boolean accepts) {
        if (targetId < BITMAP_IDS) {
            int word = (int) (targetId >> 6);
            long bit = 1L << targetId;
            BITS.setRelease(accepting, word, accepts ? accepting[word] | bit : accepting[word] & ~bit);
        } else {
            largeIds = Arrays.stream(largeIds).filter(id -> id != targetId).toArray();
            if (accepts) {
                long[] more = Arrays.copyOf(largeIds, largeIds.length + 1);
                more[largeIds.length] = targetId;
                Arrays.sort(more);
                largeIds = more;
            }
        }
    }

    /// The state, or null when there is no such target.
    public synchronized @Nullable State state(long targetId) {
        return states.get(targetId);
    }

    /// Control role: the next state; null removes the target.
    public synchronized void setState(long targetId, @Nullable State state) {
        if (state == null) {
            states.remove(targetId);
        } else {
            states.put(targetId, state);
        }
        counters.set(EngineCounter.TARGETS, ids(State.PRESENT).size());
    }

    /// Ids of the targets that are present, ascending.
    public List<Long> present() {
        return ids(State.PRESENT);
    }

    /// All ids, whatever their state, ascending.
    public synchronized List<Long> all() {
        return List.copyOf(states.keySet());
    }

    private synchronized List<Long> ids(State wanted) {
        List<Long> ids = new ArrayList<>();
        states.forEach((id, state) -> {
            if (state == wanted) {
                ids.add(id);
            }
        });
        return ids;
    }
}
