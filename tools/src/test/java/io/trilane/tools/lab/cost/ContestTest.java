package io.trilane.tools.lab.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContestTest {
    private long nowNs;
    private final List<String> turns = new ArrayList<>();

    @Test
    void eachDoesWhatFillsARoundAndTheyTakeTurns() {
        List<Samples> samples =
                new Contest(List.of(contender("a", 10), contender("b", 40)), () -> nowNs).run(5, 1000, 1);
        assertThat(samples.get(0).nsPerOp()).containsExactly(10.0, 10.0, 10.0, 10.0, 10.0);
        assertThat(samples.get(1).nsPerOp()).containsExactly(40.0, 40.0, 40.0, 40.0, 40.0);
        assertThat(turns.subList(turns.size() - 10, turns.size())).containsExactly("a 100", "b 25", "b 25", "a 100",
                "a 100", "b 25", "b 25", "a 100", "a 100", "b 25");
    }

    @Test
    void theSameWorkIsWhatTheFirstOneDoesInARound() {
        List<Samples> _ =
                new Contest(List.of(contender("a", 10), contender("b", 40)), () -> nowNs).runSameWork(5, 1000, 1);
        assertThat(turns.getLast()).isEqualTo("b 100");
        assertThat(turns).doesNotContain("b 25");
    }

    @Test
    void doesTheLeastEvenWhenThatTakesLonger() {
        List<Samples> samples = new Contest(List.of(contender("a", 10)), () -> nowNs).run(5, 1, 7);
        assertThat(samples.getFirst().medianNs()).isEqualTo(10);
        assertThat(turns).hasSize(6).containsOnly("a 7");
    }

    private Contest.Contender contender(String name, long nsPerOperation) {
        return operations -> {
            turns.add(name + " " + operations);
            nowNs += operations * nsPerOperation;
        };
    }
}
