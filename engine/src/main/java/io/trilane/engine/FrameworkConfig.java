package io.trilane.engine;

import io.trilane.engine.controller.CallTrace;
import java.util.Optional;

/// How the framework half behaves towards its controller. Immutable; part of [EngineConfig].
///
/// @param suspendPolicy     what becomes of tasks while the engine is suspended or not powered
/// @param auxiliaryCreation what to make of a synchronous target creation on the auxiliary queue
/// @param probesTargets     send INQUIRY and its kin to a new target before it is announced
/// @param callTimeoutNs     how long a synchronous framework call or a registered lock waits at most
/// @param powerTimeoutNs    how long a power transition waits for its acknowledgement
/// @param readyTimeoutNs    how long a probe waits for a unit that is not ready
/// @param trace             records every crossing between framework and controller
public record FrameworkConfig(SuspendPolicy suspendPolicy, AuxiliaryCreation auxiliaryCreation,
        boolean probesTargets, long callTimeoutNs, long powerTimeoutNs, long readyTimeoutNs,
        Optional<CallTrace> trace) {

    private static final long MACOS_POWER_TIMEOUT_NS = 21_257_000_000L;
    private static final long MACOS_READY_TIMEOUT_NS = 45_000_000_000L;

    public FrameworkConfig {
        if (callTimeoutNs < 1 || powerTimeoutNs < 1 || readyTimeoutNs < 1) {
            throw new IllegalArgumentException("callTimeoutNs=" + callTimeoutNs + " or powerTimeoutNs="
                    + powerTimeoutNs + " or readyTimeoutNs=" + readyTimeoutNs + " < 1, choose positive times");
        }
    }

    /// As macOS does it, as far as that is known; calls wait 60 s.
    public static FrameworkConfig defaults() {
        return new FrameworkConfig(SuspendPolicy.FAIL_FAST, AuxiliaryCreation.ALLOW, true, 60_000_000_000L,
                MACOS_POWER_TIMEOUT_NS, MACOS_READY_TIMEOUT_NS, Optional.empty());
    }

    public FrameworkConfig withSuspendPolicy(SuspendPolicy policy) {
        return new FrameworkConfig(policy, auxiliaryCreation, probesTargets, callTimeoutNs, powerTimeoutNs,
                readyTimeoutNs, trace);
    }

    public FrameworkConfig withAuxiliaryCreation(AuxiliaryCreation policy) {
        return new FrameworkConfig(suspendPolicy, policy, probesTargets, callTimeoutNs, powerTimeoutNs,
                readyTimeoutNs, trace);
    }

    public FrameworkConfig withProbesTargets(boolean probes) {
        return new FrameworkConfig(suspendPolicy, auxiliaryCreation, probes, callTimeoutNs, powerTimeoutNs,
                readyTimeoutNs, trace);
    }

    public FrameworkConfig withCallTimeoutNs(long timeoutNs) {
        return new FrameworkConfig(suspendPolicy, auxiliaryCreation, probesTargets, timeoutNs, powerTimeoutNs,
                readyTimeoutNs, trace);
    }

    public FrameworkConfig withPowerTimeoutNs(long timeoutNs) {
        return new FrameworkConfig(suspendPolicy, auxiliaryCreation, probesTargets, callTimeoutNs, timeoutNs,
                readyTimeoutNs, trace);
    }

    public FrameworkConfig withReadyTimeoutNs(long timeoutNs) {
        return new FrameworkConfig(suspendPolicy, auxiliaryCreation, probesTargets, callTimeoutNs, powerTimeoutNs,
                timeoutNs, trace);
    }

    public FrameworkConfig withTrace(CallTrace newTrace) {
        return new FrameworkConfig(suspendPolicy, auxiliaryCreation, probesTargets, callTimeoutNs, powerTimeoutNs,
                readyTimeoutNs, Optional.of(newTrace));
    }
}
