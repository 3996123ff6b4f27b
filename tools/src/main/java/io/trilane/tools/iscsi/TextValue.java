package io.trilane.tools.iscsi;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Values of text keys (RFC 7143 6.1): numbers, booleans, lists, binary. A value that is none is answered with a constant, never an
/// exception.
public final class TextValue {
    public static final String YES = "Yes";
    public static final String NO = "No";
    /// What [#number] answers for text that is no number, or one that does not fit.
    public static final int NOT_A_NUMBER = -1;
    /// Longest binary value of CHAP, in bytes (RFC 7143 12.1.3).
    public static final int MAX_BINARY_BYTES = 1024;

    private static final int MAX_DIGITS = 20;

    private TextValue() {}

    /// A decimal or hexadecimal constant up to 2^31 - 1.
    public static int number(String text) {
        boolean isHexadecimal = text.startsWith("0x") || text.startsWith("0X");
        int radix = isHexadecimal ? 16 : 10;
        String digits = isHexadecimal ? text.substring(2) : text;
        if (digits.isEmpty() || digits.length() > MAX_DIGITS) {
            return NOT_A_NUMBER;
        }
        long value = 0;
        for (int index = 0; index < digits.length(); index++) {
            char character = digits.charAt(index);
            int digit = character < 128 ? Character.digit(character, radix) : -1;
            value = value * radix + digit;
            if (digit < 0 || value > Integer.MAX_VALUE) {
                return NOT_A_NUMBER;
            }
        }
        return (int) value;
    }

    public static boolean isBoolean(String text) {
        return text.equals(YES) || text.equals(NO);
    }

    public static String ofBoolean(boolean value) {
        return value ? YES : NO;
    }

    /// The values between commas, in order.
    public static List<String> list(String text) {
        return List.of(text.split(",", -1));
    }

    /// A hexadecimal (0x) or base64 (0b) constant of 1 to [#MAX_BINARY_BYTES] bytes; null: it is none. An odd number of
    /// hexadecimal digits has a leading zero.
    public static byte @Nullable [] binary(String text) {
        byte[] bytes;
        if (text.startsWith("0x") || text.startsWith("0X")) {
            bytes = hexadecimal(text.substring(2));
        } else if (text.startsWith("0b") || text.startsWith("0B")) {
            bytes = base64(text.substring(2));
        } else {
            return null;
        }
        return bytes.length == 0 || bytes.length > MAX_BINARY_BYTES ? null : bytes;
    }

    /// `0x` and two lower-case digits a byte.
    public static String ofBinary(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    private static byte[] hexadecimal(String digits) {
        boolean legal = digits.length() <= 2 * MAX_BINARY_BYTES && digits.chars().allMatch(HexFormat::isHexDigit);
        String whole = digits.length() % 2 == 0 ? digits : "0" + digits;
        return legal ? HexFormat.of().parseHex(whole) : new byte[0];
    }

    private static byte[] base64(String digits) {
        try {
            return digits.length() <= 2 * MAX_BINARY_BYTES ? Base64.getDecoder().decode(digits) : new byte[0];
        } catch (IllegalArgumentException _) {
            return new byte[0]; // The decoder has no other way to say that it is none.
        }
    }
}
