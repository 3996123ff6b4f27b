package io.trilane.engine.controller;

/// `SetPowerState` (`driverkit.md` 1.4 and 2.5).
public enum PowerState {
    OFF, ON,
    /// Resources of the bus are being assigned anew: no access to the hardware.
    PAUSED
}
