package io.trilane.tools.initiator.iscsi;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How a disk is used. What the address says about digests and account goes before what is here.
///
/// @param initiatorName  our iSCSI name
/// @param headerDigest   CRC32C behind each header is asked for
/// @param dataDigest     CRC32C behind each data segment is asked for
/// @param allowOverwrite writes and unmaps may be asked for
/// @param secretFile     its first line is the CHAP secret, where the address has none; null: none
/// @param environment    for `LIBISCSI_CHAP_USERNAME` and `LIBISCSI_CHAP_PASSWORD`, asked last
/// @param timeoutNs      a target that answers nothing for so long is gone
/// @param nanoClock      of the measurements and the timeouts
public record IscsiOptions(String initiatorName, boolean headerDigest, boolean dataDigest, boolean allowOverwrite,
        @Nullable Path secretFile, Map<String, String> environment, long timeoutNs, LongSupplier nanoClock) {
    public static final String DEFAULT_INITIATOR_NAME = "iqn.2026-01.io.trilane:initiator";

    private static final long DEFAULT_TIMEOUT_NS = 30_000_000_000L;

    public IscsiOptions {
        environment = Map.copyOf(environment);
    }

    /// Reads only, no digests, no account but the address's, the machine's clock.
    public static IscsiOptions defaults() {
        return new IscsiOptions(DEFAULT_INITIATOR_NAME, false, false, false, null, Map.of(), DEFAULT_TIMEOUT_NS,
                System::nanoTime);
    }

    public IscsiOptions withDigests(boolean inHeaders, boolean inData) {
        return new IscsiOptions(initiatorName, inHeaders, inData, allowOverwrite, secretFile, environment, timeoutNs,
                nanoClock);
    }

    public IscsiOptions withAllowOverwrite(boolean isAllowed) {
        return new IscsiOptions(initiatorName, headerDigest, dataDigest, isAllowed, secretFile, environment, timeoutNs,
                nanoClock);
    }

    public IscsiOptions withSecretFile(Path file) {
        return new IscsiOptions(initiatorName, headerDigest, dataDigest, allowOverwrite, file, environment, timeoutNs,
                nanoClock);
    }

    public IscsiOptions withEnvironment(Map<String, String> variables) {
        return new IscsiOptions(initiatorName, headerDigest, dataDigest, allowOverwrite, secretFile, variables,
                timeoutNs, nanoClock);
    }

    public IscsiOptions withClock(LongSupplier clock, long newTimeoutNs) {
        return new IscsiOptions(initiatorName, headerDigest, dataDigest, allowOverwrite, secretFile, environment,
                newTimeoutNs, clock);
    }
}
