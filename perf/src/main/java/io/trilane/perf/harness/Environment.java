package io.trilane.perf.harness;

import com.sun.management.OperatingSystemMXBean;
import io.trilane.hba.image.ImageFiles;
import io.trilane.hba.image.ImageRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// The machine and the runtime a figure was taken on. Names no host, user or path.
public record Environment(String os, String architecture, int processors, long memoryBytes, String java, String vm) {
    public static Environment current() {
        return new Environment(System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors(), physicalMemoryBytes(),
                System.getProperty("java.runtime.version", ""), System.getProperty("java.vm.name", ""));
    }

    /// True for a file with holes on a memory file system: there a mapping that is only read fills them all the same.
    static boolean holesTakeMemory(Path file) {
        try {
            return Files.getFileStore(file).type().equals("tmpfs")
                    && ImageFiles.inspect(file, ImageRegistry.DEFAULT_BLOCK_BYTES).isThin();
        } catch (IOException e) {
            throw new UncheckedIOException("image=" + file + " cannot be inspected", e);
        }
    }

    static long physicalMemoryBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
