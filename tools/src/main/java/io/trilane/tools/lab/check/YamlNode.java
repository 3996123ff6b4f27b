package io.trilane.tools.lab.check;

import java.util.List;

/// A piece of a YAML file that knows its line, counted from 1. Immutable.
sealed interface YamlNode {
    int line();

    /// What the shape is called in a message.
    String shape();

    /// One value. Empty text is a value that was left out.
    record Scalar(int line, String text) implements YamlNode {
        @Override
        public String shape() {
            return "a value";
        }
    }

    /// `- a` lines, or `[a, b]`.
    record Sequence(int line, List<YamlNode> items) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String shape() {
            return "a list";
        }
    }

    /// `key: value` lines in the order of the file; a key may be there twice.
    record Mapping(int line, List<Entry> entries) implements YamlNode {
        public Mapping {
            entries = List.copyOf(entries);
        }

        @Override
        public String shape() {
            return "a mapping";
        }
    }

    /// One `key: value`.
    record Entry(int line, String key, YamlNode value) {}
}
