package io.trilane.perf.harness;

import java.util.Optional;

/// What one job measured.
///
/// @param userCpu           share of one processor spent in user mode while measuring, 0..1 per thread
/// @param allocatedPerIo    bytes that the engine's and the driver's threads allocated, per request
/// @param errors            requests that did not end with GOOD and all their bytes
public record JobResult(String name, IoStats read, IoStats write, IoStats flush, IoStats unmap, double userCpu,
        double systemCpu,
        double allocatedPerIo, long errors, Optional<String> firstError) {
    public IoStats stats(RequestKind kind) {
        return switch (kind) {
            case READ -> read;
            case WRITE -> write;
            case FLUSH -> flush;
            case UNMAP -> unmap;
        };
    }
}
