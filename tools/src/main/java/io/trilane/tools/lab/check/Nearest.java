package io.trilane.tools.lab.check;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the word that somebody may have meant. Stateless.
public final class Nearest {
    private static final int MAX_WORD = 80;

    private Nearest() {}

    /// The first of `known` that begins so, else the nearest, unless none is near.
    public static Optional<String> of(String word, Collection<String> known) {
        if (word.isEmpty() || word.length() > MAX_WORD) {
            return Optional.empty();
        }
        Optional<String> begun = known.stream().filter(candidate -> word.length() > 2 && candidate.startsWith(word))
                .min(Comparator.naturalOrder());
        if (begun.isPresent()) {
            return begun;
        }
        int allowed = Math.max(2, word.length() / 4);
        return known.stream().filter(candidate -> distance(word, candidate) <= allowed)
                .min(Comparator.comparingInt((String candidate) -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /// `did you mean X`, else `choose one of ...`.
    public static String remedy(String word, Collection<String> known) {
        return of(word, known).map(near -> "did you mean " + near + "?")
                .orElseGet(() -> "choose one of " + String.join(", ", known));
    }

    /// Insertions, removals and exchanges between two words, capitals ignored.
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int exchanged = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchanged, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
