package io.trilane.perf.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.trilane.perf.tune.LittleCheck;
import io.trilane.perf.tune.TuneResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuneJsonTest {
    private final TuneReport report = TuneSamples.report(TuneSamples.rich());
    private final String json = TuneJson.text(report);

    @Test
    void readsBackEqual() {
        assertThat(read(json)).isEqualTo(report);
        TuneReport empty = new TuneReport(TuneSamples.empty(), report.machine(), Optional.empty());
        assertThat(read(TuneJson.text(empty))).isEqualTo(empty);
    }

    @Test
    void readsBackNamesThatLookLikeMarkupOrJson() {
        TuneReport odd = TuneSamples.report(TuneSamples.sample("a\"b\\c</script>\u0007\u2028ü", 1, 1));
        assertThat(read(TuneJson.text(odd))).isEqualTo(odd);
    }

    @Test
    void writesTheSameBytesForTheSameResult() {
        assertThat(TuneJson.text(TuneSamples.report(TuneSamples.rich()))).isEqualTo(json);
    }

    @Test
    void readsBackWhatIsNotANumber() {
        TuneResult result = report.result();
        TuneResult odd = new TuneResult(result.target(), result.goal(), result.cells(), result.recommendation(),
                result.knees(), List.of(new LittleCheck(result.cells().getFirst().cell(), Double.NaN)), result.fits(),
                result.spentNs(), result.ending(), true, List.of());
        String text = TuneJson.text(TuneSamples.report(odd));
        assertThat(text).contains("\"ratio\":null");
        assertThat(read(text).result()).isEqualTo(odd);
    }

    @Test
    void leavesKeysAloneThatItDoesNotKnow() {
        assertThat(read(json.replace("{\"format\"", "{\"colour\":{\"a\":[1,null,true]},\"format\""))).isEqualTo(report);
    }

    @Test
    void refusesAnotherFormatOrVersion() {
        refuses(json.replace("trilane-tune\"", "fio\""), "format is \"fio\" != \"trilane-tune\"");
        refuses(json.replace("\"version\":1", "\"version\":2"), "version is 2 != 1");
        refuses("{}", "has no \"format\"");
        refuses("[]", "is not an object");
    }

    @Test
    void refusesWhatIsMissingOrOfTheWrongKindWithItsPlace() {
        refuses(json.replaceFirst("\"iops\":\\[", "\"iobs\":["), "line=1 column=", "cells[0] has no \"iops\"");
        refuses(json.replaceFirst("\"steady\":true", "\"steady\":1"), "cells[0].steady is not true or false");
        refuses(json.replaceFirst("\"cell\":\\[4096,1,1,1\\]", "\"cell\":[4096,1,1]"), "cells[0].cell has 3 elements");
        refuses(json.replaceFirst("\"cell\":\\[4096,1,1,1\\]", "\"cell\":[4096,0,1,1]"), "cells[0].cell: bs=4096");
        refuses(json.replaceFirst("\"cell\":\\[4096,2,2,1\\]", "\"cell\":[4096,1,1,1]"), "cells[1] is there twice");
        refuses(json.replaceFirst("randread", "sideways"), "goal.rw: rw=sideways is unknown");
        refuses(json.replaceFirst("\"seed\":42", "\"seed\":99999999999999999999"), "does not fit into 64 bits");
        refuses(json.replaceFirst("\"chosen\":\\[131072", "\"chosen\":[131073"), "is not among the cells");
        refuses(json.replaceFirst("2026-02-03T", "yesterday"), "time: ", "is not a time");
        refuses(json.replaceFirst("\"ending\":", "\"target\":"), "is not JSON");
    }

    @Test
    void refusesAnIntervalUpsideDown() {
        refuses(json.replaceFirst("\"bw_bytes\":\\[[^]]*\\]", "\"bw_bytes\":[3,2,1]"), "not low <= median <= high");
    }

    @Test
    void refusesWhatWasCutOff() {
        for (int length = 0; length < json.length() - 2; length += 997) {
            refuses(json.substring(0, length), "file=x.json");
        }
        refuses(json + "{}", "goes on after the end");
    }

    /// Whatever the bytes are: a report or an IllegalArgumentException.
    @Test
    void survivesRandomDamage() {
        SplittableRandom random = new SplittableRandom(20260101);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            try {
                assertThat(TuneJson.read("x.json", bytes)).isNotNull();
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageStartingWith("file=x.json");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(50);
    }

    @Test
    void refusesDeepNestingAndWhatIsNoText() {
        refuses("[".repeat(100_000), "file=x.json");
        assertThatIllegalArgumentException().isThrownBy(() -> TuneJson.read("x.json", new byte[]{(byte) 0xff, 0, 1}))
                .withMessageContaining("is not JSON");
    }

    @Test
    void refusesAFileThatIsNotThere(@TempDir Path folder) throws Exception {
        Path missing = folder.resolve("missing.json");
        assertThatIllegalArgumentException().isThrownBy(() -> TuneJson.read(missing))
                .withMessageContainingAll("file=" + missing, "cannot be read");
        Path there = Files.writeString(folder.resolve("there.json"), json);
        assertThat(TuneJson.read(there)).isEqualTo(report);
    }

    private void refuses(String text, String... parts) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(text)).withMessageStartingWith("file=x.json")
                .withMessageContainingAll(parts);
    }

    private static TuneReport read(String text) {
        return TuneJson.read("x.json", text.getBytes(StandardCharsets.UTF_8));
    }
}
