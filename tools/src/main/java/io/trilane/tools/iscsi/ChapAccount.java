package io.trilane.tools.iscsi;

import java.nio.charset.StandardCharsets;

/// A name and a secret of CHAP.
///
/// Secrets below [#MIN_SECRET_BYTES] are refused here, at start-up: without IPsec no login may go on with one (RFC 7143 9.2.1).
///
/// @param user   CHAP_N
/// @param secret at least 12 bytes of UTF-8
public record ChapAccount(String user, String secret) {
    static final int MIN_SECRET_BYTES = 12;
    private static final int MAX_USER_BYTES = 255;

    public ChapAccount {
        int userBytes = user.getBytes(StandardCharsets.UTF_8).length;
        int secretBytes = secret.getBytes(StandardCharsets.UTF_8).length;
        if (userBytes == 0 || userBytes > MAX_USER_BYTES || user.indexOf(0) >= 0) {
            throw new IllegalArgumentException("chapUserBytes=" + userBytes + " outside 1.." + MAX_USER_BYTES
                    + " or with a zero byte, choose another CHAP user");
        }
        if (secretBytes < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException("chapSecretBytes=" + secretBytes + " < minimum=" + MIN_SECRET_BYTES
                    + ", choose a longer CHAP secret (RFC 7143 9.2.1)");
        }
    }

    /// Without the secret, for logs.
    @Override
    public String toString() {
        return "ChapAccount[user=" + user + "]";
    }
}
