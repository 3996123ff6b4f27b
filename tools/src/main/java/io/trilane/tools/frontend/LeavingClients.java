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
    /// Tasks that go back with the last one, for the client at the same place.
    private final List<List<Task>> held = new ArrayList<>();
    private final Consumer<Task> drop = this::drop;
    private @Nullable Client current;

    void add(Client client, List<Task> heldTasks) {
        clients.add(client);
        held.add(heldTasks);
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
                for (Task task : held.remove(i)) {
                    boolean _ = client.release(task.token());
                }
                close(client);
            }
        }
        return polled;
    }

    /// The driver of the engine may be late: the nexus is free all the same, and the reset of its next user comes behind ours.
    private static void close(Client client) {
        try {
            client.close();
        } catch (IllegalStateException e) {
            System.getLogger("io.trilane.tools").log(System.Logger.Level.WARNING, "client was not closed", e);
        }
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
