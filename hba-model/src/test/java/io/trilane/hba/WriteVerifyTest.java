package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.CorruptingImage;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.DroppingImage;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.image.MisplacingImage;
import io.trilane.hba.image.Trigger;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// WRITE AND VERIFY(10), (12) and (16) (SBC-4).
class WriteVerifyTest {
    private final Bench bench = Bench.standard();

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2E 00 00 00 00 02 00 00 02 00", "2E 02 00 00 00 02 00 00 02 00",
            "AE 02 00 00 00 02 00 00 00 02 00 00", "8E 12 00 00 00 00 00 00 00 02 00 00 00 02 00 00"})
    void writesBringsToTheMediumAndCompares(String cdb) {
        Reply reply = bench.out(cdb, data(2));
        assertThat(reply.error()).isEqualTo("good");
        assertThat(reply.residual()).isZero();
        assertThat(bench.image.log).containsExactly("WRITE 1024+1024", "COMPARE 1024+1024");
        assertThat(bench.flushed).containsExactly("1024+1024");
        assertThat(bench.in("28 00 00 00 00 02 00 00 02 00", 1024).data()).isEqualTo(data(2));
        assertThat(bench.in("28 00 00 00 00 04 00 00 01 00", 512).data()).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dropping", "misplacing", "corrupting"})
    void noticesADiskThatLies(String kind) {
        UnaryOperator<DiskImage> lies = inner -> switch (kind) {
            case "dropping" -> new DroppingImage(inner, Trigger.nth(1));
            case "misplacing" -> new MisplacingImage(inner, Trigger.nth(1), 8192);
            default -> CorruptingImage.onWrite(inner, Trigger.nth(1), 0);
        };
        for (String cdb : new String[]{"2E 02 00 00 00 02 00 00 01 00", "2E 00 00 00 00 02 00 00 01 00"}) {
            try (DiskImage image = lies.apply(new ImageRegistry().open("memory:1m", false, 512));
                    Initiator initiator = new Initiator(HbaConfig.of(4, LogicalUnitConfig.ofSerial("LIAR"), image))) {
                initiator.testUnitReady(0, 0);
                Task task = initiator.run(0, 0, cdb, TransferDirection.TO_TARGET, 512, 0xA7);
                assertThat(initiator.sense(task)).isEqualTo(cdb.startsWith("2E 02") ? "14 1D/00" : "3 0C/00");
                assertThat(initiator.run(0, 0, cdb, TransferDirection.TO_TARGET, 512, 0xA7).isGood()).isTrue();
            }
        }
    }

    @Test
    void tellsWhichByteDiffers() {
        bench.image.holds = true;
        Task task = start("2E 02 00 00 00 02 00 00 02 00", 2);
        bench.completeImage(0);
        bench.image.bytes[1024 + 700] ^= 1;
        bench.completeImage(0);
        assertThat(Reply.of(task).error()).isEqualTo("E/1D/00");
        assertThat(Reply.of(task).information()).isEqualTo(700);
    }

    @ParameterizedTest
    @CsvSource({"0, 3/0C/00", "1, 3/0C/00", "2, 3/11/00"})
    void failsWhereTheImageFails(int step, String error) {
        bench.image.holds = true;
        bench.holdsFlushes = true;
        Task task = start("2E 02 00 00 00 02 00 00 01 00", 1);
        for (int i = 0; i <= step; i++) {
            long result = i == step ? ImageResult.MEDIUM_ERROR : ImageResult.DONE;
            if (i == 1) {
                bench.completeFlush(result);
            } else {
                bench.completeImage(bench.image.held.removeFirst(), result);
            }
        }
        assertThat(Reply.of(task).error()).isEqualTo(error);
        assertThat(Reply.of(task).transferred()).isZero();
    }

    /// A later write would make the comparison fail.
    @Test
    void keepsItsRangeUntilItIsVerified() {
        bench.holdsFlushes = true;
        Task task = start("2E 02 00 00 00 02 00 00 01 00", 1);
        Task write = bench.task("2A 00 00 00 00 02 00 00 01 00", TransferDirection.TO_TARGET, 512);
        Bench.put(write, new byte[512]);
        bench.target.execute(write);
        assertThat(bench.finished).isEmpty();
        bench.completeFlush(ImageResult.DONE);
        assertThat(bench.finished).containsExactly(task, write);
        assertThat(Reply.of(task).error()).isEqualTo("good");
        assertThat(bench.in("28 00 00 00 00 02 00 00 01 00", 512).data()).containsOnly(0);
    }

    @Test
    void writesTheWholeBlocksThatItGets() {
        Reply less = bench.out("2E 02 00 00 00 02 00 00 02 00", data(1));
        assertThat(less.error()).isEqualTo("good");
        assertThat(less.residual()).isEqualTo(-512);
        assertThat(bench.image.log).containsExactly("WRITE 1024+512", "COMPARE 1024+512");
        Reply more = bench.out("2E 02 00 00 00 08 00 00 01 00", data(3));
        assertThat(more.error()).isEqualTo("good");
        assertThat(more.residual()).isEqualTo(1024);
        assertThat(bench.in("28 00 00 00 00 09 00 00 01 00", 512).data()).containsOnly(0);
        assertThat(bench.run("2E 02 00 00 00 02 00 00 02 00").residual()).isEqualTo(-1024);
        assertThat(bench.out("2E 02 00 00 00 02 00 00 02 00", new byte[700]).error()).isEqualTo("5/0E/03");
    }

    @ParameterizedTest
    @CsvSource({"2E 04 00 00 00 02 00 00 01 00, 1.2", "2E 06 00 00 00 02 00 00 01 00, 1.2",
            "2E 08 00 00 00 02 00 00 01 00, 1.3", "2E 40 00 00 00 02 00 00 01 00, 1.7"})
    void refusesReservedBytchkFuaAndProtection(String cdb, String pointer) {
        Reply reply = bench.out(cdb, data(1));
        assertThat(reply.error() + " " + reply.fieldPointer()).isEqualTo("5/24/00 " + pointer);
    }

    @Test
    void refusesWhatDoesNotExistAndWhatIsProtected() {
        assertThat(bench.out("2E 00 00 00 00 7F 00 00 02 00", data(2)).information()).isEqualTo(128);
        assertThat(bench.run("2E 00 00 00 00 80 00 00 00 00").error()).isEqualTo("good");
        assertThat(bench.run("2E 00 00 00 00 81 00 00 00 00").error()).isEqualTo("5/21/00");
        try (Bench locked = Bench.of(new TestImage(512, 128, true), Bench.config())) {
            assertThat(locked.out("AE 00 00 00 00 00 00 00 00 01 00 00", data(1)).error()).isEqualTo("7/27/00");
            assertThat(locked.image.log).isEmpty();
        }
    }

    private Task start(String cdb, int blocks) {
        Task task = bench.task(cdb, TransferDirection.TO_TARGET, blocks * 512);
        Bench.put(task, data(blocks));
        bench.finished.clear();
        bench.target.execute(task);
        return task;
    }

    private static byte[] data(int blocks) {
        byte[] data = new byte[blocks * 512];
        Arrays.fill(data, (byte) 5);
        return data;
    }
}
