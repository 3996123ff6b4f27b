package io.trilane.engine.metrics;

/// Every counter of an engine; the order is the order in the counters file.
public enum EngineCounter {
    LIFECYCLE_STATE("lifecycle state (ordinal)"),
    SUBMITTED("tasks submitted by clients"),
    COMPLETED("tasks given back to clients, however they ended"),
    REFUSED_CLAIMS("claims refused: no slot, no memory, or over quota"),
    REFUSED_SUBMISSIONS("submissions refused: queue full or not accepting"),
    STALE_COMPLETIONS("completions refused: stale, double or foreign token"),
    STALE_RELEASES("releases refused: stale, double or foreign token"),
    LATE_COMPLETIONS("tokens returned after their deadline"),
    TIMEOUTS("tasks that met their deadline"),
    SYNCHRONOUS_RESPONSES("tasks failed because process answered something else than in process"),
    INTERRUPTS("interrupts served"),
    CONTROLLER_ERRORS("exceptions that left a controller or a message handler"),
    CONTROL_MAX_CYCLE_NS("longest time between two cycles of the control role"),
    CONTROL_STALLS("cycles of the control role over the stall threshold"),
    IO_MAX_CYCLE_NS("longest time between two cycles of the I/O role"),
    IO_STALLS("cycles of the I/O role over the stall threshold"),
    INTERRUPT_MAX_CYCLE_NS("longest time between two cycles of the interrupt role"),
    INTERRUPT_STALLS("cycles of the interrupt role over the stall threshold"),
    CLIENTS("open clients"),
    QUARANTINED("tokens not returned when the controller stopped"),
    MISUSES("misuses of the controller contract"),
    TARGETS("targets that are present"),
    RESENDS("tasks sent again after TASK SET FULL"),
    RESENDS_EXHAUSTED("tasks that stayed refused with TASK SET FULL"),
    SENSE_FETCHES("REQUEST SENSE commands of the framework"),
    DRAINED("tasks given back because their target went");

    private final String label;

    EngineCounter(String label) {
        this.label = label;
    }

    /// What it counts, for a person.
    public String label() {
        return label;
    }
}
