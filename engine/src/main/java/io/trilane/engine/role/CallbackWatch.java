package io.trilane.engine.role;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseLog;
import io.trilane.engine.controller.ReentrancyGuard;
import io.trilane.engine.controller.RoleActivity;
import java.util.ArrayList;
import java.util.List;

/// Names a callback that has not returned for a long time, with the stack of its thread. On a thread of its own, which
/// nothing of the controller's runs on. It measures the cycle that the callback is part of.
public final class CallbackWatch implements RoleWork {
    private static final int STACK_LINES = 12;

    private final RoleActivity[] activities;
    private final ReentrancyGuard guard;
    private final MisuseLog misuses;
    private final long limitNs;
    private final long[] reportedCycle;

    /// @param limitNs how long a callback may run
    public CallbackWatch(RoleActivity[] activities, ReentrancyGuard guard, MisuseLog misuses, long limitNs) {
        this.activities = activities.clone();
        this.guard = guard;
        this.misuses = misuses;
        this.limitNs = limitNs;
        this.reportedCycle = new long[activities.length];
    }

    @Override
    public int doWork(long nowNs) {
        for (int i = 0; i < activities.length; i++) {
            watch(i, nowNs);
        }
        return 0;
    }

    /// The fields are read without order: a report may be missed once, and is then made in the next cycle.
    private void watch(int index, long nowNs) {
        RoleActivity activity = activities[index];
        Callback callback = activity.callback();
        long sinceNs = activity.sinceNs();
        boolean isLate = activity.isBusy() && nowNs - sinceNs > limitNs;
        if (!isLate || reportedCycle[index] == sinceNs || guard.isWaiting(activity.role())) {
            return;
        }
        reportedCycle[index] = sinceNs;
        Thread worker = activity.worker();
        List<String> stack = new ArrayList<>();
        if (worker != null) {
            StackTraceElement[] frames = worker.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, STACK_LINES); i++) {
                stack.add("at " + frames[i]);
            }
        }
        String what = callback == null ? "a dispatched block" : "callback=" + callback;
        misuses.report(Misuse.CALLBACK_BLOCKED, () -> what + " role=" + activity.role()
                + " runsNs=" + (nowNs - sinceNs) + " > limitNs=" + limitNs, stack);
    }
}
