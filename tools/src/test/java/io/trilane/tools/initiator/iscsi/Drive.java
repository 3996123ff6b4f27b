package io.trilane.tools.initiator.iscsi;

import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.RequestObserver;
import io.trilane.perf.harness.RwMode;
import io.trilane.perf.harness.Workload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;

/// Drives a target by hand: one request at a time, with its data.
final class Drive implements RequestObserver {
    private final IscsiLoadTarget target;
    /// Of the requests that were added, oldest first.
    final Deque<Integer> slots = new ArrayDeque<>();
    /// How those that came back ended, oldest first.
    final Deque<Boolean> results = new ArrayDeque<>();

    Drive(LoadTarget target) {
        this.target = (IscsiLoadTarget) target;
        target.observe(this);
    }

    static Workload workload(RwMode mode, long bytes, int depth) {
        return Workload.of(mode, bytes, depth);
    }

    @Override
    public void onAdded(int slot, long request) {
        slots.add(slot);
    }

    @Override
    public void onFinished(int slot, boolean good) {
        results.add(good);
    }

    /// One request, waited for; true when it was good.
    boolean run(RequestKind kind, long offset) {
        add(kind, offset);
        target.submit();
        return await();
    }

    void add(RequestKind kind, long offset) {
        while (target.begin(1) == 0) {
            int _ = target.poll();
        }
        boolean _ = target.add(Request.of(kind, offset, 0, 0));
    }

    /// The next that comes back.
    boolean await() {
        while (results.isEmpty()) {
            int _ = target.poll();
        }
        return results.remove();
    }

    /// What the next request will use: slots are used in turn, so depth is 1.
    void put(byte[] data) {
        MemorySegment.copy(data, 0, target.memory().memory(), ValueLayout.JAVA_BYTE, 0, data.length);
    }

    byte[] get(int length) {
        byte[] data = new byte[length];
        MemorySegment.copy(target.memory().memory(), ValueLayout.JAVA_BYTE, 0, data, 0, length);
        return data;
    }
}
