package io.trilane.engine.controller;

/// The states of `driverkit.md` 2.2. Which may follow which is listed here and nowhere else.
public enum LifecycleState {
    NEW, ALLOCATED, STARTED, CONFIGURED, PROVISIONED, ACCEPTING, ONLINE, SUSPENDED, PAUSED, OFF, DRAINING, STOPPED,
    GONE;

    /// True when `next` may follow this state.
    public boolean canBecome(LifecycleState next) {
        return switch (this) {
            case NEW -> next == ALLOCATED || next == GONE;
            case ALLOCATED -> next == STARTED || next == STOPPED;
            case STARTED -> next == CONFIGURED || next == STOPPED;
            case CONFIGURED -> next == PROVISIONED || next == STOPPED;
            case PROVISIONED -> next == ACCEPTING || next == STOPPED;
            case ACCEPTING -> next == ONLINE || next == DRAINING;
            case ONLINE -> next == SUSPENDED || next == PAUSED || next == OFF || next == DRAINING;
            case SUSPENDED, PAUSED, OFF -> next == ONLINE || next == DRAINING;
            case DRAINING -> next == STOPPED;
            case STOPPED -> next == GONE;
            case GONE -> false;
        };
    }

    /// True while clients may submit; what becomes of the task while it does not run is the suspend policy's.
    public boolean acceptsTasks() {
        return this == ACCEPTING || this == ONLINE || isSuspended();
    }

    /// True while tasks do not reach the controller and targets cannot be created.
    public boolean isSuspended() {
        return this == SUSPENDED || this == PAUSED || this == OFF;
    }
}
