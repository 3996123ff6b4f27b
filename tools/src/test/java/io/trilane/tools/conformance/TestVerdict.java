package io.trilane.tools.conformance;

/// What became of one test of iscsi-test-cu: `Suite.Test`, and the reason or the first failed assertions.
record TestVerdict(String test, Outcome outcome, String detail) {
    enum Outcome {
        PASS, SKIP, FAIL
    }

    String suite() {
        return test.substring(0, test.indexOf('.'));
    }
}
