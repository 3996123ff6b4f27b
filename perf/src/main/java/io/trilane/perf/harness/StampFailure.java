package io.trilane.perf.harness;

import java.util.Locale;

/// One block that was not what it had to be.
///
/// @param image    its name
/// @param lba      logical block address
/// @param expected in words
/// @param found    in words
public record StampFailure(String image, long lba, Stamp.Verdict verdict, String expected, String found) {
    @Override
    public String toString() {
        return "image=" + image + " lba=" + lba + " " + verdict.name().toLowerCase(Locale.ROOT)
                + ": expected " + expected + ", found " + found;
    }
}
