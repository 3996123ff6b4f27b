package io.trilane.hba.image;

import io.trilane.engine.task.Extents;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/// Run in a JVM of its own, so that the compiler knows this one operation with this one length and inlines all of it:
/// there a fault is delivered as late as it can be. Prints how many of 100 operations on a truncated file were
/// answered.
final class TruncationProcess {
    private static final int SIZE = 16 << 20;

    private TruncationProcess() {}

    public static void main(String[] arguments) throws IOException {
        Path path = Path.of(arguments[0]);
        DiskImage.Operation operation = DiskImage.Operation.valueOf(arguments[1]);
        int length = Integer.parseInt(arguments[2]);
        resize(path, SIZE);
        try (Buffers buffers = new Buffers(); MappedImage image = new ImageRegistry().open(path, false, 512)) {
            Extents data = buffers.single(length);
            int operations = length > 100_000 ? 5_000 : 200_000;
            int done = count(image, operation, length, data, operations, ImageResult.DONE);
            resize(path, 4096);
            int answered = 0;
            for (int i = 0; i < 100; i++) {
                answered += count(image, operation, length, data, 1, ImageResult.MEDIUM_ERROR);
            }
            System.out.println((done == operations) + " " + answered);
        }
    }

    private static int count(MappedImage image, DiskImage.Operation operation, int length, Extents data, int operations,
            long expected) {
        int count = 0;
        for (int i = 0; i < operations; i++) {
            if (image.submit(operation, SIZE / 2 + (i & 0x7) * 512L, length, data, i) == expected) {
                count++;
            }
        }
        return count;
    }

    private static void resize(Path path, long size) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(size);
        }
    }
}
