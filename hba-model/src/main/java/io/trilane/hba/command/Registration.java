package io.trilane.hba.command;

import io.trilane.engine.task.Nexus;

/// A reservation key that an I_T nexus has registered. It belongs to the names of the two ports, so that it outlives the
/// connection (SPC-5 5.13.7).
final class Registration {
    private final String initiatorPort;
    private final String targetPort;
    private long key;

    Registration(Nexus nexus, long key) {
        this.initiatorPort = nexus.initiatorPort();
        this.targetPort = nexus.targetPort();
        this.key = key;
    }

    boolean isOf(Nexus nexus) {
        return initiatorPort.equals(nexus.initiatorPort()) && targetPort.equals(nexus.targetPort());
    }

    String initiatorPort() {
        return initiatorPort;
    }

    long key() {
        return key;
    }

    void setKey(long newKey) {
        key = newKey;
    }
}
