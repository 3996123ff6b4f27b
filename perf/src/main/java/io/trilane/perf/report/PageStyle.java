package io.trilane.perf.report;

/// The style sheet of the page around the plots. System fonts only.
final class PageStyle {
    static final String CSS = """
            :root{color-scheme:light dark}
            *{box-sizing:border-box}
            body{margin:0 auto;max-width:62rem;padding:1.2rem 1rem 3rem;background:#fff;color:#1c1c1c;
            font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;overflow-wrap:anywhere}
            h1{font-size:1.05rem;font-weight:600;margin:0;color:#555}
            h2{font-size:1.15rem;margin:2.4rem 0 .4rem;break-after:avoid}
            .answer{font-size:1.5rem;line-height:1.3;font-weight:600;margin:.5rem 0 .8rem}
            .warn{border-left:4px solid #b35900;padding:.3rem .8rem;margin:.8rem 0;background:#fff4e5}
            p,ul{margin:.4rem 0;max-width:46rem}
            figure{margin:1rem 0;overflow-x:auto;break-inside:avoid}
            figure svg{display:block;height:auto;max-width:100%;min-width:600px}
            dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1.2rem;margin:.6rem 0;font-size:.92rem}
            dt{color:#555}dd{margin:0}
            .scroll{overflow-x:auto}
            table{border-collapse:collapse;font-size:.82rem;font-variant-numeric:tabular-nums;margin:.6rem 0}
            th,td{padding:.18rem .55rem;text-align:right;white-space:nowrap;border-bottom:1px solid #ddd}
            th{font-weight:600;vertical-align:bottom;white-space:normal;border-bottom:2px solid #888}td.words,th.words{text-align:left}
            tr.use td{font-weight:700;background:#fff3bf;color:#000}
            .quiet{color:#555;font-size:.88rem}
            pre{overflow-x:auto;font-size:.75rem}
            @media screen and (prefers-color-scheme:dark){
            body{background:#181a1d;color:#e8e8e8}h1,dt,.quiet{color:#b3b3b3}.warn{background:#3a2a12;border-color:#ffb45c}
            th,td{border-color:#3a3e44}th{border-bottom-color:#8a8a8a}tr.use td{background:#57480a;color:#fff}}
            @media print{body{max-width:none;padding:0;font-size:10pt}figure{overflow:visible}
            figure svg{min-width:0;width:100%;max-height:22cm}.scroll{overflow:visible}
            table{font-size:6pt}th,td{padding:.1rem .2rem;overflow-wrap:normal}td.words{white-space:normal}tr{break-inside:avoid}thead{display:table-header-group}
            *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
            @media (max-width:40rem){.answer{font-size:1.2rem}dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 .4rem}}
            """;

    private PageStyle() {}
}
