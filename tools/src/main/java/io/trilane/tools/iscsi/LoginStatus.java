package io.trilane.tools.iscsi;

/// Status-Class and Status-Detail of a Login Response (RFC 7143 11.13.5), as far as this target answers them.
enum LoginStatus {
    // @formatter:off
    SUCCESS                    (0x0000),
    INITIATOR_ERROR            (0x0200),
    AUTHENTICATION_FAILURE     (0x0201),
    TARGET_NOT_FOUND           (0x0203),
    UNSUPPORTED_VERSION        (0x0205),
    TOO_MANY_CONNECTIONS       (0x0206),
    MISSING_PARAMETER          (0x0207),
    CANNOT_INCLUDE_IN_SESSION  (0x0208),
    SESSION_TYPE_NOT_SUPPORTED (0x0209),
    SESSION_DOES_NOT_EXIST     (0x020A),
    INVALID_DURING_LOGIN       (0x020B),
    SERVICE_UNAVAILABLE        (0x0301),
    OUT_OF_RESOURCES           (0x0302);
    // @formatter:on

    private final int code;

    LoginStatus(int code) {
        this.code = code;
    }

    /// Class in the high byte, detail in the low byte.
    int code() {
        return code;
    }

    /// A login that ends here, and why; `reason` is for the log.
    Refusal because(String reason) {
        return new Refusal(this, reason);
    }

    /// The end of a login that failed.
    ///
    /// @param status what the initiator is told
    /// @param reason what the log is told
    record Refusal(LoginStatus status, String reason) {}
}
