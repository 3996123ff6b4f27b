package io.trilane.perf.report;

/// The style sheet of all plots, in a page and alone: by day, by night, on paper. Colours of the lines have a contrast of
/// at least 3 to their ground; lines differ by dashes and marks too.
final class PlotStyle {
    static final int LINE_STYLES = 8;

    static final String CSS = """
            .plot{background:#fff}
            .plot text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;fill:#1c1c1c}
            .plot .small{font-size:10.5px}.plot .mark{font-size:9.5px;font-weight:600}.plot .strong{font-weight:600}
            .plot .row text{font-size:10.5px;text-anchor:middle}.plot .row .mark{font-size:9.5px}
            .plot .end{text-anchor:end}.plot .middle{text-anchor:middle}
            .plot .on-dark{fill:#fff}.plot .on-light{fill:#000}
            .plot .halo{stroke:#fff;stroke-width:4px;paint-order:stroke;stroke-linejoin:round}
            .plot .axis{stroke:#555;fill:none}.plot .grid{stroke:#e2e2e2}.plot .empty{fill:#f1f1f1}
            .plot .outer{fill:none;stroke:#fff;stroke-width:5}.plot .inner{fill:none;stroke:#000;stroke-width:2.5}
            .plot .line{fill:none;stroke-width:2}.plot .leader{stroke:#999;stroke-width:.7}
            .plot .dot{stroke:#8a8a8a;stroke-opacity:.6;stroke-width:4;stroke-linecap:round;fill:none}.plot .shape{fill:#1c1c1c;stroke:#fff;stroke-width:1.2}
            .plot .s0{stroke:#0072b2}.plot .s1{stroke:#c04a00}.plot .s2{stroke:#00795a}.plot .s3{stroke:#a3427a}
            .plot .s4{stroke:#7a6200}.plot .s5{stroke:#4a4a4a}.plot .s6{stroke:#5b4fc4}.plot .s7{stroke:#a32222}
            .plot .f0{fill:#0072b2}.plot .f1{fill:#c04a00}.plot .f2{fill:#00795a}.plot .f3{fill:#a3427a}
            .plot .f4{fill:#7a6200}.plot .f5{fill:#4a4a4a}.plot .f6{fill:#5b4fc4}.plot .f7{fill:#a32222}
            @media screen and (prefers-color-scheme:dark){
            .plot{background:#181a1d}.plot text{fill:#e8e8e8}.plot .on-dark{fill:#fff}.plot .on-light{fill:#000}
            .plot .halo{stroke:#181a1d}.plot .axis{stroke:#aaa}.plot .grid{stroke:#33373c}.plot .empty{fill:#24272b}
            .plot .leader{stroke:#777}.plot .dot{stroke:#9a9a9a}.plot .shape{fill:#f4f4f4;stroke:#000}
            .plot .s0{stroke:#56b4e9}.plot .s1{stroke:#ff9a4d}.plot .s2{stroke:#3fd0a4}.plot .s3{stroke:#f0a0cc}
            .plot .s4{stroke:#e8d24a}.plot .s5{stroke:#d8d8d8}.plot .s6{stroke:#b3a9ff}.plot .s7{stroke:#ff8a80}
            .plot .f0{fill:#56b4e9}.plot .f1{fill:#ff9a4d}.plot .f2{fill:#3fd0a4}.plot .f3{fill:#f0a0cc}
            .plot .f4{fill:#e8d24a}.plot .f5{fill:#d8d8d8}.plot .f6{fill:#b3a9ff}.plot .f7{fill:#ff8a80}
            .plot .row .shape{fill:#000;stroke:#fff}}
            .plot .row .shape{fill:#000;stroke:#fff}
            """;

    private static final String[] DASHES = {"", "7 3", "2 3", "9 3 2 3", "", "4 2", "12 4", "2 2 6 2"};

    private PlotStyle() {}

    /// For `stroke-dasharray`; may be empty.
    static String dashes(int series) {
        return DASHES[series % DASHES.length];
    }
}
