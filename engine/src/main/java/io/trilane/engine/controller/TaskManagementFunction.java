package io.trilane.engine.controller;

/// SAM-5 clause 7; the first six are DriverKit's calls (`driverkit.md` 1.3).
public enum TaskManagementFunction {
    ABORT_TASK, ABORT_TASK_SET, CLEAR_ACA, CLEAR_TASK_SET, LOGICAL_UNIT_RESET, TARGET_RESET, I_T_NEXUS_RESET
}
