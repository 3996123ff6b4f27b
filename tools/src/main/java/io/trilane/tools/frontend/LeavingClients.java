package io.trilane.tools.frontend;

import io.trilane.engine.Client;
import io.trilane.engine.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Clients whose connections are closed: each closes when it has its last task back. Belongs to one event loop.
final class LeavingClients {
    private static final int POLL_LIMIT = 64;

    private final List<Client> clients = new ArrayList<>();
    private final Consumer<Task> drop = this::drop;
    private @Nullable Client current;

    void add(Client client) {
        clients.add(client);
    }

    boolean isEmpty() {
        return clients.isEmpty();
    }

    /// Takes tasks back, closes the clients that have all of theirs; returns the tasks taken.
    int poll() {
        int polled = 0;
        for (int i = clients.size() - 1; i >= 0; i--) {
            Client client = clients.get(i);
            current = client;
            polled += client.poll(drop, POLL_LIMIT);
            if (client.inFlight() == 0) {
                clients.remove(i);
                client.close();
            }
        }
        return polled;
    }

    boolean hasCompletions() {
        for (int i = clients.size() - 1; i >= 0; i--) {
            if (clients.get(i).hasCompletions()) {
                return true;
            }
        }
        return false;
    }

    private void drop(Task task) {
        boolean _ = Objects.requireNonNull(current).release(task.token());
    }
}
