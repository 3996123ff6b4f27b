package io.trilane.perf.report;

import java.util.ArrayDeque;
import java.util.Deque;

/// Writes HTML and SVG, element by element. Every text and every value of an attribute is escaped, so that nothing that a
/// user named can become markup. One use, one thread.
final class Markup {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /// @param attributes names and values in turn
    Markup open(String name, String... attributes) {
        start(name, attributes);
        out.append('>');
        open.push(name);
        return this;
    }

    Markup close() {
        out.append("</").append(open.pop()).append(">\n");
        return this;
    }

    /// An element that has nothing in it.
    Markup leaf(String name, String... attributes) {
        start(name, attributes);
        out.append("/>");
        return this;
    }

    /// An element with text in it.
    Markup element(String name, String content, String... attributes) {
        start(name, attributes);
        out.append('>').append(escape(content)).append("</").append(name).append('>');
        return this;
    }

    Markup text(String content) {
        out.append(escape(content));
        return this;
    }

    /// As it is: only for what this program wrote.
    Markup raw(String markup) {
        out.append(markup);
        return this;
    }

    /// Everything so far; no element is open.
    String finish() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("open elements=" + open + ", close them first");
        }
        return out.toString();
    }

    private void start(String name, String... attributes) {
        out.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"").append(escape(attributes[i + 1])).append('"');
        }
    }

    /// For text and for values in double quotes. What XML 1.0 (2.2) does not know becomes U+FFFD.
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isCharacter(c) ? c : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    private static boolean isCharacter(int c) {
        return c == '\t' || c == '\n' || c == '\r' || c >= 0x20 && c < 0x7F || c >= 0xA0 && c < 0xD800
                || c >= 0xE000 && c < 0xFFFE || c >= 0x10000;
    }
}
