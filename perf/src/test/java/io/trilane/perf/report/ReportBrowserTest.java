package io.trilane.perf.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.perf.tune.TuneResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The page in a real browser. Screenshots are left in `target/browser`, for a person to look at.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportBrowserTest {
    private static final Path FOLDER = Path.of("target", "browser").toAbsolutePath();
    private static final int PLOTS = 5;

    /// Every text of every plot that leaves its plot, and every pair of texts that overlap; a line each.
    private static final String BAD_TEXTS = """
            (() => { const bad = [];
            for (const svg of document.querySelectorAll('svg')) {
              const frame = svg.getBoundingClientRect();
              const texts = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
              texts.forEach(([name, a], i) => {
                if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1
                    || a.bottom > frame.bottom + 1) bad.push(name + ' leaves ' + svg.getAttribute('aria-label'));
                texts.slice(i + 1).forEach(([other, b]) => {
                  if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
                    bad.push(name + ' covers ' + other + ' in ' + svg.getAttribute('aria-label'));
                });
              });
            }
            return bad.join('\\n'); })()
            """;
    /// Every plot: width, height, left, right and the page's width.
    private static final String BOXES = """
            [...document.querySelectorAll('svg')].map(svg => { const box = svg.getBoundingClientRect();
              return [box.width, box.height, box.left, box.right, document.documentElement.clientWidth].map(Math.round)
                .join(' '); }).join('\\n')
            """;

    private Chromium browser;

    @BeforeAll
    void start() throws Exception {
        browser = Chromium.start();
        Files.createDirectories(FOLDER);
    }

    @AfterAll
    void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void readsByDay() throws Exception {
        open(TuneSamples.rich(), "screen", "light", 1100, false);
        checkPlots(PLOTS, 300, 150);
        assertThat(browser.evaluate(BAD_TEXTS)).isEmpty();
        shoot("light");
    }

    @Test
    void readsByNight() throws Exception {
        open(TuneSamples.rich(), "screen", "dark", 1100, false);
        assertThat(color("document.body", "backgroundColor")).isLessThan(60);
        assertThat(color("document.body", "color")).isGreaterThan(200);
        assertThat(color("document.querySelector('svg text')", "fill")).isGreaterThan(200);
        shoot("dark");
    }

    @Test
    void readsOnPaperWhateverTheScreenIs() throws Exception {
        open(TuneSamples.rich(), "print", "dark", 794, false);
        checkPlots(PLOTS, 300, 150);
        assertThat(color("document.querySelector('svg text')", "fill")).isLessThan(60);
        assertThat(browser.evaluate("'' + document.documentElement.scrollWidth")).isEqualTo("794");
        shoot("print");
        String pdf = browser.send("Page.printToPDF", "{\"printBackground\":true}").at("data").text();
        assertThat(pdf).startsWith("JVBERi0");
        Files.write(FOLDER.resolve("print.pdf"), Base64.getDecoder().decode(pdf));
    }

    /// Plots scroll in their own frames; the page does not.
    @Test
    void readsInANarrowWindow() throws Exception {
        open(TuneSamples.rich(), "screen", "light", 390, true);
        assertThat(browser.evaluate("'' + document.documentElement.scrollWidth")).isEqualTo("390");
        checkPlots(PLOTS, 500, 150, false);
        shoot("narrow");
    }

    @Test
    void showsManyCells() throws Exception {
        open(TuneSamples.large(24, 16), "screen", "light", 1100, false);
        checkPlots(PLOTS, 300, 150, false);
        shoot("large");
    }

    @Test
    void saysThatNothingWasMeasured() throws Exception {
        open(TuneSamples.empty(), "screen", "light", 1100, false);
        assertThat(browser.evaluate("document.body.innerText")).contains("No recommendation: stopped before");
        shoot("empty");
    }

    /// What a user named stays text.
    @Test
    void runsNothingThatAUserNamed() throws Exception {
        String name = "</script><script>document.title='taken'</script><img src=x onerror=alert(1)> & \"'";
        open(TuneSamples.sample(name, 1, 1), "screen", "light", 1100, false);
        assertThat(browser.evaluate("document.title")).isEqualTo("Tuning " + name);
        assertThat(browser.evaluate("document.querySelector('h1').textContent")).isEqualTo("Trilane tune: " + name);
        assertThat(browser.evaluate("'' + document.images.length")).isEqualTo("0");
        assertThat(browser.evaluate("JSON.parse(document.getElementById('trilane-tune').textContent).target"))
                .isEqualTo(name);
    }

    @Test
    void eachPlotStandsAlone() throws Exception {
        List<Path> files = PlotFiles.write(TuneSamples.rich(), FOLDER.resolve("svg"));
        assertThat(files).hasSize(PLOTS);
        for (Path file : files) {
            browser.media("screen", "light");
            browser.open(file);
            checkPlots(1, 300, 150);
            assertThat(browser.evaluate(BAD_TEXTS)).isEmpty();
            assertThat(color("document.querySelector('text')", "fill")).isLessThan(60);
            assertThat(browser.requests()).containsExactly(file.toUri().toString());
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /// Opens the page and checks that it asks for nothing else and has nothing to complain of.
    private void open(TuneResult result, String media, String scheme, int width, boolean isMobile) throws Exception {
        String page = HtmlReport.of(TuneSamples.report(result));
        Path file = Files.writeString(FOLDER.resolve("report.html"), page);
        browser.media(media, scheme);
        browser.open(file);
        browser.window(width, isMobile);
        assertThat(browser.requests()).isNotEmpty().allSatisfy(address -> assertThat(address)
                .isIn(file.toUri().toString(), "data:,"));
        assertThat(browser.complaints()).isEmpty();
    }

    private void checkPlots(int count, int leastWidth, int leastHeight) throws Exception {
        checkPlots(count, leastWidth, leastHeight, true);
    }

    private void checkPlots(int count, int leastWidth, int leastHeight, boolean isInside) throws Exception {
        List<String> boxes = browser.evaluate(BOXES).lines().toList();
        assertThat(boxes).hasSize(count).allSatisfy(line -> {
            List<Integer> box = List.of(line.split(" ")).stream().map(Integer::valueOf).toList();
            assertThat(box.get(0)).isGreaterThan(leastWidth);
            assertThat(box.get(1)).isGreaterThan(leastHeight);
            assertThat(box.get(2)).isNotNegative();
            if (isInside) {
                assertThat(box.get(3)).isLessThanOrEqualTo(box.get(4));
            }
        });
    }

    /// Red part of a computed colour, 0..255: all of ours that are asked for are grey.
    private int color(String element, String property) throws Exception {
        return Integer
                .parseInt(browser.evaluate("getComputedStyle(" + element + ")." + property + ".match(/\\d+/)[0]"));
    }

    private void shoot(String name) throws Exception {
        Path file = FOLDER.resolve(name + ".png");
        browser.screenshot(file);
        assertThat(Files.size(file)).isGreaterThan(5000);
    }
}
