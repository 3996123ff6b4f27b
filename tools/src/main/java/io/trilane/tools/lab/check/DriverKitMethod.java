package io.trilane.tools.lab.check;

import io.trilane.engine.controller.Callback;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The names by which a description may call a callback: DriverKit's methods (`driverkit.md` 1.1 to 1.4), and Trilane's groups
/// of those that share a queue. Stateless.
final class DriverKitMethod {
    static final String INITIALIZE = "UserInitializeController";
    /// By the time the last of these returns, queues and constraints must be there.
    static final List<String> UNTIL_INITIALIZED = List.of("init", "Start", INITIALIZE);

    private static final Map<String, Callback> CALLBACKS = callbacks();

    private DriverKitMethod() {}

    static Optional<Callback> callback(String name) {
        return Optional.ofNullable(CALLBACKS.get(name));
    }

    static List<String> names() {
        return List.copyOf(CALLBACKS.keySet());
    }

    private static Map<String, Callback> callbacks() {
        Map<String, Callback> callbacks = new LinkedHashMap<>();
        for (Callback callback : Callback.values()) {
            callbacks.put(callback.name(), callback);
        }
        List<String> lifecycle = new ArrayList<>(UNTIL_INITIALIZED);
        lifecycle.addAll(List.of("free", "Stop", "UserReportInitiatorIdentifier", "UserReportHighestSupportedDeviceID",
                "UserReportMaximumTaskCount", "UserGetDMASpecification", "UserMapHBAData",
                "UserMapBundledParallelTaskCommandAndResponseBuffers", "UserStartController",
                "UserDoesHBAPerformDeviceManagement"));
        put(callbacks, Callback.LIFECYCLE, lifecycle);
        put(callbacks, Callback.CREATE_TARGET, List.of("UserCreateTargetForID"));
        put(callbacks, Callback.INITIALIZE_TARGET, List.of("UserInitializeTargetForID",
                "UserDoesHBASupportMultiPathing", "UserDoesHBASupportSCSIParallelFeature",
                "UserReportHBAHighestLogicalUnitNumber", "UserDoesHBAPerformAutoSense"));
        put(callbacks, Callback.PROCESS, List.of("UserProcessParallelTask", "UserProcessBundledParallelTasks"));
        put(callbacks, Callback.TASK_MANAGEMENT, List.of("UserAbortTaskRequest", "UserAbortTaskSetRequest",
                "UserClearACARequest", "UserClearTaskSetRequest", "UserLogicalUnitResetRequest",
                "UserTargetResetRequest"));
        put(callbacks, Callback.INTERRUPT, List.of("InterruptOccurred"));
        put(callbacks, Callback.POWER, List.of("SetPowerState"));
        return Collections.unmodifiableMap(callbacks);
    }

    private static void put(Map<String, Callback> callbacks, Callback callback, List<String> names) {
        names.forEach(name -> callbacks.put(name, callback));
    }
}
