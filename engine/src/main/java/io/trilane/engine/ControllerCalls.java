package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.RoleActivity;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Calls of the control role into the controller that are not on the data path: names the callback while it runs, and
/// takes an exception as the worst answer.
final class ControllerCalls {
    private final RoleActivity activity;
    private final CountersFile counters;

    ControllerCalls(RoleActivity activity, CountersFile counters) {
        this.activity = activity;
        this.counters = counters;
    }

    /// False also when the controller throws.
    boolean ask(Callback callback, BooleanSupplier body) {
        return number(callback, () -> body.getAsBoolean() ? 1 : 0) != 0;
    }

    void run(Callback callback, Runnable body) {
        long _ = number(callback, () -> {
            body.run();
            return 1;
        });
    }

    /// 0 also when the controller throws.
    long number(Callback callback, LongSupplier body) {
        Callback outer = activity.callback();
        activity.setCallback(callback);
        try {
            return body.getAsLong();
        } catch (RuntimeException | Error e) {
            counters.increment(EngineCounter.CONTROLLER_ERRORS);
            System.getLogger("io.trilane.engine").log(System.Logger.Level.ERROR, "callback=" + callback + " failed",
                    e);
            return 0;
        } finally {
            activity.setCallback(outer);
        }
    }
}
