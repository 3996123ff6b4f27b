package io.trilane.tools.iscsi;

import io.trilane.tools.frontend.Connection;
import io.trilane.tools.frontend.FrontEnd;
import io.trilane.tools.frontend.Protocol;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// An iSCSI target (RFC 7143, ErrorRecoveryLevel 0, one connection per session). Any event loop.
public final class IscsiFrontEnd implements FrontEnd {
    /// Tasks of a session beyond its window, for immediate commands.
    public static final int IMMEDIATE_TASKS = CommandSlots.IMMEDIATE_SLOTS;

    private final IscsiService service;
    private final RandomGenerator random;
    /// Connections in the full-feature phase.
    private final Set<Connection> sessions = ConcurrentHashMap.newKeySet();

    /// @param random for CHAP: production passes a [java.security.SecureRandom]; any thread uses it
    public IscsiFrontEnd(IscsiService service, RandomGenerator random) {
        this.service = service;
        this.random = random;
    }

    @Override
    public String name() {
        return "iscsi";
    }

    @Override
    public Protocol accept(Connection connection) {
        String portal =
                service.portal().isEmpty() ? Portal.of(connection.localAddress()) : service.portal();
        return new IscsiConnection(this, service, connection, random, portal);
    }

    void enter(Connection connection) {
        boolean _ = sessions.add(connection);
    }

    void leave(Connection connection) {
        boolean _ = sessions.remove(connection);
    }

    /// TARGET COLD RESET: every session of the target ends (RFC 7143 11.5.1).
    void dropSessions() {
        sessions.forEach(connection -> connection.closeFromOutside("target cold reset"));
    }
}
