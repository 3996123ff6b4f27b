package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.task.Role;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Sits between a driver and the framework, on the way of completions: keeps some tokens back, gives some twice, or loses
/// some. Everything else passes. Armed and asked by the scenario, works on the interrupt role.
final class CompletionTap {
    private static final int ONE_IN = 8;

    /// What it does to a token that it picks.
    enum Fault {
        NONE, LATE, DOUBLE, LOST
    }

    private final RandomGenerator random;
    private final List<Long> withheld = new ArrayList<>();
    private volatile Fault fault = Fault.NONE;
    private final AtomicInteger picked = new AtomicInteger();
    private @Nullable Framework framework;
    private @Nullable Completer completer;

    CompletionTap(RandomGenerator random) {
        this.random = random;
    }

    /// From here on.
    void arm(Fault newFault) {
        fault = newFault;
    }

    /// How many tokens it did something to.
    int picked() {
        return picked.get();
    }

    /// The framework as the driver should see it.
    Framework around(Framework real) {
        framework = real;
        Role interrupts = real.contract().role(Callback.INTERRUPT);
        Completer tapped = tapped(real.completer(interrupts));
        return (Framework) Proxy.newProxyInstance(Framework.class.getClassLoader(), new Class<?>[]{Framework.class},
                (_, method, arguments) -> {
                    if (method.getName().equals("completer") && arguments[0] == interrupts) {
                        return tapped;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw Objects.requireNonNull(e.getCause());
                    }
                });
    }

    /// Gives back, on the interrupt role, what was kept.
    boolean releaseWithheld() {
        return Objects.requireNonNull(framework).dispatch(Role.INTERRUPT, () -> {
            withheld.forEach(Objects.requireNonNull(completer)::complete);
            withheld.clear();
        });
    }

    private Completer tapped(Completer real) {
        completer = real;
        return new Completer() {
            @Override
            public void complete(long token) {
                Fault picks = fault != Fault.NONE && random.nextInt(ONE_IN) == 0 ? fault : Fault.NONE;
                if (picks != Fault.NONE) {
                    picked.incrementAndGet();
                }
                if (picks == Fault.LATE) {
                    withheld.add(token);
                } else if (picks != Fault.LOST) {
                    real.complete(token);
                }
                if (picks == Fault.DOUBLE) {
                    real.complete(token);
                }
            }

            @Override
            public void complete(long[] tokens, int count) {
                for (int i = 0; i < count; i++) {
                    complete(tokens[i]);
                }
            }
        };
    }
}
