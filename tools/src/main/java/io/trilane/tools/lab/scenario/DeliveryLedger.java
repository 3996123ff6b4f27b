package io.trilane.tools.lab.scenario;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks that each submitted task comes back exactly once. One thread.
///
/// @param <R> what the task was for
final class DeliveryLedger<R> {
    private final Map<Long, R> outstanding = new HashMap<>();
    private final Set<Long> delivered = new HashSet<>();
    private final List<String> faults = new ArrayList<>();
    private long submissions;

    /// Before the task is handed over.
    void submitted(long token, R request) {
        if (delivered.contains(token) || outstanding.putIfAbsent(token, request) != null) {
            faults.add("token=" + token + " was given out twice");
        }
        submissions++;
    }

    /// The task was refused: it is as if it had never been.
    void refused(long token) {
        outstanding.remove(token);
        submissions--;
    }

    /// What the task was for; null, and a fault, when it was not expected.
    @Nullable
    R delivered(long token) {
        R request = outstanding.remove(token);
        if (request == null) {
            faults.add(
                    "token=" + token + (delivered.contains(token) ? " was delivered twice" : " was never submitted"));
            return null;
        }
        delivered.add(token);
        return request;
    }

    long submissions() {
        return submissions;
    }

    int outstanding() {
        return outstanding.size();
    }

    /// What is wrong when everything should be back.
    List<String> faults() {
        List<String> all = new ArrayList<>(faults);
        outstanding.keySet().stream().sorted().forEach(token -> all.add("token=" + token + " was never delivered"));
        return all;
    }
}
