/// Plain reads and writes of a file or a block device, many at a time by means of threads.
///
/// ```text
/// FileLoadDisk ── FileLoadTarget ── a FileWorker per slot ── FileChannel
///                       └────────── SerialQueue of what is finished
/// ```
@NullMarked
package io.trilane.tools.initiator.file;

import org.jspecify.annotations.NullMarked;
