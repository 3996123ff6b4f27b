package io.trilane.tools.lab.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// One mapping of a description, read by key. A value that cannot be understood becomes a [Finding] and counts as not there; a
/// mapping, list or value in the place of another is an [UnreadableDescriptionException]. One thread.
final class Section {
    private final String name;
    private final int line;
    private final Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    private final List<Finding> findings;

    /// Keys that are not in `known` become findings; an empty `known` takes every key.
    Section(String name, YamlNode.Mapping mapping, Collection<String> known, List<Finding> findings) {
        this.name = name;
        this.line = mapping.line();
        this.findings = findings;
        for (YamlNode.Entry entry : mapping.entries()) {
            if (entries.putIfAbsent(entry.key(), entry) != null) {
                findings.add(Finding.description(entry.line(), path(entry.key()) + " is there twice",
                        "keep one of the two"));
            } else if (!known.isEmpty() && !known.contains(entry.key())) {
                findings.add(Finding.description(entry.line(), "key=" + entry.key() + " is unknown"
                        + (name.isEmpty() ? "" : " in " + name), Nearest.remedy(entry.key(), known)));
            }
        }
    }

    int line() {
        return line;
    }

    /// The line of a key, or of the section when it is not there.
    int line(String key) {
        YamlNode.Entry entry = entries.get(key);
        return entry == null ? line : entry.line();
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    List<String> keys() {
        return List.copyOf(entries.keySet());
    }

    /// `section.key`, for messages.
    String path(String key) {
        return name.isEmpty() ? key : name + "." + key;
    }

    void found(Finding finding) {
        findings.add(finding);
    }

    /// A section of this one; empty when it is not there.
    Optional<Section> section(String key, Collection<String> known) {
        YamlNode.Entry entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (entry.value() instanceof YamlNode.Mapping mapping) {
            return Optional.of(new Section(path(key), mapping, known, findings));
        }
        throw wrongShape(entry.line(), path(key), entry.value(), "key: value lines");
    }

    /// The mappings of a list; empty when it is not there.
    List<Section> sections(String key, Collection<String> known) {
        List<Section> sections = new ArrayList<>();
        List<YamlNode> items = items(key);
        for (int i = 0; i < items.size(); i++) {
            String path = path(key) + "[" + i + "]";
            if (!(items.get(i) instanceof YamlNode.Mapping mapping)) {
                throw wrongShape(items.get(i).line(), path, items.get(i), "key: value lines");
            }
            sections.add(new Section(path, mapping, known, findings));
        }
        return sections;
    }

    /// The words of a list, each once; empty when it is not there.
    Set<String> words(String key) {
        Set<String> words = new LinkedHashSet<>();
        for (YamlNode item : items(key)) {
            words.add(scalar(path(key), item).text());
        }
        return words;
    }

    /// The values of a list, with their lines.
    List<YamlNode.Scalar> values(String key) {
        return items(key).stream().map(item -> scalar(path(key), item)).toList();
    }

    Optional<String> word(String key) {
        YamlNode.Entry entry = entries.get(key);
        return entry == null ? Optional.empty() : Optional.of(scalar(path(key), entry.value()).text());
    }

    /// One of `choices`; another word is a finding.
    Optional<String> choice(String key, Collection<String> choices) {
        Optional<String> word = word(key);
        if (word.isPresent() && !choices.contains(word.get())) {
            findings.add(Finding.description(line(key), path(key) + "=" + word.get() + " is unknown",
                    Nearest.remedy(word.get(), choices)));
            return Optional.empty();
        }
        return word;
    }

    Optional<Boolean> flag(String key) {
        return choice(key, List.of("true", "false")).map(Boolean::valueOf);
    }

    /// A number from 0 up, decimal or 0x; anything else is a finding.
    OptionalLong number(String key) {
        return number(key, false);
    }

    /// The same, where all 64 bits may be set.
    OptionalLong bits(String key) {
        return number(key, true);
    }

    private OptionalLong number(String key, boolean unsigned) {
        Optional<String> word = word(key);
        return word.isEmpty() ? OptionalLong.empty() : number(path(key), line(key), word.get(), unsigned);
    }

    /// Reads one value as a number.
    OptionalLong number(String path, int at, String word, boolean unsigned) {
        try {
            boolean hex = word.startsWith("0x") || word.startsWith("0X");
            long value = hex ? Long.parseUnsignedLong(word.substring(2), 16) : unsigned ? Long.parseUnsignedLong(word)
                    : Long.parseLong(word);
            if (value >= 0 || unsigned || !hex) {
                return OptionalLong.of(value);
            }
        } catch (NumberFormatException _) {
            findings.add(Finding.description(at, path + "=" + word + " is not a whole number of 64 bits",
                    "write it as 4096 or 0x1000"));
            return OptionalLong.empty();
        }
        findings.add(Finding.description(at, path + "=" + word + " > " + Long.MAX_VALUE, "write a smaller one"));
        return OptionalLong.empty();
    }

    private List<YamlNode> items(String key) {
        YamlNode.Entry entry = entries.get(key);
        if (entry == null) {
            return List.of();
        }
        if (entry.value() instanceof YamlNode.Sequence sequence) {
            return sequence.items();
        }
        throw wrongShape(entry.line(), path(key), entry.value(), "a list");
    }

    private static YamlNode.Scalar scalar(String path, YamlNode node) {
        if (node instanceof YamlNode.Scalar scalar) {
            return scalar;
        }
        throw wrongShape(node.line(), path, node, "a value");
    }

    private static UnreadableDescriptionException wrongShape(int line, String path, YamlNode node, String expected) {
        return UnreadableDescriptionException.at(line, path + " is " + node.shape() + ", write " + expected);
    }

    /// Words of `words` that are not in `known` become findings; the rest is answered.
    Set<String> knownOf(String key, Set<String> words, Collection<String> known) {
        Set<String> good = new HashSet<>();
        for (String word : words) {
            if (known.contains(word)) {
                good.add(word);
            } else {
                findings.add(Finding.description(line(key), path(key) + "=" + word + " is unknown",
                        Nearest.remedy(word, known)));
            }
        }
        return good;
    }
}
