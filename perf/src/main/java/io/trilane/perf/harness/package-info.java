/// Puts load on an engine and measures it.
///
/// ```text
/// Bench ── one thread per job ── Job ── LoadDriver ── LoadTarget (EngineLoadTarget) ── Engine ── DiskImage
///   │                             └─── CopyContender (memcpy, segment) ── CopyRegion
///   └── RunResult
/// ```
@NullMarked
package io.trilane.perf.harness;

import org.jspecify.annotations.NullMarked;
