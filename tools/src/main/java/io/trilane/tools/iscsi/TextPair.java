package io.trilane.tools.iscsi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One `key=value` of Login and Text data (RFC 7143 6.1).
public record TextPair(String key, String value) {
    public static final int MAX_KEY_BYTES = 63;

    // Answers that every key may get (RFC 7143 6.2).
    public static final String REJECT = "Reject";
    public static final String IRRELEVANT = "Irrelevant";
    public static final String NOT_UNDERSTOOD = "NotUnderstood";
    public static final String NONE = "None";

    private static final int SHOWN_CHARACTERS = 80;

    /// The pairs of a whole negotiation text, or what is wrong with its format.
    ///
    /// @param pairs in the order of arrival
    /// @param fault null: none
    public record Pairs(List<TextPair> pairs, @Nullable String fault) {}

    /// Takes `key=value` pairs apart, each ended by a zero byte. Empty strings between zero bytes are skipped.
    public static Pairs parse(byte[] text) {
        List<TextPair> pairs = new ArrayList<>();
        int start = 0;
        while (start < text.length) {
            int end = indexOf(text, (byte) 0, start, text.length);
            if (end < 0) {
                return new Pairs(List.of(), "a key=value pair without its zero byte");
            }
            int equals = indexOf(text, (byte) '=', start, end);
            if (end > start && !isKey(text, start, equals)) {
                return new Pairs(List.of(), "a key that is not 1 to 63 printable characters before an equals sign");
            }
            if (end > start) {
                pairs.add(new TextPair(string(text, start, equals), string(text, equals + 1, end)));
            }
            start = end + 1;
        }
        return new Pairs(pairs, null);
    }

    /// For people: the pair, cut and without control characters; what a stranger sent cannot forge a line of the log.
    public String shown() {
        String text = key + "=" + value;
        String cut = text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + "..." : text;
        return cut.replaceAll("[^\\p{Print}]", "?");
    }

    private static boolean isKey(byte[] text, int start, int end) {
        if (end <= start || end - start > MAX_KEY_BYTES) {
            return false;
        }
        for (int index = start; index < end; index++) {
            if (text[index] <= ' ' || text[index] > '~') {
                return false;
            }
        }
        return true;
    }

    private static int indexOf(byte[] text, byte wanted, int from, int to) {
        for (int index = from; index < to; index++) {
            if (text[index] == wanted) {
                return index;
            }
        }
        return -1;
    }

    private static String string(byte[] text, int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }
}
