package io.trilane.tools.conformance;

/// The four kinds of unit without which no target can pass every test: each test of the suite makes sense for some of
/// them only.
enum Personality {
    /// Blocks can be unmapped; behind CHAP.
    THIN("thin", ",thin", "thin_provisioning=1"),
    /// Nothing can be unmapped.
    FULL("full", "", "thin_provisioning=0"),
    /// Thin, because then UNMAP is one of the commands that are refused.
    WRITE_PROTECTED("write-protected", ",ro,thin", "readonly=1,thin_provisioning=1"),
    /// Thin, because then UNMAP is one of the commands that need a medium.
    REMOVABLE("removable", ",removable,thin", "removable=1,thin_provisioning=1");

    private final String label;
    private final String imageOptions;
    private final String tgtParameters;

    Personality(String label, String imageOptions, String tgtParameters) {
        this.label = label;
        this.imageOptions = imageOptions;
        this.tgtParameters = tgtParameters;
    }

    /// What `trilane serve --image FILE` takes behind the file.
    String imageOptions() {
        return imageOptions;
    }

    /// What `tgtadm --params` takes.
    String tgtParameters() {
        return tgtParameters;
    }

    /// The name in the list of expected failures.
    @Override
    public String toString() {
        return label;
    }
}
