package io.trilane.hba;

import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The way of finished tasks from the hardware to its driver: a bundle, the ring, an interrupt for several of them. All
/// but draining the ring is the hardware agent's.
@HotPath
final class CompletionRing implements CommandFinisher {
    private final int coalescing;
    private final SerialQueue.Bundle<Task> finished = new SerialQueue.Bundle<>(TaskBatch.MAX_TASKS);
    private @Nullable Wires wires;
    private int uninterrupted;

    private record Wires(SerialQueue<Task> ring, SerialQueue<Task> posted, InterruptLine line) {}

    /// @param coalescing completions per interrupt while more is posted
    CompletionRing(int coalescing) {
        this.coalescing = coalescing;
    }

    /// Before the first task.
    void attach(SerialQueue<Task> ring, SerialQueue<Task> posted, InterruptLine line) {
        wires = new Wires(ring, posted, line);
    }

    /// Consumed by the interrupt role.
    SerialQueue<Task> ring() {
        return wires().ring;
    }

    @Override
    public void onFinished(Task task) {
        if (finished.isFull()) {
            publish();
        }
        finished.add(task);
    }

    /// Moves finished tasks to the ring and interrupts, unless more is about to finish anyway.
    void publish() {
        Wires attached = wires();
        int count = finished.remaining();
        if (count != 0) {
            if (attached.ring.offer(finished) != count) {
                throw new IllegalStateException("queue=completions is full, our bug: it holds every task");
            }
            finished.clear();
            uninterrupted += count;
        }
        if (uninterrupted >= coalescing || uninterrupted > 0 && attached.posted.isEmpty()) {
            uninterrupted = 0;
            attached.line.raise();
        }
    }

    private Wires wires() {
        return Objects.requireNonNull(wires, "hardware is not attached to a framework");
    }
}
