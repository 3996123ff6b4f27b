package io.trilane.tools.iscsi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// The hash algorithms of CHAP (RFC 7143 12.1.3 and IANA's registry), strongest first.
public enum ChapAlgorithm {
    SHA256(7, "SHA-256", 32), SHA1(6, "SHA-1", 20), MD5(5, "MD5", 16);

    private final int code;
    private final String javaName;
    private final int digestBytes;

    ChapAlgorithm(int code, String javaName, int digestBytes) {
        this.code = code;
        this.javaName = javaName;
        this.digestBytes = digestBytes;
    }

    /// The number in CHAP_A.
    public int code() {
        return code;
    }

    /// Length of a response, and of the challenges that we send.
    public int digestBytes() {
        return digestBytes;
    }

    public static @Nullable ChapAlgorithm of(int code) {
        for (ChapAlgorithm algorithm : values()) {
            if (algorithm.code == code) {
                return algorithm;
            }
        }
        return null;
    }

    /// The response to a challenge: the hash of identifier, secret, challenge (RFC 1994 4.1).
    public byte[] response(int identifier, String secret, byte[] challenge) {
        try {
            MessageDigest digest = MessageDigest.getInstance(javaName);
            digest.update((byte) identifier);
            digest.update(secret.getBytes(StandardCharsets.UTF_8));
            return digest.digest(challenge);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + javaName, e);
        }
    }
}
