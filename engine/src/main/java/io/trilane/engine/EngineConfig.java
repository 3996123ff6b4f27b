package io.trilane.engine;

import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.task.CommandLayout;
import io.trilane.engine.task.ResponseLayout;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What an engine is made of. Immutable; start from [#defaults] and change what matters.
///
/// @param maxTasks           slots, 1..65536; the controller's maximum task count may lower it
/// @param dataBudgetBytes    most data-buffer memory that is committed at any time
/// @param clientMaxTasks     most tasks one client may hold
/// @param threading          who runs the roles
/// @param contract           which callback runs on which role
/// @param shard              0..255, in the tokens of this engine
/// @param countersDirectory  where the counters file goes; empty for counters in memory only
/// @param nanoClock          the engine's only clock
/// @param stallThresholdNs   a role's longer cycle counts as a stall
/// @param closeTimeoutNs     how long close waits for tasks in flight
/// @param inlineSlowWork     run slow work on the submitting thread: for tests and simulation
/// @param driverDoorbell     INVOKER: rung when there is work for a driver that sleeps; empty when it never does
/// @param framework          how the framework half behaves towards its controller
public record EngineConfig(int maxTasks, long dataBudgetBytes, int clientMaxTasks, ThreadingMode threading,
        QueueContract contract, int shard, Optional<Path> countersDirectory, LongSupplier nanoClock,
        long stallThresholdNs, long closeTimeoutNs, boolean inlineSlowWork, FrameworkConfig framework,
        Optional<Doorbell> driverDoorbell) {

    private static final long MIN_DATA_BUDGET = 1 << 20;
    private static final long MAX_DATA_BUDGET = 1L << 40;

    public EngineConfig {
        if (maxTasks < 1 || maxTasks > TaskMemory.MAX_TASKS) {
            throw new IllegalArgumentException("maxTasks=" + maxTasks + " not in 1.." + TaskMemory.MAX_TASKS
                    + ", choose a value in that range");
        }
        if (dataBudgetBytes < MIN_DATA_BUDGET || dataBudgetBytes > MAX_DATA_BUDGET) {
            throw new IllegalArgumentException("dataBudgetBytes=" + dataBudgetBytes + " not in " + MIN_DATA_BUDGET
                    + ".." + MAX_DATA_BUDGET + ", choose a value in that range");
        }
        if (clientMaxTasks < 1 || clientMaxTasks > maxTasks) {
            throw new IllegalArgumentException("clientMaxTasks=" + clientMaxTasks + " not in 1..maxTasks=" + maxTasks
                    + ", lower clientMaxTasks or raise maxTasks");
        }
        if (shard < 0 || shard > 255) {
            throw new IllegalArgumentException("shard=" + shard + " not in 0..255, run fewer engines");
        }
        if (stallThresholdNs < 1 || closeTimeoutNs < 1) {
            throw new IllegalArgumentException("stallThresholdNs=" + stallThresholdNs + " or closeTimeoutNs="
                    + closeTimeoutNs + " < 1, choose positive times");
        }
    }

    /// 1024 tasks, 64 MiB of data, one driver thread, counters in a private directory of the memory file system.
    public static EngineConfig defaults() {
        return new EngineConfig(1024, 64L << 20, 1024, ThreadingMode.INVOKER, QueueContract.ENGINE, 0,
                Optional.of(defaultCountersDirectory()), System::nanoTime, 100_000_000L, 5_000_000_000L, false,
                FrameworkConfig.defaults(), Optional.empty());
    }

    /// The same with another number of tasks, all of which one client may hold.
    public EngineConfig withMaxTasks(int tasks) {
        return new EngineConfig(tasks, dataBudgetBytes, tasks, threading, contract, shard, countersDirectory, nanoClock,
                stallThresholdNs, closeTimeoutNs, inlineSlowWork, framework, driverDoorbell);
    }

    public EngineConfig withDataBudgetBytes(long bytes) {
        return new EngineConfig(maxTasks, bytes, clientMaxTasks, threading, contract, shard, countersDirectory,
                nanoClock,
                stallThresholdNs, closeTimeoutNs, inlineSlowWork, framework, driverDoorbell);
    }

    public EngineConfig withClientMaxTasks(int tasks) {
        return new EngineConfig(maxTasks, dataBudgetBytes, tasks, threading, contract, shard, countersDirectory,
                nanoClock,
                stallThresholdNs, closeTimeoutNs, inlineSlowWork, framework, driverDoorbell);
    }

    public EngineConfig withThreading(ThreadingMode mode) {
        return new EngineConfig(maxTasks, dataBudgetBytes, clientMaxTasks, mode, contract, shard, countersDirectory,
                nanoClock, stallThresholdNs, closeTimeoutNs, inlineSlowWork, framework, driverDoorbell);
    }

    public EngineConfig withContract(QueueContract queueContract) {
        return new EngineConfig(maxTasks, dataBudgetBytes, clientMaxTasks, threading, queueContract, shard,
                countersDirectory, nanoClock, stallThresholdNs, closeTimeoutNs, inlineSlowWork, framework,
                driverDoorbell);
    }

    public EngineConfig withShard(int number) {
        return new EngineConfig(maxTasks, dataBudgetBytes, clientMaxTasks, threading, contract, number,
                countersDirectory,
                nanoClock, stallThresholdNs, closeTimeoutNs, inlineSlowWork, framework, driverDoorbell);
    }

    public EngineConfig withCountersDirectory(Optional<Path> directory) {
        return new EngineConfig(maxTasks, dataBudgetBytes, clientMaxTasks, threading, contract, shard, directory,
                nanoClock, stallThresholdNs, closeTimeoutNs, inlineSlowWork, framework, driverDoorbell);
    }

    /// Another clock, with slow work inline: for tests that want one thread and their own time.
    public EngineConfig withSimulatedTime(LongSupplier clock) {
        return new EngineConfig(maxTasks, dataBudgetBytes, clientMaxTasks, threading, contract, shard, Optional.empty(),
                clock, stallThresholdNs, closeTimeoutNs, true, framework, driverDoorbell);
    }

    public EngineConfig withCloseTimeoutNs(long timeoutNs) {
        return new EngineConfig(maxTasks, dataBudgetBytes, clientMaxTasks, threading, contract, shard,
                countersDirectory,
                nanoClock, stallThresholdNs, timeoutNs, inlineSlowWork, framework, driverDoorbell);
    }

    public EngineConfig withFramework(FrameworkConfig newFramework) {
        return new EngineConfig(maxTasks, dataBudgetBytes, clientMaxTasks, threading, contract, shard,
                countersDirectory, nanoClock, stallThresholdNs, closeTimeoutNs, inlineSlowWork, newFramework,
                driverDoorbell);
    }

    /// INVOKER with a driver that sleeps when there is nothing to do, until this rings.
    public EngineConfig withDriverDoorbell(Doorbell doorbell) {
        return new EngineConfig(maxTasks, dataBudgetBytes, clientMaxTasks, threading, contract, shard,
                countersDirectory, nanoClock, stallThresholdNs, closeTimeoutNs, inlineSlowWork, framework,
                Optional.of(doorbell));
    }

    /// Most memory that slots and data can commit, in bytes.
    public long totalMemoryBytes() {
        return (long) maxTasks * (CommandLayout.LENGTH + ResponseLayout.LENGTH + TaskExtension.LENGTH)
                + dataBudgetBytes;
    }

    private static Path defaultCountersDirectory() {
        Path shm = Path.of("/dev/shm");
        Path base = Files.isWritable(shm) ? shm : Path.of(System.getProperty("java.io.tmpdir"));
        return base.resolve("trilane-" + System.getProperty("user.name"));
    }
}
