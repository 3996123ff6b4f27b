package io.trilane.tools.nbd;

import io.trilane.engine.Client;
import io.trilane.engine.task.Task;
import io.trilane.tools.frontend.Connection;
import io.trilane.tools.frontend.ConnectionLimits;
import io.trilane.tools.frontend.Protocol;
import io.trilane.tools.frontend.ServedUnit;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One NBD peer: first the handshake, then a short look at the unit, then transmission. Belongs to its connection's event
/// loop.
final class NbdConnection implements Protocol {
    private final Connection connection;
    private final ConnectionLimits limits;
    private final Options options;
    private final Handshake handshake;
    private final long handshakeEndNs;
    private @Nullable UnitProbe probe;
    private @Nullable Transmission transmission;
    private boolean isStopping;

    NbdConnection(Connection connection, NbdExports exports, @Nullable TlsSettings tls, ConnectionLimits limits) {
        this.connection = connection;
        this.limits = limits;
        this.options = new Options(connection, exports, tls, this::open);
        this.handshake = new Handshake(connection, options);
        this.handshakeEndNs = connection.nowNs() + limits.handshakeTimeoutNs();
    }

    @Override
    public boolean onReadable() throws IOException {
        if (transmission != null) {
            return transmission.onReadable();
        }
        if (!options.isOver() && !handshake.onReadable()) {
            return handshake.hasMore();
        }
        UnitProbe current = Objects.requireNonNull(probe);
        if (current.isDone()) {
            Transmission begun = beginTransmission(current);
            transmission = begun;
            return begun.onReadable();
        }
        current.advance();
        connection.pauseReading();
        return false;
    }

    @Override
    public void onTask(Task task) throws IOException {
        if (transmission != null) {
            transmission.onTask(task);
        } else {
            Objects.requireNonNull(probe).onTask(task);
        }
    }

    @Override
    public long deadlineNs() {
        return transmission != null ? transmission.deadlineNs() : handshakeEndNs;
    }

    @Override
    public void onDeadline(long nowNs) throws IOException {
        if (transmission != null) {
            transmission.onDeadline(nowNs);
        } else {
            throw new IOException("handshake took longer than ms=" + limits.handshakeTimeoutNs() / 1_000_000);
        }
    }

    @Override
    public void onStop() {
        isStopping = true;
        options.onStop();
        if (transmission != null) {
            transmission.onStop();
        }
    }

    @Override
    public boolean isIdle() {
        return transmission == null || transmission.isIdle();
    }

    @Override
    public void onClosed() {
        if (transmission != null) {
            transmission.onClosed();
        }
    }

    private void open(ServedUnit unit) throws IOException {
        Client client = connection.openClient("nbd:" + connection.peer(), "nbd:" + unit.name());
        probe = new UnitProbe(connection, client, unit);
    }

    private Transmission beginTransmission(UnitProbe done) {
        Transmission begun = new Transmission(connection, Objects.requireNonNull(connection.client()),
                options.chosen(), done.traits(), options.isStructured(), options.hasContext(), limits.maxTasks(),
                limits.peerTimeoutNs());
        if (isStopping) {
            begun.onStop();
        }
        return begun;
    }
}
