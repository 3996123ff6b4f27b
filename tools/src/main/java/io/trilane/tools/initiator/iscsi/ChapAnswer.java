package io.trilane.tools.initiator.iscsi;

import io.trilane.tools.iscsi.ChapAlgorithm;
import io.trilane.tools.iscsi.TextValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who we say we are: answers the target's challenge (RFC 7143 12.1.3, one way). Immutable.
///
/// @param user   CHAP_N
/// @param secret of any length: what the target wants is the target's to decide
record ChapAnswer(String user, String secret) {
    private static final String USER_VARIABLE = "LIBISCSI_CHAP_USERNAME";
    private static final String SECRET_VARIABLE = "LIBISCSI_CHAP_PASSWORD";
    private static final int MAX_USER_BYTES = 255;
    private static final int MAX_IDENTIFIER = 0xFF;

    ChapAnswer {
        int bytes = user.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_USER_BYTES || user.indexOf(0) >= 0) {
            throw new IllegalArgumentException("chapUserBytes=" + bytes + " > " + MAX_USER_BYTES
                    + " or with a zero byte, choose another user");
        }
    }

    /// The account of an address and its options; null: there is none.
    ///
    /// @throws IOException the secret's file cannot be read
    static @Nullable ChapAnswer of(IscsiUri uri, IscsiOptions options) throws IOException {
        String user = uri.user() != null ? uri.user() : options.environment().get(USER_VARIABLE);
        if (user == null || user.isEmpty()) {
            return null;
        }
        String secret = uri.secret();
        Path file = options.secretFile();
        if (secret == null && file != null) {
            secret = Files.readString(file).lines().findFirst().orElse("");
        }
        if (secret == null) {
            secret = options.environment().get(SECRET_VARIABLE);
        }
        if (secret == null || secret.isEmpty()) {
            throw new IllegalArgumentException("chapUser=" + user + " has no secret, give a file with it, set "
                    + SECRET_VARIABLE + ", or write USER%SECRET@HOST");
        }
        return new ChapAnswer(user, secret);
    }

    /// The algorithms that we have: CHAP_A. SHA-256 comes last, because tgt and its relatives take its number for SHA-1, and a
    /// target takes the first that it knows.
    static String algorithms() {
        return Stream.of(ChapAlgorithm.SHA1, ChapAlgorithm.MD5, ChapAlgorithm.SHA256)
                .map(algorithm -> Integer.toString(algorithm.code())).collect(Collectors.joining(","));
    }

    /// CHAP_N and CHAP_R for CHAP_A, CHAP_I, CHAP_C.
    String respond(Map<String, String> keys) throws IOException {
        ChapAlgorithm algorithm = ChapAlgorithm.of(TextValue.number(keys.getOrDefault("CHAP_A", "")));
        int identifier = TextValue.number(keys.getOrDefault("CHAP_I", ""));
        byte[] challenge = TextValue.binary(keys.getOrDefault("CHAP_C", ""));
        if (algorithm == null || identifier < 0 || identifier > MAX_IDENTIFIER || challenge == null) {
            throw new IOException("login: CHAP_A, CHAP_I or CHAP_C is missing or wrong in keys=" + keys.keySet()
                    + ", the target's CHAP is not RFC 7143's");
        }
        return "CHAP_N=" + user + "\0CHAP_R=" + TextValue.ofBinary(algorithm.response(identifier, secret, challenge))
                + "\0";
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "ChapAnswer[user=" + user + "]";
    }
}
