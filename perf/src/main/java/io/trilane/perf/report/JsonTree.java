package io.trilane.perf.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// A JSON text that somebody hands over: every value knows where it stands, and what is missing or of the wrong kind is
/// refused with that place. Immutable.
final class JsonTree {
    private static final long MAX_FILE_BYTES = 8L << 20;

    private final String place;
    private final String path;
    private final @Nullable Object value;

    private JsonTree(String place, String path, @Nullable Object value) {
        this.place = place;
        this.path = path;
        this.value = value;
    }

    /// @throws IllegalArgumentException no such file, too large, or not JSON
    static JsonTree read(Path file) {
        try {
            long bytes = Files.size(file);
            if (bytes > MAX_FILE_BYTES) {
                throw new IllegalArgumentException("file=" + file + " size=" + bytes + " > maxSize=" + MAX_FILE_BYTES
                        + ", this is no report");
            }
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException("file=" + file + " is no regular file, give a report's JSON file");
            }
            return parse(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("file=" + file + " cannot be read, give a report's JSON file",
                    new UncheckedIOException(e));
        }
    }

    /// @param name of the file, for errors
    /// @throws IllegalArgumentException not JSON
    static JsonTree parse(String name, byte[] json) {
        JsonFactory factory = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() == null) {
                throw new IllegalArgumentException("file=" + name + " is empty, give a report's JSON file");
            }
            JsonTree tree = value(parser, name, "");
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException(place(name, parser.currentTokenLocation())
                        + " goes on after the end of the report");
            }
            return tree;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(place(name, e.getLocation()) + " is not JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""), e);
        }
    }

    private static JsonTree value(JsonParser parser, String name, String path) {
        String place = place(name, parser.currentTokenLocation());
        JsonToken token = parser.currentToken();
        Object value = switch (token) {
            case START_OBJECT -> object(parser, name, path);
            case START_ARRAY -> array(parser, name, path);
            case VALUE_STRING -> parser.getString();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NUMBER_INT -> integer(parser, place);
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> null;
        };
        return new JsonTree(place, path, value);
    }

    private static Long integer(JsonParser parser, String place) {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new IllegalArgumentException(place + " number does not fit into 64 bits");
        }
        return parser.getLongValue();
    }

    private static Map<String, JsonTree> object(JsonParser parser, String name, String path) {
        Map<String, JsonTree> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            members.put(key, value(parser, name, path.isEmpty() ? key : path + "." + key));
        }
        return members;
    }

    private static List<JsonTree> array(JsonParser parser, String name, String path) {
        List<JsonTree> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser, name, path + "[" + elements.size() + "]"));
        }
        return elements;
    }

    private static String place(String name, @Nullable TokenStreamLocation at) {
        return "file=" + name + (at == null ? "" : " line=" + at.getLineNr() + " column=" + at.getColumnNr());
    }

    /// The member of this name, which must be there.
    JsonTree at(String key) {
        return find(key).orElseThrow(() -> refusal("has no \"" + key + "\""));
    }

    /// Empty when it is not there.
    Optional<JsonTree> find(String key) {
        if (!(value instanceof Map<?, ?> members)) {
            throw refusal("is not an object");
        }
        return members.get(key) instanceof JsonTree member ? Optional.of(member) : Optional.empty();
    }

    boolean isNull() {
        return value == null;
    }

    String text() {
        if (value instanceof String text) {
            return text;
        }
        throw refusal("is not a text");
    }

    boolean isTrue() {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw refusal("is not true or false");
    }

    long integer() {
        if (value instanceof Long number) {
            return number;
        }
        throw refusal("is not an integer");
    }

    /// @throws IllegalArgumentException not in `0..2^31-1`
    int count() {
        long number = integer();
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw refusal("is not in 0.." + Integer.MAX_VALUE);
        }
        return (int) number;
    }

    /// Null is what has no value: not a number.
    double number() {
        if (value == null) {
            return Double.NaN;
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return number;
        }
        if (value instanceof Long number) {
            return number.doubleValue();
        }
        throw refusal("is not a number");
    }

    /// Every element, as `read` understands it. What `read` refuses is refused with its place.
    <T> List<T> list(Function<JsonTree, T> read) {
        if (!(value instanceof List<?> elements)) {
            throw refusal("is not an array");
        }
        return elements.stream().map(JsonTree.class::cast).map(element -> element.as(read)).toList();
    }

    /// As [#list], of a stated length.
    <T> List<T> list(int length, Function<JsonTree, T> read) {
        List<T> elements = list(read);
        if (elements.size() != length) {
            throw refusal("has " + elements.size() + " elements != " + length);
        }
        return elements;
    }

    /// This as `read` understands it. An error that does not name a place gets this one.
    <T> T as(Function<JsonTree, T> read) {
        try {
            return read.apply(this);
        } catch (IllegalArgumentException e) {
            String text = String.valueOf(e.getMessage());
            throw text.startsWith("file=") ? e : new IllegalArgumentException(where() + ": " + text, e);
        }
    }

    IllegalArgumentException refusal(String what) {
        return new IllegalArgumentException(where() + " " + what);
    }

    private String where() {
        return path.isEmpty() ? place + ": the report" : place + ": " + path;
    }
}
