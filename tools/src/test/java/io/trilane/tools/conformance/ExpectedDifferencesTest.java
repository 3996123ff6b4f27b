package io.trilane.tools.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.tools.conformance.ExpectedDifferences.Difference;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpectedDifferencesTest {
    private static final Difference SEEN = new Difference("read-10-at-the-end", "answer", "GOOD -> 05/21/00");

    @Test
    void aDifferenceThatIsExplainedIsNoComplaint() {
        assertThat(complaints("read-10-at-the-end | answer | GOOD -> 05/21/00 | SBC-4 5.8", SEEN)).isEmpty();
        assertThat(complaints("read-*-at-the-end | answer | * -> 05/21/00 | SBC-4 5.8", SEEN)).isEmpty();
    }

    @Test
    void aDifferenceThatIsNotExplainedIsOne() {
        assertThat(complaints("# nothing", SEEN)).singleElement().asString()
                .contains("not explained: read-10-at-the-end | answer | GOOD -> 05/21/00 | ");
        assertThat(complaints("read-10-at-the-end | answer | GOOD -> 05/24/00 | other sense", SEEN)).hasSize(2);
        assertThat(complaints("read-10-at-the-end | data | GOOD -> 05/21/00 | other aspect", SEEN)).hasSize(2);
    }

    @Test
    void anExplanationOfNothingIsOne() {
        assertThat(complaints("read-12* | answer | * | SBC-4")).singleElement().asString()
                .contains("line 1 explains a difference that is gone, remove it");
    }

    @Test
    void aLineWithoutAReasonIsRefused() {
        assertThatThrownBy(() -> ExpectedDifferences.parse(List.of("a | answer | b -> c | ")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsWhereDataDiffers() {
        assertThat(ExpectedDifferences.between("a", "GOOD", new byte[]{1, 2, 3, 4}, "GOOD", new byte[]{1, 9, 9, 4}))
                .containsExactly(new Difference("a", "data", "bytes 1-2 differ"));
        assertThat(ExpectedDifferences.between("a", "GOOD", new byte[]{1}, "05/20/00", new byte[]{1, 2}))
                .containsExactly(new Difference("a", "answer", "05/20/00 -> GOOD"),
                        new Difference("a", "data", "2 bytes -> 1"));
        assertThat(ExpectedDifferences.between("a", "GOOD", new byte[]{1}, "GOOD", new byte[]{1})).isEmpty();
    }

    @Test
    void everyCommandOfTheListHasAName() {
        assertThat(CdbCase.parse("a | 2A 00 | out 512 5A")).satisfies(command -> {
            assertThat(command.cdb()).containsExactly(0x2A, 0);
            assertThat(command.dataOut()).hasSize(512).containsOnly(0x5A);
        });
        assertThat(CdbCase.parse("a | 12 00 | in 36").transferIn()).isEqualTo(36);
        assertThat(CdbCase.parse("a | 42 00 | hex 00 01").dataOut()).containsExactly(0, 1);
        assertThatThrownBy(() -> CdbCase.parse("a | 42 00 | to 3")).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> complaints(String list, Difference... differences) {
        return ExpectedDifferences.parse(list.lines().toList()).complaints(List.of(differences));
    }
}
