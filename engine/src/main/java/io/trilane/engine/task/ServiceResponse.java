package io.trilane.engine.task;

/// SAM service response with the values of DriverKit's `SCSIServiceResponse` (`driverkit.md` 4.5); the code is the
/// ordinal.
public enum ServiceResponse {
    REQUEST_IN_PROCESS,
    SERVICE_DELIVERY_OR_TARGET_FAILURE,
    TASK_COMPLETE,
    LINK_COMMAND_COMPLETE,
    FUNCTION_COMPLETE,
    FUNCTION_REJECTED;

    private static final ServiceResponse[] VALUES = values();

    /// The value in the response slot.
    public int code() {
        return ordinal();
    }

    /// Reads a response slot's value; anything unknown is a delivery failure.
    public static ServiceResponse of(int code) {
        return code >= 0 && code < VALUES.length ? VALUES[code] : SERVICE_DELIVERY_OR_TARGET_FAILURE;
    }
}
