package io.trilane.perf.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.trilane.perf.tune.TuneResult;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class HtmlReportTest {
    private static final Pattern RAW_DATA =
            Pattern.compile("<script type=\"application/json\" id=\"trilane-tune\">(.*)</script>");
    private static final Pattern ADDRESS = Pattern.compile("(?:https?:)?//|url\\(|@import|src=|href=\"(?!data:,\")");

    private final TuneResult rich = TuneSamples.rich();
    private final String page = page(rich);

    @Test
    void saysTheAnswerFirst() {
        String sentence = rich.recommendation().orElseThrow().sentence();
        assertThat(page.indexOf(sentence)).isPositive().isLessThan(page.indexOf("<svg"));
    }

    @Test
    void isSmallAndTheSameForTheSameResult() {
        assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(HtmlReport.LIMIT_BYTES);
        assertThat(page(TuneSamples.rich())).isEqualTo(page);
    }

    @ParameterizedTest
    @CsvSource({"12, 12", "24, 16"})
    void staysSmallOfManyCells(int sizes, int depths) {
        String large = page(TuneSamples.large(sizes, depths));
        assertThat(large.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(HtmlReport.LIMIT_BYTES);
        assertThat(large).contains("Too much for this page", "<svg");
    }

    @Test
    void drawsSomeOfManyCurvesAndNamesSomeOfManyEquals() {
        String large = page(TuneSamples.large(24, 16));
        assertThat(large).contains("12 of 24 sizes").containsPattern("; and \\d+ more");
        TuneView view = new TuneView(TuneSamples.large(24, 16));
        assertThat(view.someSizes(12)).hasSize(12).isSorted().contains(view.chosen().orElseThrow().cell()
                .requestBytes());
        assertThat(page).doesNotContain(" sizes</text>", " more<");
    }

    @Test
    void asksForNothingAndRunsNothing() {
        String outside = RAW_DATA.matcher(page).replaceAll("");
        assertThat(ADDRESS.matcher(outside).results().map(result -> result.group()).toList()).isEmpty();
        assertThat(outside).doesNotContain("<script");
    }

    @Test
    void carriesTheResultItself() {
        assertThat(raw(page)).isEqualTo(TuneSamples.report(rich));
    }

    @Test
    void keepsWhatAUserNamedText() {
        String name = "</script><script>alert(1)</script><!-- & \"'";
        String odd = page(TuneSamples.sample(name, 1, 1));
        assertThat(odd).doesNotContain("<script>", "<!--").contains("&lt;script&gt;alert(1)");
        assertThat(raw(odd).result().target()).isEqualTo(name);
        assertThat(Markup.escape("<a b='c' d=\"e\">&\u0001\ud800x\u0085"))
                .isEqualTo("&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;\ufffd\ufffdx\ufffd");
    }

    @Test
    void saysWhatIsMissing() {
        String empty = page(TuneSamples.empty());
        assertThat(empty).contains("No recommendation: stopped before anything was measured", "did not reach its end")
                .doesNotContain("<svg");
    }

    @Test
    void namesTheMachineButNoPath() {
        assertThat(page).contains("Example CPU @ 3 GHz", "-XX:+UseZGC", "25.0.1+8");
        assertThat(Machine.speedOptions(List.of("-Xmx1g", "-Dkey=secret", "-XX:LogFile=/home/me/x", "-ea",
                "-Xlog:gc:C:\\me"))).containsExactly("-Xmx1g");
        assertThat(Machine.current().environment().processors()).isPositive();
    }

    @Test
    void marksTheRecommendationByWordAndShapeInBothMaps() {
        Matcher marks = Pattern.compile(">use</text>").matcher(page);
        assertThat(marks.results()).hasSize(2);
        assertThat(page).contains("<rect class=\"outer\"", ">knee</text>", ">= best</text>");
    }

    @Test
    void plotsAreFilesThatStandAlone(@TempDir Path folder) throws Exception {
        List<Path> files = PlotFiles.write(TuneSamples.sample("<b>&", 1, 1), folder.resolve("new"));
        assertThat(files).extracting(file -> file.getFileName().toString()).containsExactly("throughput.svg",
                "latency.svg", "curves.svg", "percentiles.svg", "time.svg");
        for (Path file : files) {
            Document document = parse(Files.readString(file));
            assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
            assertThat(document.getElementsByTagName("style").getLength()).isOne();
            assertThat(document.getElementsByTagName("text").getLength()).isGreaterThan(10);
        }
        assertThat(parse(Files.readString(files.getFirst())).getElementsByTagName("rect").getLength())
                .isGreaterThanOrEqualTo(TuneSamples.SIZES.size() * TuneSamples.DEPTHS.size());
        assertThat(PlotFiles.write(TuneSamples.empty(), folder)).isEmpty();
    }

    @Test
    void markupThatIsNotClosedIsRefused() {
        assertThatIllegalStateException().isThrownBy(() -> new Markup().open("g").finish())
                .withMessageContaining("open elements=[g]");
    }

    private static Document parse(String xml) throws Exception {
        DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        return builder.parse(new InputSource(new StringReader(xml)));
    }

    private static TuneReport raw(String page) {
        Matcher matcher = RAW_DATA.matcher(page);
        assertThat(matcher.find()).isTrue();
        return TuneJson.read("page", matcher.group(1).getBytes(StandardCharsets.UTF_8));
    }

    private static String page(TuneResult result) {
        return HtmlReport.of(TuneSamples.report(result));
    }
}
