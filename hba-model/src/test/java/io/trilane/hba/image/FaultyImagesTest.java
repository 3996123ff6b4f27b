package io.trilane.hba.image;

import static io.trilane.hba.image.DiskImage.Operation.COMPARE;
import static io.trilane.hba.image.DiskImage.Operation.COMPARE_AND_WRITE;
import static io.trilane.hba.image.DiskImage.Operation.FILL;
import static io.trilane.hba.image.DiskImage.Operation.READ;
import static io.trilane.hba.image.DiskImage.Operation.UNMAP;
import static io.trilane.hba.image.DiskImage.Operation.WRITE;
import static io.trilane.hba.image.DiskImage.Operation.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.task.Extents;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultyImagesTest {
    private final Buffers buffers = new Buffers();
    private final MappedImage memory = MemoryImage.open(1 << 20, 512);

    @AfterEach
    void giveBack() {
        memory.close();
        buffers.close();
    }

    @Test
    void storesOneWrongBitAndLeavesTheBufferOfTheWriteAlone() {
        CorruptingImage image = CorruptingImage.onWrite(memory, Trigger.nth(2), 300 * 8 + 3);
        byte[] content = Buffers.random(1, 512);
        Extents data = buffers.pieces(256, 256);
        Buffers.fill(data, content);
        for (int i = 0; i < 3; i++) {
            assertThat(image.submit(WRITE, i * 512L, 512, data, 0)).isEqualTo(ImageResult.DONE);
        }
        assertThat(Buffers.content(data, 512)).isEqualTo(content);
        assertThat(memory.submit(COMPARE, 0, 512, data, 0)).isEqualTo(ImageResult.DONE);
        assertThat(memory.submit(COMPARE, 512, 512, data, 0)).isEqualTo(300);
        assertThat(memory.submit(COMPARE, 1024, 512, data, 0)).isEqualTo(ImageResult.DONE);
        assertThat(image.corruptions()).isEqualTo(1);
    }

    @Test
    void deliversOneWrongBitFromAGoodMedium() {
        CorruptingImage image = CorruptingImage.onRead(memory, Trigger.nth(1), 512 * 8 + 9);
        Extents data = buffers.single(512);
        image.submit(READ, 0, 512, data, 0);
        byte[] expected = new byte[512];
        expected[1] = 2;
        assertThat(Buffers.content(data, 512)).isEqualTo(expected);
        image.submit(READ, 0, 512, data, 0);
        assertThat(Buffers.content(data, 512)).containsOnly(0);
    }

    @Test
    void storesOneWrongBitOfWhateverBringsData() {
        byte[] twoBlocks = new byte[1024];
        java.util.Arrays.fill(twoBlocks, 512, 1024, (byte) 9);
        Extents data = buffers.filled(twoBlocks);
        CorruptingImage image = CorruptingImage.onWrite(memory, () -> true, 8 * 100);
        assertThat(image.submit(COMPARE_AND_WRITE, 0, 512, data, 0)).isEqualTo(ImageResult.DONE);
        assertThat(image.submit(FILL, 4096, 1024, data, 0)).isEqualTo(ImageResult.DONE);
        assertThat(image.submit(ZERO, 512, 512, data, 0)).isEqualTo(ImageResult.DONE);
        assertThat(Buffers.content(data, 1024)).isEqualTo(twoBlocks);
        Extents read = buffers.single(512);
        memory.submit(READ, 0, 512, read, 0);
        assertThat(Buffers.content(read, 512)[99]).isEqualTo((byte) 9);
        assertThat(Buffers.content(read, 512)[100]).isEqualTo((byte) 8);
        for (int block = 8; block < 10; block++) {
            memory.submit(READ, block * 512L, 512, read, 0);
            assertThat(Buffers.content(read, 512)[100]).isEqualTo((byte) 1);
        }
        assertThat(image.corruptions()).isEqualTo(2);
    }

    @Test
    void losesWhateverChangesTheMediumButStillCompares() {
        Extents ones = buffers.filled(ones(1024));
        memory.submit(WRITE, 0, 1024, ones, 0);
        DroppingImage image = new DroppingImage(memory, () -> true);
        Extents none = Extents.NONE;
        assertThat(image.submit(ZERO, 0, 512, none, 0)).isEqualTo(ImageResult.DONE);
        assertThat(image.submit(UNMAP, 0, 512, none, 0)).isEqualTo(ImageResult.DONE);
        assertThat(image.submit(FILL, 0, 512, buffers.single(512), 0)).isEqualTo(ImageResult.DONE);
        assertThat(image.submit(COMPARE_AND_WRITE, 0, 512, buffers.filled(new byte[1024]), 0)).isZero();
        byte[] onesThenZeros = java.util.Arrays.copyOf(ones(512), 1024);
        assertThat(image.submit(COMPARE_AND_WRITE, 0, 512, buffers.filled(onesThenZeros), 0))
                .isEqualTo(ImageResult.DONE);
        assertThat(image.drops()).isEqualTo(5);
        assertThat(memory.submit(COMPARE, 0, 1024, ones, 0)).isEqualTo(ImageResult.DONE);
    }

    @Test
    void unmapsElsewhere() {
        Extents ones = buffers.filled(ones(16384));
        memory.submit(WRITE, 0, 16384, ones, 0);
        MisplacingImage image = new MisplacingImage(memory, Trigger.nth(1), 8192);
        assertThat(image.submit(UNMAP, 0, 4096, Extents.NONE, 0)).isEqualTo(ImageResult.DONE);
        assertThat(memory.submit(COMPARE, 0, 16384, ones, 0)).isEqualTo(8192);
    }

    private static byte[] ones(int length) {
        byte[] ones = new byte[length];
        java.util.Arrays.fill(ones, (byte) 1);
        return ones;
    }

    @Test
    void writesElsewhere() {
        MisplacingImage image = new MisplacingImage(memory, Trigger.nth(1), 4096);
        Extents data = buffers.filled(Buffers.random(2, 512));
        assertThat(image.submit(WRITE, 0, 512, data, 0)).isEqualTo(ImageResult.DONE);
        assertThat(memory.submit(COMPARE, 0, 512, data, 0)).isZero();
        assertThat(memory.submit(COMPARE, 4096, 512, data, 0)).isEqualTo(ImageResult.DONE);
        assertThat(image.misplacements()).isEqualTo(1);
    }

    @Test
    void misplacesBackwardsAtTheEnd() {
        MisplacingImage image = new MisplacingImage(memory, Trigger.nth(1), 4096);
        Extents data = buffers.filled(Buffers.random(3, 512));
        image.submit(WRITE, (1 << 20) - 512, 512, data, 0);
        assertThat(memory.submit(COMPARE, (1 << 20) - 512 - 4096, 512, data, 0)).isEqualTo(ImageResult.DONE);
    }

    @Test
    void losesAWrite() {
        DroppingImage image = new DroppingImage(memory, Trigger.nth(2));
        Extents data = buffers.filled(Buffers.random(4, 512));
        image.submit(WRITE, 0, 512, data, 0);
        assertThat(image.submit(WRITE, 512, 512, data, 0)).isEqualTo(ImageResult.DONE);
        assertThat(memory.submit(COMPARE, 0, 512, data, 0)).isEqualTo(ImageResult.DONE);
        assertThat(memory.submit(COMPARE, 512, 512, data, 0)).isZero();
        assertThat(image.drops()).isEqualTo(1);
    }

    @Test
    void firesTheSameWithTheSameSeed() {
        Trigger one = Trigger.oneIn(new SplittableRandom(7), 3);
        Trigger two = Trigger.oneIn(new SplittableRandom(7), 3);
        int fired = 0;
        for (int i = 0; i < 100; i++) {
            boolean fires = one.fires();
            assertThat(two.fires()).isEqualTo(fires);
            fired += fires ? 1 : 0;
        }
        assertThat(fired).isBetween(15, 60);
    }

    @Test
    void holdsOperationsUntilToldAndReportsThemInAnyOrder() {
        PendingImage image = new PendingImage(memory);
        List<String> heard = new ArrayList<>();
        image.setListener((token, result) -> heard.add(token + ":" + result));
        Extents data = buffers.filled(Buffers.random(5, 512));
        for (int i = 0; i < 4; i++) {
            assertThat(image.submit(WRITE, i * 512L, 512, data, 10 + i)).isEqualTo(ImageResult.PENDING);
        }
        assertThat(image.pendingOperations()).isEqualTo(4);
        assertThat(memory.submit(COMPARE, 1024, 512, data, 0)).isZero();
        image.complete(12);
        assertThat(memory.submit(COMPARE, 1024, 512, data, 0)).isEqualTo(ImageResult.DONE);
        assertThat(image.completeNewest()).isTrue();
        image.completeWith(10, ImageResult.MEDIUM_ERROR);
        assertThat(image.pendingTokens()).containsExactly(11L);
        assertThatThrownBy(image::close).isInstanceOf(IllegalStateException.class);
        assertThat(image.completeOldest()).isTrue();
        assertThat(image.completeOldest()).isFalse();
        assertThat(heard).containsExactly("12:-1", "13:-1", "10:-3", "11:-1");
        assertThatThrownBy(() -> image.complete(12)).isInstanceOf(IllegalStateException.class);
    }
}
