package io.trilane.perf.harness;

import io.trilane.hba.image.ByteSize;
import io.trilane.hba.image.ImageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Lengths of requests and the share of each, fio's `--bssplit`. Immutable; position in the list is [Request#sizeIndex].
///
/// @param shares 1..[Request#MAX_SIZES] of them, no length twice, percentages add up to 100
public record RequestSizes(List<Share> shares) {
    private static final int PERCENT = 100;
    private static final int OPEN = -1;

    /// One length.
    ///
    /// @param percent of all requests that have a length, 1..100
    public record Share(long bytes, int percent) {
        public Share {
            if (bytes < 1 || bytes > Workload.MAX_REQUEST_BYTES) {
                throw new IllegalArgumentException("bs=" + bytes + " not in 1.." + Workload.MAX_REQUEST_BYTES
                        + ", choose a value in that range");
            }
        }
    }

    public RequestSizes {
        shares = List.copyOf(shares);
        if (shares.isEmpty() || shares.size() > Request.MAX_SIZES) {
            throw new IllegalArgumentException("bssplit has " + shares.size() + " lengths, not in 1.."
                    + Request.MAX_SIZES + ", name fewer");
        }
        Set<Long> seen = new HashSet<>();
        for (Share share : shares) {
            if (!seen.add(share.bytes)) {
                throw new IllegalArgumentException(
                        "bssplit names " + ByteSize.format(share.bytes) + " twice, add the percentages up");
            }
            if (share.percent < 1 || share.percent > PERCENT) {
                throw new IllegalArgumentException("bssplit=" + ByteSize.format(share.bytes) + "/" + share.percent
                        + " not in 1..100 percent, choose a percentage in that range");
            }
        }
        int sum = shares.stream().mapToInt(Share::percent).sum();
        if (sum != PERCENT) {
            throw new IllegalArgumentException("bssplit percentages add up to " + sum
                    + " != 100, correct them or leave one empty to take the rest");
        }
    }

    /// All requests are alike.
    public static RequestSizes of(long bytes) {
        return new RequestSizes(List.of(new Share(bytes, PERCENT)));
    }

    /// Reads `4k/60:64k/40`. Lengths without a percentage share what the others leave, the last of them takes what
    /// does not divide. fio gives a sum below 100 to the largest share; here it is refused.
    public static RequestSizes parse(String text) {
        List<Long> lengths = new ArrayList<>();
        List<Integer> percents = new ArrayList<>();
        for (String part : text.split(":", -1)) {
            int slash = part.indexOf('/');
            lengths.add(length(text, slash < 0 ? part : part.substring(0, slash)));
            percents.add(percent(text, slash < 0 ? "" : part.substring(slash + 1)));
        }
        int open = (int) percents.stream().filter(percent -> percent == OPEN).count();
        int rest = PERCENT - percents.stream().filter(percent -> percent != OPEN).mapToInt(Integer::intValue).sum();
        if (open > 0 && rest < open) {
            throw new IllegalArgumentException("bssplit=" + text + " leaves " + Math.max(0, rest) + " % for " + open
                    + " lengths without a percentage, lower the others");
        }
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < lengths.size(); i++) {
            int percent = percents.get(i);
            if (percent == OPEN) {
                percent = rest / open;
                rest -= percent;
                open--;
            }
            shares.add(new Share(lengths.get(i), percent));
        }
        return new RequestSizes(shares);
    }

    public int count() {
        return shares.size();
    }

    /// Length at an index, in bytes.
    public long bytes(int index) {
        return shares.get(index).bytes;
    }

    public long longest() {
        return shares.stream().mapToLong(Share::bytes).max().orElseThrow();
    }

    public long shortest() {
        return shares.stream().mapToLong(Share::bytes).min().orElseThrow();
    }

    /// Mean length of a request, in bytes.
    public double mean() {
        return shares.stream().mapToDouble(share -> (double) share.bytes * share.percent / PERCENT).sum();
    }

    /// Index of the length that covers `percent`, 0..99: shares one after the other.
    int index(int percent) {
        int index = 0;
        int end = shares.getFirst().percent;
        while (percent >= end) {
            index++;
            end += shares.get(index).percent;
        }
        return index;
    }

    /// As [#parse] reads it; one length alone is just that: `4k`.
    public String option() {
        return count() == 1 ? ByteSize.format(bytes(0))
                : shares.stream().map(share -> ByteSize.format(share.bytes) + "/" + share.percent)
                        .collect(Collectors.joining(":"));
    }

    private static long length(String text, String length) {
        try {
            return ByteSize.parse(length);
        } catch (ImageException e) {
            throw new IllegalArgumentException("bssplit=" + text + ": '" + length
                    + "' is not a size, write 4k/60:64k/40", e);
        }
    }

    private static int percent(String text, String percent) {
        if (percent.isEmpty()) {
            return OPEN;
        }
        if (percent.length() > 3 || !percent.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("bssplit=" + text + ": '" + percent
                    + "' is not a percentage, write 4k/60:64k/40");
        }
        return Integer.parseInt(percent);
    }
}
