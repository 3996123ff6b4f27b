package io.trilane.tools.initiator.slot;

import io.trilane.engine.task.HotPath;
import io.trilane.perf.harness.LoadDisk;
import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.Workload;

/// What may be asked of a disk: nothing else is ever sent to it. Immutable.
///
/// @param name          as the user named it
/// @param blockBytes    offsets and lengths are multiples of it, a power of two
/// @param capacityBytes a multiple of the block
/// @param isWritable    it can be written and the user allowed it
/// @param canFlush      FLUSH may be asked for
/// @param canUnmap      UNMAP may be asked for
/// @param canFua        writes that are durable when they complete may be asked for
@HotPath
public record DiskRules(String name, int blockBytes, long capacityBytes, boolean isWritable, boolean canFlush,
        boolean canUnmap, boolean canFua) {

    /// Refuses what is known to be wrong before the first request. A bundle longer than the limit does no harm.
    ///
    /// @throws IllegalArgumentException the workload cannot be had on this disk
    public void check(Workload workload, int job, LoadDisk.Limits limits) {
        if (workload.mix().changesMedium() && !isWritable) {
            throw new IllegalArgumentException("rw=" + workload.mode().option() + " target=" + name
                    + " is not writable here, choose a mode that reads");
        }
        if (workload.verify()) {
            throw new IllegalArgumentException("verify=true target=" + name
                    + " is not possible here, stamps are checked in images only: leave --verify out");
        }
        if (workload.fua() && workload.mode().writes() && !canFua) {
            throw new IllegalArgumentException("fua=true target=" + name
                    + " does not offer it, leave --fua out or mix flushes in");
        }
        if (workload.longestBytes() > limits.maxRequestBytes()) {
            throw new IllegalArgumentException("bs=" + workload.longestBytes() + " > maxRequestBytes="
                    + limits.maxRequestBytes() + " of target=" + name + ", lower --bs");
        }
        if (workload.longestBytes() % blockBytes != 0) {
            throw new IllegalArgumentException("bs=" + workload.longestBytes() + " is not a multiple of blockBytes="
                    + blockBytes + " of target=" + name + ", choose one");
        }
        if (workload.depth() > limits.maxDepth()) {
            throw new IllegalArgumentException("iodepth=" + workload.depth() + " > maxDepth=" + limits.maxDepth()
                    + " of target=" + name + ", lower --iodepth");
        }
        if (job < 0 || job >= limits.maxJobs()) {
            throw new IllegalArgumentException("job=" + job + " not in 0.." + (limits.maxJobs() - 1) + " of target="
                    + name + ", lower --numjobs");
        }
    }

    /// @param lengthBytes of the request; not looked at for a flush
    /// @throws IllegalArgumentException the disk must not be asked this
    public void check(long request, long lengthBytes) {
        if (!isAllowed(request, lengthBytes)) {
            throw refusal(request, lengthBytes);
        }
    }

    private boolean isAllowed(long request, long lengthBytes) {
        int kind = Request.kind(request);
        if (kind == RequestKind.FLUSH.ordinal()) {
            return canFlush && Request.unit(request) == 0;
        }
        long offset = Request.offsetBytes(request);
        boolean isKindAllowed = kind == RequestKind.READ.ordinal()
                || isWritable && (kind == RequestKind.WRITE.ordinal() || canUnmap);
        return isKindAllowed && Request.unit(request) == 0 && ((offset | lengthBytes) & blockBytes - 1) == 0
                && lengthBytes > 0 && offset <= capacityBytes - lengthBytes;
    }

    private IllegalArgumentException refusal(long request, long lengthBytes) {
        RequestKind kind = Request.kindOf(request);
        if (kind.changesMedium() && !isWritable) {
            return new IllegalArgumentException("kind=" + kind + " target=" + name
                    + " is not writable here, choose a mode that reads");
        }
        if (kind == RequestKind.UNMAP && !canUnmap || kind == RequestKind.FLUSH && !canFlush) {
            return new IllegalArgumentException("kind=" + kind + " target=" + name
                    + " does not offer it, leave it out of the mix");
        }
        return new IllegalArgumentException("kind=" + kind + " unit=" + Request.unit(request) + " offset="
                + Request.offsetBytes(request) + " length=" + lengthBytes + " not within capacityBytes=" + capacityBytes
                + " in blocks of " + blockBytes + " of target=" + name + ", choose another size or region");
    }
}
