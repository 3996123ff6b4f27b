package io.trilane.engine;

/// What to make of a synchronous target creation on the auxiliary queue (`driverkit.md` 3.4, row 4: the evidence conflicts).
public enum AuxiliaryCreation {
    /// Allowed, with a note in the trace.
    ALLOW,
    /// Allowed and reported.
    WARN,
    /// Refused and reported.
    REFUSE
}
