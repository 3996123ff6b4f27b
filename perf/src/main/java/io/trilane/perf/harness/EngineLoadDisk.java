package io.trilane.perf.harness;

import io.trilane.engine.ThreadingMode;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskMemory;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageFiles;
import io.trilane.hba.image.ImageRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// An image in this process as a disk for load: a file, `null:SIZE` or `memory:SIZE`. Every way in is an engine of its own,
/// driven by the thread that opened it. Jobs share a file; of a memory image each has its own, which stays filled from one opening to
/// the next. Any thread; close what was opened first.
public final class EngineLoadDisk implements LoadDisk {
    private static final int MAX_JOBS = 256;
    private static final int FILL_DEPTH = 8;

    private final ImageRegistry registry = new ImageRegistry();
    private final String spec;
    private final BenchDisk.Kind kind;
    private final boolean isWritable;
    /// Knows the sizes; keeps a file mapped and prefaulted.
    private final DiskImage held;
    /// Filled memory images that no job has open, by job.
    private final Map<Integer, DiskImage> memory = new HashMap<>();
    private final List<String> notes = new ArrayList<>();

    private EngineLoadDisk(String spec, BenchDisk.Kind kind, @Nullable Path file, boolean isWritable) {
        this.spec = spec;
        this.kind = kind;
        this.isWritable = isWritable;
        this.held = file == null ? registry.open(spec, false, ImageRegistry.DEFAULT_BLOCK_BYTES)
                : registry.open(file, !isWritable, ImageRegistry.DEFAULT_BLOCK_BYTES);
        notes.add("depth is made of tasks in flight in an engine of this process; a job is an engine with a thread");
        if (file != null) {
            String note = Prefault.of(spec, file, held, true);
            if (!note.isEmpty()) {
                notes.add(note);
            }
        }
    }

    /// Opens an image; a file is only read unless it may be overwritten.
    ///
    /// @param allowOverwrite a file's content may go
    /// @throws io.trilane.hba.image.ImageException there is no such image, or it cannot be opened
    public static EngineLoadDisk open(String spec, boolean allowOverwrite) {
        String lower = spec.toLowerCase(Locale.ROOT);
        if (lower.startsWith("null:")) {
            return new EngineLoadDisk(spec, BenchDisk.Kind.NULL, null, true);
        }
        if (lower.startsWith("memory:")) {
            return new EngineLoadDisk(spec, BenchDisk.Kind.MEMORY, null, true);
        }
        Path file = ImageFiles.inspect(Path.of(spec), ImageRegistry.DEFAULT_BLOCK_BYTES).path();
        return new EngineLoadDisk(spec, BenchDisk.Kind.USER_FILE, file, allowOverwrite);
    }

    @Override
    public String name() {
        return spec;
    }

    @Override
    public int blockBytes() {
        return held.blockBytes();
    }

    @Override
    public long capacityBytes() {
        return held.capacityBlocks() * held.blockBytes();
    }

    @Override
    public Limits limits() {
        // Every job has a memory image of its own: half the memory is for them.
        long jobs = kind == BenchDisk.Kind.MEMORY ? Environment.physicalMemoryBytes() / 2 / capacityBytes() : MAX_JOBS;
        return new Limits(Workload.MAX_REQUEST_BYTES, TaskMemory.MAX_TASKS, TaskBatch.MAX_TASKS,
                Math.clamp(jobs, 1, MAX_JOBS), isWritable, List.copyOf(notes));
    }

    @Override
    public LongSupplier nanoClock() {
        return System::nanoTime;
    }

    @Override
    public LoadTarget open(int job, Workload workload) {
        if (job < 0 || job >= limits().maxJobs()) {
            throw new IllegalArgumentException("job=" + job + " not in 0.." + (limits().maxJobs() - 1) + " for image="
                    + spec + ", run fewer jobs");
        }
        if (workload.mix().changesMedium() && !isWritable) {
            throw new IllegalArgumentException("image=" + spec + " rw=" + workload.mode().option()
                    + " would overwrite an existing file, add --allow-overwrite if its content may go");
        }
        Region _ = Region.of(held, 0, 0, workload.longestBytes());
        DiskImage image = kind == BenchDisk.Kind.MEMORY ? takeMemory(job)
                : kind == BenchDisk.Kind.NULL ? registry.open(spec, false, ImageRegistry.DEFAULT_BLOCK_BYTES)
                : registry.open(Path.of(spec), !isWritable, ImageRegistry.DEFAULT_BLOCK_BYTES);
        try {
            return target(job, workload, image);
        } catch (RuntimeException e) {
            giveBack(job, image);
            throw e;
        }
    }

    private LoadTarget target(int job, Workload workload, DiskImage image) {
        JobEngine engine = JobEngine.borrow(
                new JobEngine.Plan(job, ThreadingMode.INVOKER, workload.depth(), workload.bufferBytes(),
                        JobEngine.provisioning(workload)),
                List.of(image));
        try {
            EngineLoadTarget target = engine.target(workload);
            target.fillBuffers(workload.depth());
            return new OpenedTarget(target, () -> close(engine, job, image));
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    @Override
    public synchronized void close() {
        memory.values().forEach(DiskImage::close);
        memory.clear();
        held.close();
    }

    private void close(JobEngine engine, int job, DiskImage image) {
        try {
            engine.close();
        } finally {
            giveBack(job, image);
        }
    }

    private synchronized void giveBack(int job, DiskImage image) {
        if (kind != BenchDisk.Kind.MEMORY || memory.putIfAbsent(job, image) != null) {
            image.close();
        }
    }

    /// The filled memory image of a job that has no target open.
    synchronized DiskImage kept(int job) {
        return Objects.requireNonNull(memory.get(job));
    }

    private DiskImage takeMemory(int job) {
        synchronized (this) {
            DiskImage kept = memory.remove(job);
            if (kept != null) {
                return kept;
            }
        }
        DiskImage image = registry.open(spec, false, ImageRegistry.DEFAULT_BLOCK_BYTES);
        try {
            fill(job, image);
            return image;
        } catch (RuntimeException e) {
            image.close();
            throw e;
        }
    }

    /// Pages that were never written read as one page of zeros, from the processor's cache: no disk is like that.
    private static void fill(int job, DiskImage image) {
        List<Region> regions = List.of(Region.of(image, 0, 0, image.blockBytes()));
        Workload pass = SequentialPass.workload(Workload.of(RwMode.WRITE, image.blockBytes(), FILL_DEPTH), RwMode.WRITE,
                regions, image.blockBytes());
        try (JobEngine engine = JobEngine.borrow(new JobEngine.Plan(job, ThreadingMode.INVOKER, pass.depth(),
                SequentialPass.bufferBytes(pass.depth())), List.of(image))) {
            engine.target(pass).fillBuffers(pass.depth());
            SequentialPass.Result result =
                    SequentialPass.run(engine, pass, regions, null, SequentialPass.Progress.NONE);
            if (result.errors() > 0) {
                throw new IllegalStateException("filling the memory image failed: " + result.firstError());
            }
        }
    }
}
