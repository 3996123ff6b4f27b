package io.trilane.engine.controller;

/// How the creation of a target ended.
public enum TargetVerdict {
    /// It is initialised and probed, and takes tasks.
    CREATED,
    /// There is one already ([Misuse#TARGET_EXISTS]).
    EXISTS,
    /// The initiator's own id, negative, or above the highest ([Misuse#TARGET_ID_OUT_OF_RANGE]).
    OUT_OF_RANGE,
    /// [Controller#initializeTarget] answered false or threw.
    INITIALIZE_FAILED,
    /// The probe found no device, or the device did not answer it.
    PROBE_FAILED,
    /// The call would never return where it was made; the report says why.
    REFUSED,
    /// The engine was suspended or stopped meanwhile.
    ABANDONED
}
