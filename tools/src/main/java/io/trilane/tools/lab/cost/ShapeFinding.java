package io.trilane.tools.lab.cost;

/// One statement about speed, what was measured about it, and whether the two have the same shape. Immutable.
///
/// @param claim    the statement, with where it comes from
/// @param measured the figures
record ShapeFinding(String claim, Verdict verdict, String measured) {
    /// Whether the measurement says the same.
    enum Verdict {
        AGREES("agrees"),
        DISAGREES("DISAGREES"),
        /// The rounds scatter over the border.
        UNCLEAR("unclear"),
        /// The plan has no figures for it.
        NOT_MEASURED("not measured");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }
}
