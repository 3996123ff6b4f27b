package io.trilane.tools.frontend;

/// What one connection may use. There is no quota for a peer: one that opens many connections has many shares, up to
/// `maxConnections`.
///
/// @param maxConnections      open at once, over all front ends; fewer than the engine's nexuses
/// @param handshakeTimeoutNs  from accept to the end of login or negotiation
/// @param peerTimeoutNs       without a sign of life before a peer counts as dead
/// @param maxTasks            tasks of one connection at once
public record ConnectionLimits(int maxConnections, long handshakeTimeoutNs, long peerTimeoutNs, int maxTasks) {
    /// 200 connections, 15 s for the handshake, 60 s without a sign of life, 64 tasks.
    public static final ConnectionLimits STANDARD = new ConnectionLimits(200, 15_000_000_000L, 60_000_000_000L, 64);

    /// The same with another number of tasks for each connection.
    public ConnectionLimits withMaxTasks(int tasks) {
        return new ConnectionLimits(maxConnections, handshakeTimeoutNs, peerTimeoutNs, tasks);
    }
}
