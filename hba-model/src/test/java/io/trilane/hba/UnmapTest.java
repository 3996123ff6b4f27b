package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.page.BlockLimits;
import io.trilane.hba.page.CommandLimits;
import io.trilane.hba.page.Provisioning;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// UNMAP (SBC-4): parameter lists are worked out from the standard by hand.
class UnmapTest {
    private static final String BLOCKS_2_TO_5 =
            "00 16 00 10 00 00 00 00 00 00 00 00 00 00 00 02 00 00 00 04 00 00 00 00";

    private final Bench bench = Bench.thin();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void unmappedBlocksReadAsZerosAndTheirNeighboursStay() {
        Arrays.fill(bench.image.bytes, (byte) 7);
        Reply reply = unmap(BLOCKS_2_TO_5);
        assertThat(reply.error()).isEqualTo("good");
        assertThat(reply.residual()).isZero();
        assertThat(bench.image.log).containsExactly("UNMAP 1024+2048");
        byte[] read = bench.in("28 00 00 00 00 01 00 00 06 00", 6 * 512).data();
        for (int i = 0; i < read.length; i++) {
            assertThat(read[i]).as("byte %d", i).isEqualTo((byte) (i < 512 || i >= 5 * 512 ? 7 : 0));
        }
    }

    @Test
    void unmapsNeighboursAsOneAndOthersOneByOne() {
        assertThat(unmap(list(10, 2, 12, 1, 13, 0, 13, 3, 40, 0, 50, 1, 0, 1)).error()).isEqualTo("good");
        assertThat(bench.image.log).containsExactly("UNMAP 5120+3072", "UNMAP 25600+512", "UNMAP 0+512");
    }

    @Test
    void listWithoutDescriptorsIsGood() {
        assertThat(bench.run("42 00 00 00 00 00 00 00 00 00").error()).isEqualTo("good");
        assertThat(unmap("00 06 00 00 00 00 00 00").error()).isEqualTo("good");
        assertThat(unmap(list(0, 0, 128, 0)).error()).isEqualTo("good");
        assertThat(bench.image.log).isEmpty();
    }

    @Test
    void ignoresADescriptorThatIsCutOff() {
        byte[] two = list(1, 1, 2, 1);
        assertThat(bench.out(cdb(two.length - 1), Arrays.copyOf(two, two.length - 1)).error()).isEqualTo("good");
        two[3] = 31;
        assertThat(bench.out(cdb(two.length), two).error()).isEqualTo("good");
        assertThat(bench.image.log).containsExactly("UNMAP 512+512", "UNMAP 512+512");
    }

    @ParameterizedTest
    @CsvSource({"1", "7"})
    void refusesAListShorterThanItsHeader(int length) {
        assertThat(bench.out(cdb(length), new byte[length]).error()).isEqualTo("5/1A/00");
    }

    @Test
    void refusesLessDataThanTheListHas() {
        assertThat(bench.out(cdb(24), new byte[23]).error()).isEqualTo("5/0E/03");
        assertThat(bench.in(cdb(24), 24).error()).isEqualTo("5/0E/03");
        assertThat(bench.run(cdb(24)).error()).isEqualTo("5/0E/03");
    }

    @Test
    void refusesAHeaderThatContradictsItself() {
        byte[] list = list(1, 1);
        list[1] = 0x15;
        Reply reply = bench.out(cdb(list.length), list);
        assertThat(reply.senseHex()).isEqualTo("70 00 05 00 00 00 00 0A 00 00 00 00 26 00 00 80 00 00");
        assertThat(bench.image.log).isEmpty();
    }

    /// Nothing is unmapped when any descriptor is wrong.
    @ParameterizedTest
    @CsvSource({"127, 2, 128", "128, 1, 128", "129, 0, 129", "4294967295, 4294967295, 4294967295"})
    void refusesBlocksThatDoNotExist(long address, long blocks, long information) {
        Reply reply = unmap(list(1, 1, address, blocks));
        assertThat(reply.error()).isEqualTo("5/21/00");
        assertThat(reply.information()).isEqualTo(information);
        assertThat(bench.image.log).isEmpty();
    }

    @Test
    void refusesAnAddressBeyondAllSignedNumbers() {
        assertThat(unmap(list(-1, 1)).error()).isEqualTo("5/21/00");
        assertThat(unmap(list(Long.MIN_VALUE, 0)).error()).isEqualTo("5/21/00");
    }

    @Test
    void refusesMoreThanTheBlockLimitsPageSays() {
        BlockLimits limits = new BlockLimits(4096, 128, 8, 0, 3).withCommands(new CommandLimits(1, 8, 10, 2));
        LogicalUnitConfig config = new LogicalUnitConfig(Bench.config().identity(), limits, false, false,
                Provisioning.THIN, false);
        try (Bench small = Bench.of(new TestImage(512, 128, false), config)) {
            assertThat(send(small, list(0, 5, 20, 5)).error()).isEqualTo("good");
            Reply blocks = send(small, list(0, 5, 20, 6));
            assertThat(blocks.error() + " " + blocks.fieldPointer()).isEqualTo("5/26/00 32");
            Reply descriptors = send(small, list(0, 1, 1, 1, 2, 1));
            assertThat(descriptors.error() + " " + descriptors.fieldPointer()).isEqualTo("5/26/00 2");
            assertThat(small.image.log).containsExactly("UNMAP 0+2560", "UNMAP 10240+2560");
        }
    }

    @ParameterizedTest
    @CsvSource({"42 01 00 00 00 00 00 00 18 00, 1.0", "42 00 01 00 00 00 00 00 18 00, 2.0",
            "42 00 00 00 00 00 40 00 18 00, 6.6"})
    void refusesAnchorsAndReservedBits(String cdb, String pointer) {
        Reply reply = bench.out(cdb, list(0, 1));
        assertThat(reply.error() + " " + reply.fieldPointer()).isEqualTo("5/24/00 " + pointer);
    }

    @Test
    void groupNumberIsAHint() {
        assertThat(bench.out("42 00 00 00 00 00 3F 00 18 00", list(0, 1)).error()).isEqualTo("good");
    }

    @Test
    void refusesOnAWriteProtectedDisk() {
        try (Bench locked = Bench.of(new TestImage(512, 128, true),
                Bench.config().withProvisioning(Provisioning.THIN))) {
            assertThat(send(locked, list(0, 1)).error()).isEqualTo("7/27/00");
            assertThat(locked.image.log).isEmpty();
        }
    }

    @Test
    void doesNotExistOnAFullyProvisionedDisk() {
        try (Bench full = Bench.standard()) {
            assertThat(send(full, list(0, 1)).error()).isEqualTo("5/20/00");
            assertThat(full.image.log).isEmpty();
            assertThat(full.in("A3 0C 01 42 00 00 00 00 00 FF 00 00", 255).dataHex()).isEqualTo("00 01 00 00");
        }
        assertThat(bench.in("A3 0C 01 42 00 00 00 00 00 FF 00 00", 255).dataHex())
                .isEqualTo("00 03 00 0A 42 00 00 00 00 00 3F FF FF 00");
    }

    @Test
    void isAnsweredWhenTheLastRangeIsDone() {
        bench.holdsFlushes = true;
        Task task = task(list(0, 1, 10, 1));
        bench.finished.clear();
        bench.target.execute(task);
        assertThat(bench.flushed).containsExactly("UNMAP 0+512");
        bench.completeFlush(ImageResult.DONE);
        assertThat(bench.finished).isEmpty();
        assertThat(bench.flushed).containsExactly("UNMAP 0+512", "UNMAP 5120+512");
        bench.completeFlush(ImageResult.DONE);
        Reply reply = Reply.of(task);
        assertThat(reply.error()).isEqualTo("good");
        assertThat(reply.transferred()).isEqualTo(40);
    }

    @Test
    void stopsAtTheFirstRangeThatFails() {
        bench.image.failure = ImageResult.MEDIUM_ERROR;
        assertThat(unmap(list(0, 1, 10, 1)).error()).isEqualTo("3/0C/00");
        assertThat(bench.image.log).containsExactly("UNMAP 0+512");
    }

    /// What lies between the first and the last range waits; what lies outside passes.
    @Test
    void commandsWithinItsHullWaitForIt() {
        bench.holdsFlushes = true;
        bench.finished.clear();
        Task unmap = task(list(10, 1, 20, 1));
        Task outside = read(21);
        Task inside = read(15);
        bench.target.execute(unmap);
        bench.target.execute(outside);
        bench.target.execute(inside);
        assertThat(bench.finished).containsExactly(outside);
        bench.completeFlush(ImageResult.DONE);
        assertThat(bench.finished).containsExactly(outside);
        bench.completeFlush(ImageResult.DONE);
        assertThat(bench.finished).containsExactly(outside, unmap, inside);
    }

    @Test
    void waitsForAWriteItOverlaps() {
        bench.image.holds = true;
        bench.finished.clear();
        Task write = bench.task("2A 00 00 00 00 14 00 00 01 00", TransferDirection.TO_TARGET, 512);
        Task unmap = task(list(2, 1, 20, 1));
        bench.target.execute(write);
        bench.target.execute(unmap);
        assertThat(bench.flushed).isEmpty();
        bench.completeImage(0);
        assertThat(bench.finished).containsExactly(write, unmap);
    }

    private Task read(int block) {
        return bench.task("28 00 00 00 00 %02X 00 00 01 00".formatted(block), TransferDirection.FROM_TARGET, 512);
    }

    private Task task(byte[] list) {
        Task task = bench.task(cdb(list.length), TransferDirection.TO_TARGET, list.length);
        Bench.put(task, list);
        return task;
    }

    private Reply unmap(String hex) {
        return unmap(HexFormat.ofDelimiter(" ").parseHex(hex));
    }

    private Reply unmap(byte[] list) {
        return send(bench, list);
    }

    private static Reply send(Bench to, byte[] list) {
        return to.out(cdb(list.length), list);
    }

    private static String cdb(int length) {
        return "42 00 00 00 00 00 00 %02X %02X 00".formatted(length >> 8, length & 0xFF);
    }

    /// A parameter list of pairs of address and number of blocks.
    static byte[] list(long... pairs) {
        java.nio.ByteBuffer list = java.nio.ByteBuffer.allocate(8 + 8 * pairs.length);
        list.putShort((short) (6 + 8 * pairs.length)).putShort((short) (8 * pairs.length)).putInt(0);
        for (int i = 0; i < pairs.length; i += 2) {
            list.putLong(pairs[i]).putInt((int) pairs[i + 1]).putInt(0);
        }
        return list.array();
    }
}
