package io.trilane.tools.initiator.slot;

import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.RequestObserver;
import io.trilane.perf.harness.RwMode;
import io.trilane.perf.harness.Workload;
import java.util.ArrayList;
import java.util.List;

/// Puts requests on a target as a driver does, with a limit on every wait.
public final class Runs {
    private static final long PATIENCE_NS = 30_000_000_000L;

    private Runs() {}

    public static Workload workload(RwMode mode, long requestBytes, int depth) {
        return Workload.of(mode, requestBytes, depth);
    }

    public static Workload durable(RwMode mode, long requestBytes, int depth) {
        return new Workload(mode, 50, requestBytes, depth, 1, true, 1, false);
    }

    /// One request per `stepBytes` from the start of the disk on.
    public static List<Long> each(RequestKind kind, int count, long stepBytes) {
        List<Long> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(Request.of(kind, i * stepBytes, 0, 0));
        }
        return requests;
    }

    /// All of them, as many at a time as the target takes; returns how many came back.
    public static int run(LoadTarget target, List<Long> requests) {
        int next = 0;
        int finished = 0;
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (finished < requests.size()) {
            int room = target.begin(requests.size() - next);
            for (int i = 0; i < room && target.add(requests.get(next)); i++) {
                next++;
            }
            target.submit();
            finished += target.poll();
            requirePatience(endNs, target);
        }
        return finished;
    }

    public static int run(LoadTarget target, RequestKind kind, long offsetBytes) {
        return run(target, List.of(Request.of(kind, offsetBytes, 0, 0)));
    }

    /// Hands one over without waiting for it.
    public static void start(LoadTarget target, RequestKind kind, long offsetBytes) {
        if (target.begin(1) != 1 || !target.add(Request.of(kind, offsetBytes, 0, 0))) {
            throw new AssertionError("refused");
        }
        target.submit();
    }

    /// Until nothing is in flight; returns how many came back.
    public static int drain(LoadTarget target) {
        int finished = 0;
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (target.inFlight() > 0) {
            finished += target.poll();
            requirePatience(endNs, target);
        }
        return finished;
    }

    /// Remembers what slots are busy with.
    public abstract static class SlotObserver implements RequestObserver {
        private final long[] requests = new long[2048];
        private int good;
        private int bad;

        @Override
        public final void onAdded(int slot, long request) {
            requests[slot] = request;
            added(slot, request);
        }

        @Override
        public final void onFinished(int slot, boolean isGood) {
            good += isGood ? 1 : 0;
            bad += isGood ? 0 : 1;
            finished(slot, requests[slot], isGood);
        }

        public int good() {
            return good;
        }

        public int bad() {
            return bad;
        }

        protected void added(int slot, long request) {}

        protected void finished(int slot, long request, boolean isGood) {}
    }

    private static void requirePatience(long endNs, LoadTarget target) {
        if (System.nanoTime() > endNs) {
            throw new AssertionError("hangs with inFlight=" + target.inFlight());
        }
    }
}
