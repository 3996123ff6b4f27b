package io.trilane.engine.queue;

import org.jspecify.annotations.Nullable;

/// The answer to a message, written once by the role that handled it, read by whoever sent it.
///
/// @param <T> the answer
public final class Reply<T> {
    private volatile @Nullable T value;

    /// The handling role, once.
    public void complete(T answer) {
        if (value != null) {
            throw new IllegalStateException("reply=" + answer + " after reply=" + value + ", answer a message once");
        }
        value = answer;
    }

    public boolean isDone() {
        return value != null;
    }

    /// The answer, or null before there is one.
    public @Nullable T get() {
        return value;
    }
}
