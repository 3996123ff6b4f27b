package io.trilane.hba.device;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Device models as text: a line `key = value` for each parameter, `#` begins a comment. A wrong line is refused with its
/// number. Times have `ns us ms s`, sizes `k m g KiB MiB GiB` (1024) or `KB MB GB` (1000), rates `KB/s MB/s GB/s` or
/// `KiB/s MiB/s GiB/s`.
///
/// | Key | Means | Left out |
/// |---|---|---|
/// | `name`, `description` | for people | the file's name, nothing |
/// | `members`, `stripe` | disks in the RAID-0, size on one before the next | 1, 64k |
/// | `channels` | commands that a member works on at the same time | 1 |
/// | `read`, `write` | a channel's time per command, besides its bytes | 0 |
/// | `rate` | rate between a channel and the medium | must be there |
/// | `seek-min`, `seek-full`, `rotation` | time of an arm: next track, edge to edge, a revolution | none |
/// | `cache`, `drain` | size of a member's write cache, rate to the medium | none |
/// | `link` | rate of what all members share, each way | must be there |
/// | `crossing`, `task` | the host's time per hand-over, and per task in it | 0 |
/// | `interrupt` | time per interrupt | 0 |
/// | `coalesce-count`, `coalesce-time` | completions per interrupt, longest wait for them | 1, 0 |
/// | `max-transfer` | size of the longest command; longer requests are several, one after another | 1m |
/// | `stall-every`, `stall-for` | time between pauses, and of each | never |
public final class DeviceModelFile {
    private DeviceModelFile() {}

    /// Every key, with the value that it has when it is left out; null: it must be there.
    enum Key {
        MEMBERS("members", Quantity.COUNT, "1"),
        STRIPE("stripe", Quantity.SIZE, "64k"),
        CHANNELS("channels", Quantity.COUNT, "1"),
        READ("read", Quantity.TIME, "0"),
        WRITE("write", Quantity.TIME, "0"),
        RATE("rate", Quantity.RATE, null),
        SEEK_MIN("seek-min", Quantity.TIME, "0"),
        SEEK_FULL("seek-full", Quantity.TIME, "0"),
        ROTATION("rotation", Quantity.TIME, "0"),
        CACHE("cache", Quantity.SIZE, "0"),
        DRAIN("drain", Quantity.RATE, "1B/s"),
        LINK("link", Quantity.RATE, null),
        CROSSING("crossing", Quantity.TIME, "0"),
        TASK("task", Quantity.TIME, "0"),
        INTERRUPT("interrupt", Quantity.TIME, "0"),
        COALESCE_COUNT("coalesce-count", Quantity.COUNT, "1"),
        COALESCE_TIME("coalesce-time", Quantity.TIME, "0"),
        MAX_TRANSFER("max-transfer", Quantity.SIZE, "1m"),
        STALL_EVERY("stall-every", Quantity.TIME, "0"),
        STALL_FOR("stall-for", Quantity.TIME, "0");

        private final String text;
        private final Quantity quantity;
        private final @Nullable String whenAbsent;

        Key(String text, Quantity quantity, @Nullable String whenAbsent) {
            this.text = text;
            this.quantity = quantity;
            this.whenAbsent = whenAbsent;
        }
    }

    private static final String NAME = "name";
    private static final String DESCRIPTION = "description";

    /// Reads a model.
    ///
    /// @param source for messages: the file's name
    /// @param lines  of the file
    public static DeviceModel parse(String source, List<String> lines) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            parseLine(source + " line " + (i + 1) + ": ", lines.get(i), values);
        }
        try {
            return model(source, values);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
        }
    }

    /// The text that [#parse] reads as the same model.
    public static String format(DeviceModel model) {
        StringBuilder text = new StringBuilder();
        text.append(NAME + " = ").append(model.name()).append('\n');
        text.append(DESCRIPTION + " = ").append(model.description()).append('\n');
        for (Key key : Key.values()) {
            text.append(key.text).append(" = ").append(key.quantity.format(value(model, key))).append('\n');
        }
        return text.toString();
    }

    private static void parseLine(String place, String line, Map<String, String> values) {
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#")) {
            return;
        }
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(
                    place + "'" + text + "' is not key = value, write one parameter per line");
        }
        String key = text.substring(0, equals).strip();
        String value = text.substring(equals + 1).strip();
        if (!key.equals(NAME) && !key.equals(DESCRIPTION)) {
            value = withoutComment(value);
            check(place, key, value);
        }
        if (values.put(key, value) != null) {
            throw new IllegalArgumentException(place + "key=" + key + " is given twice, give it once");
        }
    }

    private static String withoutComment(String value) {
        int comment = value.indexOf('#');
        return comment < 0 ? value : value.substring(0, comment).strip();
    }

    private static void check(String place, String name, String value) {
        for (Key key : Key.values()) {
            if (key.text.equals(name)) {
                try {
                    long _ = key.quantity.parse(name, value);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(place + e.getMessage(), e);
                }
                return;
            }
        }
        List<String> known = new ArrayList<>(List.of(NAME, DESCRIPTION));
        for (Key key : Key.values()) {
            known.add(key.text);
        }
        throw new IllegalArgumentException(place + "key=" + name + " is unknown, choose one of "
                + String.join(", ", known));
    }

    private static DeviceModel model(String source, Map<String, String> values) {
        Parameters given = new Parameters(values);
        DeviceModel.Arm arm =
                new DeviceModel.Arm(given.get(Key.SEEK_MIN), given.get(Key.SEEK_FULL), given.get(Key.ROTATION));
        if (given.get(Key.CACHE) > 0 && !values.containsKey(Key.DRAIN.text)) {
            throw new IllegalArgumentException("drain is missing but cache=" + given.get(Key.CACHE)
                    + " > 0, say how fast the cache empties, such as drain = 200MB/s");
        }
        DeviceModel.Member member = new DeviceModel.Member(given.count(Key.CHANNELS), given.get(Key.READ),
                given.get(Key.WRITE), given.get(Key.RATE), arm,
                new DeviceModel.Cache(given.get(Key.CACHE), given.get(Key.DRAIN)));
        DeviceModel.Host host = new DeviceModel.Host(given.get(Key.CROSSING), given.get(Key.TASK),
                given.get(Key.INTERRUPT), given.count(Key.COALESCE_COUNT), given.get(Key.COALESCE_TIME),
                given.get(Key.MAX_TRANSFER));
        return new DeviceModel(values.getOrDefault(NAME, source), values.getOrDefault(DESCRIPTION, ""),
                given.count(Key.MEMBERS), given.get(Key.STRIPE), member, given.get(Key.LINK), host,
                new DeviceModel.Stall(given.get(Key.STALL_EVERY), given.get(Key.STALL_FOR)));
    }

    /// What a file says.
    private record Parameters(Map<String, String> values) {
        long get(Key key) {
            String text = values.get(key.text);
            if (text == null) {
                text = key.whenAbsent;
            }
            if (text == null) {
                throw new IllegalArgumentException(key.text + " is missing, add a line such as " + key.text
                        + " = 500MB/s");
            }
            return key.quantity.parse(key.text, text);
        }

        int count(Key key) {
            return (int) Math.min(Integer.MAX_VALUE, get(key));
        }
    }

    private static long value(DeviceModel model, Key key) {
        DeviceModel.Member member = model.member();
        DeviceModel.Host host = model.host();
        return switch (key) {
            case MEMBERS -> model.members();
            case STRIPE -> model.stripeBytes();
            case CHANNELS -> member.channels();
            case READ -> member.readNs();
            case WRITE -> member.writeNs();
            case RATE -> member.bytesPerSecond();
            case SEEK_MIN -> member.arm().seekMinNs();
            case SEEK_FULL -> member.arm().seekFullNs();
            case ROTATION -> member.arm().rotationNs();
            case CACHE -> member.cache().bytes();
            case DRAIN -> member.cache().drainBytesPerSecond();
            case LINK -> model.linkBytesPerSecond();
            case CROSSING -> host.crossingNs();
            case TASK -> host.taskNs();
            case INTERRUPT -> host.interruptNs();
            case COALESCE_COUNT -> host.coalescedCount();
            case COALESCE_TIME -> host.coalescedNs();
            case MAX_TRANSFER -> host.maxTransferBytes();
            case STALL_EVERY -> model.stall().everyNs();
            case STALL_FOR -> model.stall().forNs();
        };
    }
}
