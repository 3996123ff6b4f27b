package io.trilane.perf.tune;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Repeats the cells that may be the answer, round-robin in an order of its own each time, and drops those that fall behind. On
/// the search's thread.
final class Repetitions {
    /// More would not make an unsteady cell steady.
    static final int MOST_ROUNDS = 25;
    /// So many are repeated however little time there is.
    static final int FEW = 3;

    /// Half of the interval's width, as a part of the median.
    private static final double PRECISION = 0.02;
    /// An objective that is missed by so much in few rounds is missed.
    private static final double OBJECTIVE_SLACK = 1.25;

    private final TuneGoal goal;
    private final Field field;
    private final Random random;
    private final List<String> notes;

    Repetitions(TuneGoal goal, Field field, Random random, List<String> notes) {
        this.goal = goal;
        this.field = field;
        this.random = random;
        this.notes = notes;
    }

    /// Until the stopping rule holds; false when it never does.
    boolean run() {
        List<Candidate> active = new ArrayList<>(affordable(contenders()));
        int done = 0;
        while (!active.isEmpty()) {
            if (active.stream().allMatch(Repetitions::isSettled)) {
                return isAnswerSettled();
            }
            List<Candidate> order = new ArrayList<>(
                    active.stream().filter(candidate -> candidate.rounds() < MOST_ROUNDS).toList());
            if (order.isEmpty()) {
                return false;
            }
            Collections.shuffle(order, random);
            long roundNs = Math.clamp(field.remainingNs() / order.size() / (Bootstrap.LEAST_VALUES + 2),
                    Field.SHORTEST_ROUND_NS, Field.LONGEST_ROUND_NS);
            for (Candidate candidate : order) {
                if (!field.hasTimeFor(roundNs)) {
                    return false;
                }
                int planned = active.stream().mapToInt(c -> Math.max(0, Bootstrap.LEAST_VALUES - c.rounds())).sum();
                field.report("repetitions", done, done + Math.max(1, planned), Optional.of(candidate.cell()));
                field.measure(candidate.cell(), roundNs, true);
                done++;
            }
            dropHopeless(active);
        }
        return false;
    }

    /// Cells that were repeated as often as it makes sense are not among the active ones, and may still be the answer.
    private boolean isAnswerSettled() {
        return Judge.judge(field.candidates()).stream().flatMap(verdict -> verdict.equals().stream())
                .allMatch(Repetitions::isSettled);
    }

    private static boolean isSettled(Candidate candidate) {
        return candidate.rounds() >= Bootstrap.LEAST_VALUES && candidate.isSteady()
                && candidate.throughputInterval().relativeError() <= PRECISION;
    }

    private void dropHopeless(List<Candidate> active) {
        active.removeIf(candidate -> !candidate.isUsable());
        List<Candidate> meeting = active.stream().filter(Candidate::meetsObjective).toList();
        Optional<Candidate> best = Judge.fastest(meeting);
        if (best.isEmpty()) {
            return;
        }
        List<Candidate> dropped = active.stream()
                .filter(candidate -> Judge.isHopeless(candidate, best.get()) || isBeyondObjective(candidate)).toList();
        active.removeAll(dropped);
        dropped.forEach(field::close);
    }

    /// Latency that is too long without a doubt.
    private boolean isBeyondObjective(Candidate candidate) {
        if (goal.objective().isEmpty() || candidate.meetsObjective()) {
            return false;
        }
        double limit = goal.objective().get().limitNs();
        return candidate.objectiveInterval().low() > (candidate.rounds() < Bootstrap.LEAST_VALUES ? OBJECTIVE_SLACK : 1)
                * limit;
    }

    /// Who may still be the answer; where nobody meets the objective, who comes closest.
    private List<Candidate> contenders() {
        List<Candidate> usable = field.usable();
        Optional<Candidate> best = Judge.fastest(usable.stream().filter(Candidate::meetsObjective).toList());
        List<Candidate> contenders = best.isEmpty()
                ? Judge.closest(field.candidates()).stream().limit(FEW).toList()
                : usable.stream().filter(candidate -> !Judge.isHopeless(candidate, best.get())
                        && !isBeyondObjective(candidate)).toList();
        usable.stream().filter(candidate -> !contenders.contains(candidate)).forEach(field::close);
        return contenders;
    }

    /// As many as can be repeated in what is left of the budget: the best, then the smallest that are nearly as good, then
    /// the rest.
    private List<Candidate> affordable(List<Candidate> contenders) {
        Optional<Candidate> best = Judge.fastest(contenders);
        Set<Candidate> ordered = new LinkedHashSet<>();
        best.ifPresent(ordered::add);
        ordered.addAll(Judge.nearly(contenders));
        ordered.addAll(contenders);
        List<Candidate> taken = new ArrayList<>();
        long leftNs = field.remainingNs();
        for (Candidate candidate : ordered) {
            leftNs -= Bootstrap.LEAST_VALUES * (candidate.overheadNs() + 2 * Field.SHORTEST_ROUND_NS);
            if (leftNs >= 0 || taken.size() < FEW) {
                taken.add(candidate);
            }
        }
        long never = ordered.stream()
                .filter(candidate -> !taken.contains(candidate) && candidate.rounds() < Bootstrap.LEAST_VALUES).count();
        if (never > 0) {
            notes.add(never + " cells near the best were not repeated: the budget is too short, raise --budget");
        }
        return taken;
    }
}
