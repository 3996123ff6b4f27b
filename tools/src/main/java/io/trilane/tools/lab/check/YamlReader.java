package io.trilane.tools.lab.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads the YAML that a description may use: one document of mappings, lists and values. Built from the parser's events, so
/// that the bounds hold while the file is read: anchors and aliases (which can make a small file huge), tags, deep nesting and
/// large files are refused.
final class YamlReader {
    static final int MAX_BYTES = 1 << 20;
    static final int MAX_DEPTH = 16;

    private final Iterator<Event> events;

    private YamlReader(String text) {
        events = new Parse(LoadSettings.builder().setCodePointLimit(MAX_BYTES).setParseComments(false).build())
                .parseString(text).iterator();
    }

    /// Reads a file; whatever is wrong with it is an [UnreadableDescriptionException].
    static YamlNode.Mapping read(Path file) {
        byte[] bytes;
        try {
            bytes = bytesOf(file);
        } catch (IOException | SecurityException e) {
            throw new UnreadableDescriptionException("file=" + file + " cannot be read (" + reason(e) + ")");
        }
        try {
            return read(bytes);
        } catch (UnreadableDescriptionException e) {
            throw new UnreadableDescriptionException(
                    "file=" + file + " is no controller description, " + e.getMessage());
        }
    }

    /// Reads bytes.
    static YamlNode.Mapping read(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new UnreadableDescriptionException("bytes=" + bytes.length + " > " + MAX_BYTES + ", shorten it");
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return new YamlReader(text).document();
        } catch (CharacterCodingException _) {
            throw new UnreadableDescriptionException("it is not UTF-8 text");
        } catch (MarkedYamlEngineException e) {
            throw UnreadableDescriptionException.at(lineOf(e.getProblemMark()), "not YAML (" + e.getProblem() + ")");
        } catch (YamlEngineException e) {
            throw new UnreadableDescriptionException("not YAML (" + e.getMessage() + ")");
        }
    }

    private static byte[] bytesOf(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("it is a directory");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
    }

    private static String reason(Exception e) {
        return e instanceof NoSuchFileException ? "it does not exist" : String.valueOf(e.getMessage());
    }

    private YamlNode.Mapping document() {
        YamlNode root = null;
        while (events.hasNext()) {
            Event event = events.next();
            if (!(event instanceof NodeEvent node)) {
                continue;
            }
            if (root != null) {
                throw UnreadableDescriptionException.at(lineOf(node.getStartMark()),
                        "a second document begins, describe one controller");
            }
            root = node(node, 1);
        }
        if (!(root instanceof YamlNode.Mapping mapping)) {
            throw new UnreadableDescriptionException(root == null ? "it is empty"
                    : "it is " + root.shape() + " where key: value lines are expected");
        }
        return mapping;
    }

    private YamlNode node(NodeEvent event, int depth) {
        int line = lineOf(event.getStartMark());
        if (event instanceof AliasEvent || event.getAnchor().isPresent()) {
            throw UnreadableDescriptionException.at(line, "anchors and aliases are not taken, write the value out");
        }
        if (depth > MAX_DEPTH) {
            throw UnreadableDescriptionException.at(line, "depth=" + depth + " > " + MAX_DEPTH + ", nest less");
        }
        requireNoTag(event, line);
        return switch (event) {
            case ScalarEvent scalar -> new YamlNode.Scalar(line, scalar.getValue());
            case SequenceStartEvent _ -> sequence(line, depth);
            case MappingStartEvent _ -> mapping(line, depth);
            default -> throw UnreadableDescriptionException.at(line, "event=" + event + " is unknown");
        };
    }

    private static void requireNoTag(NodeEvent event, int line) {
        Optional<String> tag = switch (event) {
            case ScalarEvent scalar -> scalar.getTag();
            case CollectionStartEvent collection -> collection.getTag();
            default -> Optional.empty();
        };
        if (tag.isPresent()) {
            throw UnreadableDescriptionException.at(line, "tag=" + tag.get() + " is not taken, leave it out");
        }
    }

    private YamlNode sequence(int line, int depth) {
        List<YamlNode> items = new ArrayList<>();
        for (Event next = events.next(); !(next instanceof SequenceEndEvent); next = events.next()) {
            items.add(node((NodeEvent) next, depth + 1));
        }
        return new YamlNode.Sequence(line, items);
    }

    private YamlNode mapping(int line, int depth) {
        List<YamlNode.Entry> entries = new ArrayList<>();
        for (Event next = events.next(); !(next instanceof MappingEndEvent); next = events.next()) {
            YamlNode key = node((NodeEvent) next, depth + 1);
            if (!(key instanceof YamlNode.Scalar name)) {
                throw UnreadableDescriptionException.at(key.line(), "a key is " + key.shape() + ", write a word");
            }
            entries.add(new YamlNode.Entry(name.line(), name.text(), node((NodeEvent) events.next(), depth + 1)));
        }
        return new YamlNode.Mapping(line, entries);
    }

    private static int lineOf(Optional<Mark> mark) {
        return mark.map(place -> place.getLine() + 1).orElse(1);
    }
}
