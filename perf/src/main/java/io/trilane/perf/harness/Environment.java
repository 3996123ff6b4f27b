package io.trilane.perf.harness;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// The machine and the runtime a figure was taken on. Names no host, user or path.
public record Environment(String os, String architecture, int processors, long memoryBytes, String java, String vm) {
    public static Environment current() {
        return new Environment(System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors(), physicalMemoryBytes(),
                System.getProperty("java.runtime.version", ""), System.getProperty("java.vm.name", ""));
    }

    static long physicalMemoryBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
