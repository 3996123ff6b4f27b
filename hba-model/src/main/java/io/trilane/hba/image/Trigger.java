package io.trilane.hba.image;

import java.util.random.RandomGenerator;

/// Decides which operations a faulty image spoils: asked once for each operation of the kind that the image is about,
/// in order. Owned by one image.
@FunctionalInterface
public interface Trigger {
    /// Whether it is this one.
    boolean fires();

    /// The `n`-th operation alone, counted from 1.
    static Trigger nth(long n) {
        return new Trigger() {
            private long seen;

            @Override
            public boolean fires() {
                return ++seen == n;
            }
        };
    }

    /// One in `n` on average; repeatable with the seed of `random`.
    static Trigger oneIn(RandomGenerator random, int n) {
        return () -> random.nextInt(n) == 0;
    }
}
