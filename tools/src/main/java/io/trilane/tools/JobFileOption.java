package io.trilane.tools;

import io.trilane.perf.harness.OffsetDistribution;
import io.trilane.perf.harness.RequestSizes;
import io.trilane.perf.harness.RwMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What one fio option means here. Immutable.
///
/// @param argument the option of the command line with the same values, or empty
/// @param note     what is to be said when it is given, or empty
record JobFileOption(Form form, String argument, String note) {
    /// How its value looks.
    enum Form {
        MODE,
        /// Of a request.
        LENGTH, LENGTHS,
        /// Of the region, at least 1, and where it begins.
        SIZE, PLACE, TIME, NUMBER, PERCENT,
        /// What is left to 100 of that percentage.
        COMPLEMENT, DISTRIBUTION, FILES, CHECKSUM, PROCESS,
        /// Durable writes: `sync`.
        DURABLE,
        /// Bare, 0 or 1; it steers how the file is run.
        FLAG,
        /// Anything: it changes nothing here.
        IGNORED
    }

    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final int MOST = 999_999_999;
    private static final int PERCENT = 100;
    private static final String NO_CACHE = "images are mapped memory, there is no cache to go round";
    private static final Map<String, JobFileOption> KNOWN = known();
    private static final Map<String, String> REMEDIES = remedies();

    /// The option of this name, or null: there is none here.
    static @Nullable JobFileOption of(String name) {
        return KNOWN.get(name);
    }

    /// What to do instead of an option that does not exist.
    static String remedy(String name) {
        return REMEDIES.getOrDefault(name, "remove it");
    }

    /// The value as the command line takes it.
    ///
    /// @throws IllegalArgumentException with the line
    String value(JobFile.Setting setting) {
        String name = setting.option();
        String text = form == Form.FLAG || form == Form.IGNORED ? setting.value() : oneValue(setting);
        try {
            switch (form) {
                case MODE -> {
                    RwMode _ = RwMode.parse(text);
                }
                case LENGTH -> {
                    RequestSizes _ = RequestSizes.of(Quantities.positiveSize(name, text));
                }
                case SIZE -> {
                    long _ = Quantities.positiveSize(name, text);
                }
                case PLACE -> {
                    long _ = Quantities.size(name, text);
                }
                case LENGTHS -> {
                    RequestSizes _ = RequestSizes.parse(text);
                }
                case TIME -> {
                    long _ = Quantities.timeNs(name, text);
                }
                case NUMBER -> {
                    int _ = number(name, text, Integer.MAX_VALUE);
                }
                case PERCENT -> {
                    int _ = number(name, text, PERCENT);
                }
                case DISTRIBUTION -> {
                    OffsetDistribution _ = OffsetDistribution.parse(text);
                }
                case CHECKSUM -> require(name, text, List.of("crc32c"));
                case PROCESS -> require(name, text, List.of("linear", "poisson"));
                case DURABLE -> require(name, text, List.of("0", "1", "none", "sync", "dsync"));
                case FLAG -> require(name, text, List.of("", "0", "1"));
                case COMPLEMENT -> {
                    return Integer.toString(PERCENT - number(name, text, PERCENT));
                }
                case FILES, IGNORED -> {
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + setting.line() + ": " + e.getMessage(), e);
        }
        return text;
    }

    /// fio takes values for reads, writes and trims apart, `4k,64k`; here they must be the same.
    private String oneValue(JobFile.Setting setting) {
        if (setting.value().isEmpty()) {
            throw JobFile.refusal(setting.line(), setting.option() + " has no value, write " + setting.option()
                    + "=value");
        }
        if (setting.value().contains("$")) {
            throw JobFile.refusal(setting.line(), setting.text() + " has a variable, write what it stands for");
        }
        if (form == Form.FILES) {
            return setting.value();
        }
        String[] values = setting.value().split(",", -1);
        if (Arrays.stream(values).distinct().count() > 1) {
            throw JobFile.refusal(setting.line(), setting.text()
                    + " has a value for each kind of request, give one for all");
        }
        return values[0];
    }

    private static int number(String name, String text, int most) {
        if (!NUMBER.matcher(text).matches() || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(name + "=" + text + " is not a number, write one of 0.."
                    + Math.min(most, MOST));
        }
        return Integer.parseInt(text);
    }

    private static void require(String name, String text, List<String> legal) {
        if (!legal.contains(text)) {
            throw new IllegalArgumentException(name + "=" + text + " is unknown, choose "
                    + String.join(", ", legal.stream().filter(value -> !value.isEmpty()).toList()));
        }
    }

    private static Map<String, JobFileOption> known() {
        Map<String, JobFileOption> known = new TreeMap<>();
        put(known, Form.MODE, "--rw", "rw", "readwrite");
        put(known, Form.LENGTH, "--bs", "bs", "blocksize");
        put(known, Form.LENGTHS, "--bssplit", "bssplit");
        put(known, Form.DISTRIBUTION, "--random_distribution", "random_distribution");
        put(known, Form.PERCENT, "--rwmixread", "rwmixread");
        put(known, Form.COMPLEMENT, "--rwmixread", "rwmixwrite");
        // One command makes data durable, whatever else fsync does.
        put(known, Form.NUMBER, "--fsync", "fsync", "fdatasync");
        put(known, Form.NUMBER, "--iodepth", "iodepth");
        put(known, Form.NUMBER, "--bundle", "iodepth_batch", "iodepth_batch_submit");
        put(known, Form.NUMBER, "--numjobs", "numjobs");
        put(known, Form.SIZE, "--size", "size");
        put(known, Form.PLACE, "--offset", "offset");
        put(known, Form.TIME, "--runtime", "runtime", "timeout");
        put(known, Form.TIME, "--ramp_time", "ramp_time");
        put(known, Form.NUMBER, "--number_ios", "number_ios");
        put(known, Form.NUMBER, "--randseed", "randseed");
        put(known, Form.NUMBER, "--rate_iops", "rate_iops");
        put(known, Form.PROCESS, "--rate_process", "rate_process");
        put(known, Form.FILES, "--image", "filename");
        put(known, Form.CHECKSUM, "--verify", "verify");
        put(known, Form.DURABLE, "--fua", "sync");
        put(known, Form.FLAG, "", "stonewall", "wait_for_previous", "time_based");
        put(known, Form.IGNORED, "", "name", "description");
        ignored(known, NO_CACHE, "direct", "buffered", "invalidate");
        ignored(known, "requests go through the engine", "ioengine");
        ignored(known, "jobs are reported together and one by one", "group_reporting", "new_group");
        ignored(known, "every job has a thread", "thread");
        ignored(known, "blocks are drawn without a map", "norandommap");
        ignored(known, "the same seed always gives the same requests", "randrepeat", "allrandrepeat");
        return Map.copyOf(known);
    }

    private static void put(Map<String, JobFileOption> known, Form form, String argument, String... names) {
        for (String name : names) {
            known.put(name, new JobFileOption(form, argument, ""));
        }
    }

    private static void ignored(Map<String, JobFileOption> known, String note, String... names) {
        for (String name : names) {
            known.put(name, new JobFileOption(Form.IGNORED, "", note));
        }
    }

    private static Map<String, String> remedies() {
        return Map.ofEntries(Map.entry("rate", "limit requests with rate_iops"),
                Map.entry("thinktime", "limit requests with rate_iops"),
                Map.entry("bsrange", "name the lengths with bssplit"),
                Map.entry("blocksize_range", "name the lengths with bssplit"),
                Map.entry("filesize", "use size"),
                Map.entry("directory", "name the file with filename"),
                Map.entry("nrfiles", "name the files with filename=a:b"),
                Map.entry("loops", "use runtime or number_ios"),
                Map.entry("io_size", "use number_ios"),
                Map.entry("write_hist_log", "use the command line's --hlog"),
                Map.entry("write_lat_log", "use the command line's --hlog"),
                Map.entry("latency_target", "use trilane tune"),
                Map.entry("zonemode", "use random_distribution"),
                Map.entry("percentage_random", "use two jobs"),
                Map.entry("verify_pattern", "use verify=crc32c"),
                Map.entry("end_fsync", "use fsync"));
    }
}
