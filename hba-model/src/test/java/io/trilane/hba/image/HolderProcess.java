package io.trilane.hba.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Run in a JVM of its own: holds an image until it is killed.
final class HolderProcess {
    private HolderProcess() {}

    static ChildJava start(Path image, boolean readOnly) throws IOException {
        ChildJava holder = ChildJava.start(HolderProcess.class, image, readOnly);
        if (!"open".equals(holder.nextLine())) {
            holder.close();
            throw new IOException("the other process did not open " + image);
        }
        return holder;
    }

    /// Opens, touches the file through other descriptors (which would drop an `fcntl` lock), and waits.
    public static void main(String[] arguments) throws IOException {
        Path image = Path.of(arguments[0]);
        try (MappedImage _ = new ImageRegistry().open(image, Boolean.parseBoolean(arguments[1]), 512)) {
            byte[] _ = Files.readAllBytes(image);
            ImageInfo _ = ImageFiles.inspect(image, 512);
            System.out.println("open");
            int _ = System.in.read();
        }
    }
}
