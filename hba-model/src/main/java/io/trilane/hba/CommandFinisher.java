package io.trilane.hba;

import io.trilane.engine.task.Task;

/// Takes tasks whose response is written. Called by the hardware agent, once per executed task.
@FunctionalInterface
public interface CommandFinisher {
    void onFinished(Task task);
}
