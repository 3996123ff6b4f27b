package io.trilane.hba.image;

import java.util.Locale;

/// Sizes as people type them: `4096`, `4k`, `1m`, `1g`, `1t`, `1p`, in powers of 1024. Stateless.
public final class ByteSize {
    private static final String UNITS = "kmgtp";
    private static final int UNIT_SHIFT = 10;

    private ByteSize() {}

    /// Bytes of `text`; upper and lower case mean the same.
    public static long parse(String text) {
        String digits = text.toLowerCase(Locale.ROOT);
        int shift = 0;
        if (!digits.isEmpty()) {
            int unit = UNITS.indexOf(digits.charAt(digits.length() - 1));
            if (unit >= 0) {
                shift = (unit + 1) * UNIT_SHIFT;
                digits = digits.substring(0, digits.length() - 1);
            }
        }
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new ImageException("size=" + text + " is not a size, write 4096, 4k, 1m, 1g or 1t");
        }
        try {
            return Math.multiplyExact(Long.parseLong(digits), 1L << shift);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new ImageException("size=" + text + " > maxSize=" + Long.MAX_VALUE + ", choose a smaller size", e);
        }
    }

    /// The shortest text that [#parse] turns into the same number.
    public static String format(long bytes) {
        if (bytes == 0) {
            return "0";
        }
        int units = Math.min(Long.numberOfTrailingZeros(bytes) / UNIT_SHIFT, UNITS.length());
        return units == 0 ? Long.toString(bytes) : (bytes >> units * UNIT_SHIFT) + UNITS.substring(units - 1, units);
    }
}
