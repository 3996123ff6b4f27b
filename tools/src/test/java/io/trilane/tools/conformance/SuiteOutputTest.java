package io.trilane.tools.conformance;

import static io.trilane.tools.conformance.TestVerdict.Outcome.FAIL;
import static io.trilane.tools.conformance.TestVerdict.Outcome.PASS;
import static io.trilane.tools.conformance.TestVerdict.Outcome.SKIP;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SuiteOutputTest {

    @Test
    void aSkipIsNoPassThoughTheToolSaysSo() {
        assertThat(SuiteOutput.parse("""
                Suite: Unmap
                  Test: Simple ...    [SKIPPED] UNMAP is not implemented.
                    [SKIPPED] UNMAP is not implemented.
                passed
                """)).containsExactly(new TestVerdict("Unmap.Simple", SKIP, "UNMAP is not implemented."));
    }

    @Test
    void aFailureKeepsItsFirstAssertions() {
        assertThat(SuiteOutput.parse("""
                Suite: OrWrite
                  Test: Simple ...    [FAILED] ORWRITE failed
                FAILED
                    1. test_simple.c:54  - CU_ASSERT_EQUAL(_r,0)
                    2. test_simple.c:60  - CU_FAIL("no - never")
                  Test: Other ...passed
                """)).containsExactly(
                new TestVerdict("OrWrite.Simple", FAIL,
                        "test_simple.c:54 CU_ASSERT_EQUAL(_r,0); test_simple.c:60 CU_FAIL(\"no - never\")"),
                new TestVerdict("OrWrite.Other", PASS, ""));
    }

    @Test
    void aFailureAfterASkipIsAFailure() {
        assertThat(SuiteOutput.parse("""
                Suite: A
                  Test: B ...    [SKIPPED] a part of it
                FAILED
                    1. b.c:1  - CU_ASSERT_EQUAL(a,b)
                """)).containsExactly(new TestVerdict("A.B", FAIL, "b.c:1 CU_ASSERT_EQUAL(a,b)"));
    }

    /// The cleanup of a suite prints behind the verdict of its last test.
    @Test
    void whatIsPrintedBehindTheVerdictIsNotOfTheTest() {
        assertThat(SuiteOutput.parse("""
                Suite: Reserve6
                  Test: LUNReset ...passed    [SKIPPED] PRIN command: failed with sense.
                Suite: Sanitize
                  Test: Reset ...passed
                """)).containsExactly(new TestVerdict("Reserve6.LUNReset", PASS, ""),
                new TestVerdict("Sanitize.Reset", PASS, ""));
    }

    @Test
    void aTestWithoutAVerdictFailed() {
        assertThat(SuiteOutput.parse("""
                Suite: iSCSITMF
                  Test: AbortTaskSimpleAsync ...    waiting
                """)).containsExactly(new TestVerdict("iSCSITMF.AbortTaskSimpleAsync", FAIL,
                "the tool ended or hung in this test"));
    }

    @Test
    void theSummaryIsNotBelieved() {
        assertThat(SuiteOutput.parse("""
                Suite: A
                  Test: B ...    [SKIPPED] not here
                passed
                Run Summary:    Type  Total    Ran Passed Failed Inactive
                               tests      1      1      1      0        0
                """)).extracting(TestVerdict::outcome).containsExactly(SKIP);
    }
}
