package io.trilane.engine.task;

/// What all tasks of a pool have in common. Set in bring-up, before the first claim; read by anyone.
@HotPath
final class TaskRules {
    /// A buffer of ours is never longer than the largest size class; foreign memory may be.
    private long maxBufferBytes = DataBuffers.MAX_BUFFER_BYTES;
    private long maxForeignBytes = Long.MAX_VALUE;
    private TouchListener touchListener = (_, _, _) -> {};

    void setMaxTransferBytes(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("maxTransferBytes=" + bytes + " < 1, report a positive length");
        }
        maxBufferBytes = Math.min(bytes, DataBuffers.MAX_BUFFER_BYTES);
        maxForeignBytes = bytes;
    }

    void setTouchListener(TouchListener listener) {
        touchListener = listener;
    }

    void requireLegalBuffer(long lengthBytes) {
        if (lengthBytes < 0 || lengthBytes > maxBufferBytes) {
            throw tooLong(lengthBytes, maxBufferBytes);
        }
    }

    void requireLegalForeign(long lengthBytes) {
        if (lengthBytes < 0 || lengthBytes > maxForeignBytes) {
            throw tooLong(lengthBytes, maxForeignBytes);
        }
    }

    void touched(TaskOwnership task, String method) {
        touchListener.onTouch(task.slot(), task.state(), method);
    }

    private static IllegalArgumentException tooLong(long lengthBytes, long maxTransferBytes) {
        return new IllegalArgumentException("lengthBytes=" + lengthBytes + " not in 0..maxTransferBytes="
                + maxTransferBytes + ", split the transfer");
    }
}
