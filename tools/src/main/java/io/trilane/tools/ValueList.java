package io.trilane.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/// Values of one option, ascending and each once: `4k,64k,1m`, or `4k..1m` with each value twice the one before, and
/// the end in any case. Stateless.
final class ValueList {
    private static final String RANGE = "..";
    private static final int MAX_VALUES = 64;

    private ValueList() {}

    static List<Long> sizes(String option, String text) {
        return values(option, text, item -> Quantities.positiveSize(option, item));
    }

    static List<Integer> counts(String option, String text) {
        return values(option, text, item -> count(option, item)).stream().map(Math::toIntExact).toList();
    }

    private static List<Long> values(String option, String text, ToLongFunction<String> parser) {
        TreeSet<Long> values = new TreeSet<>();
        for (String item : text.split(",", -1)) {
            int range = item.indexOf(RANGE);
            if (range < 0) {
                values.add(parser.applyAsLong(item.strip()));
            } else {
                values.addAll(doubling(option, item, parser.applyAsLong(item.substring(0, range).strip()),
                        parser.applyAsLong(item.substring(range + RANGE.length()).strip())));
            }
        }
        if (values.size() > MAX_VALUES) {
            throw new IllegalArgumentException(option + "=" + text + " values=" + values.size() + " > " + MAX_VALUES
                    + ", name fewer");
        }
        return List.copyOf(values);
    }

    private static List<Long> doubling(String option, String item, long first, long last) {
        if (first > last) {
            throw new IllegalArgumentException(
                    option + "=" + item + " begins above its end, write it the other way round");
        }
        List<Long> values = new ArrayList<>();
        for (long value = first; value < last && value > 0; value *= 2) {
            values.add(value);
        }
        values.add(last);
        return values;
    }

    private static long count(String option, String item) {
        if (!item.matches("\\d{1,6}") || Integer.parseInt(item) == 0) {
            throw new IllegalArgumentException(option + "=" + item
                    + " is not a positive number, write a list such as 1,8,32 or 1..64");
        }
        return Integer.parseInt(item);
    }
}
