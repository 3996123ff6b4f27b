package io.trilane.tools.conformance;

import static io.trilane.tools.conformance.TestVerdict.Outcome.FAIL;
import static io.trilane.tools.conformance.TestVerdict.Outcome.PASS;
import static io.trilane.tools.conformance.TestVerdict.Outcome.SKIP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.tools.conformance.TestVerdict.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectedFailuresTest {

    @Test
    void agreesWhenWhatIsListedFailsAndTheRestPasses() {
        assertThat(complaints("A.B | thin | FAIL | not there yet", verdict("A.B", FAIL), verdict("A.C", PASS)))
                .isEmpty();
    }

    @Test
    void aListedTestThatPassesIsAComplaint() {
        assertThat(complaints("A.B | thin | FAIL | not there yet", verdict("A.B", PASS))).singleElement().asString()
                .contains("passes: A.B for thin, remove the line (1)");
    }

    @Test
    void aFailureOrSkipThatIsNotListedIsAComplaintThatCanBePasted() {
        assertThat(complaints("# nothing", verdict("A.B", FAIL), verdict("A.C", SKIP))).containsExactly(
                "not listed: A.B | thin | FAIL | because", "not listed: A.C | thin | SKIP | because");
    }

    @Test
    void aSkipWhereAFailureIsListedIsAComplaint() {
        assertThat(complaints("A.B | all | FAIL | not there yet", verdict("A.B", SKIP))).singleElement().asString()
                .contains("line 1 says FAIL, but A.B for thin is SKIP");
    }

    @Test
    void aLineForAnotherPersonalityDoesNotExcuse() {
        assertThat(complaints("A.B | full, removable | FAIL | not there yet", verdict("A.B", FAIL))).hasSize(1);
    }

    @Test
    void onlyMeansAllOthers() {
        assertThat(complaints("A.B | only removable | SKIP | needs a medium to eject", verdict("A.B", SKIP))).isEmpty();
        assertThat(complaints("A.B | only thin | SKIP | needs thin", verdict("A.B", SKIP))).hasSize(1);
        assertThat(complaints("A.B | only thin | SKIP | needs thin", verdict("A.B", PASS))).isEmpty();
    }

    @Test
    void aStarSpeaksOfEveryTestOfTheSuite() {
        assertThat(complaints("A.* | all | SKIP | no such command", verdict("A.B", SKIP), verdict("AB.C", PASS)))
                .isEmpty();
        assertThat(complaints("A.* | all | SKIP | no such command", verdict("A.B", SKIP), verdict("A.C", PASS)))
                .singleElement().asString().contains("passes: A.C");
    }

    @Test
    void aLineThatNamesNoTestOrATestTwiceIsAComplaint() {
        assertThat(complaints("Gone.B | all | SKIP | no such command", verdict("A.B", PASS))).singleElement()
                .asString().contains("test=Gone.B that the tool does not have, remove it");
        assertThat(complaints("A.B | all | SKIP | one\nA.B | thin | SKIP | two", verdict("A.B", SKIP)))
                .singleElement().asString().contains("[1, 2] both list A.B");
    }

    @Test
    void aLineSpeaksOfSeveralTestsOfASuite() {
        String list = "A.B, C | all | SKIP | one";
        assertThat(complaints(list, verdict("A.B", SKIP), verdict("A.C", SKIP))).isEmpty();
        assertThat(complaints(list, verdict("A.B", SKIP), verdict("A.C", PASS))).singleElement().asString()
                .contains("passes: A.C for thin");
        assertThat(complaints(list, verdict("A.B", SKIP))).singleElement().asString().contains("test=A.C");
    }

    @Test
    void aLineForATestHidesTheOneForItsSuite() {
        assertThat(complaints("A.* | all | SKIP | one\nA.B | thin | FAIL | two", verdict("A.B", FAIL),
                verdict("A.C", SKIP))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A.B | thin | FAIL", "A.B | thin | FAIL | ", "A.B | thick | FAIL | because",
            "A.B | all | PASS | because", "A | all | SKIP | because", "A.B | all | MAYBE | because",
            "A.B | only | FAIL | because"})
    void refusesALineThatSaysNothing(String line) {
        assertThatThrownBy(() -> ExpectedFailures.parse(List.of(line))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theListInTheTreeCanBeRead() {
        assertThat(ExpectedFailures.read(IscsiSuiteConformanceTest.LIST).lines()).allSatisfy(
                line -> assertThat(line.reason()).isNotBlank());
    }

    private static List<String> complaints(String list, TestVerdict... verdicts) {
        return ExpectedFailures.parse(list.lines().toList()).complaints(Personality.THIN, List.of(verdicts));
    }

    private static TestVerdict verdict(String test, Outcome outcome) {
        return new TestVerdict(test, outcome, "because");
    }
}
