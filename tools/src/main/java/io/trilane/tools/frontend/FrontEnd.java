package io.trilane.tools.frontend;

/// A protocol server on the engine: names itself and speaks with each connection.
public interface FrontEnd {
    /// For log lines: `iscsi`, `nbd`.
    String name();

    /// The protocol for a connection that was just accepted. On its event loop's thread.
    Protocol accept(Connection connection);
}
