package io.trilane.tools.initiator.iscsi;

import io.trilane.tools.iscsi.IscsiName;
import io.trilane.tools.iscsi.TextValue;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Where a disk is, in libiscsi's form: `iscsi://[USER[%SECRET]@]HOST[:PORT]/TARGET/LUN[?header_digest=crc32c&data_digest=crc32c]`.
///
/// @param user         CHAP_N; null: not said
/// @param secret       null: not said
/// @param host         without brackets
/// @param targetName   as it was written
/// @param lun          0..16383
/// @param headerDigest null: not said
/// @param dataDigest   null: not said
public record IscsiUri(@Nullable String user, @Nullable String secret, String host, int port, String targetName,
        int lun,
        @Nullable Boolean headerDigest, @Nullable Boolean dataDigest) {
    public static final String SCHEME = "iscsi://";

    static final int DEFAULT_PORT = 3260;
    private static final int MAX_PORT = 0xFFFF;
    /// Flat space addressing (SAM-5 4.7.7.3) ends here.
    private static final int MAX_LUN = 0x3FFF;
    private static final int MAX_PERIPHERAL_LUN = 0xFF;
    private static final long FLAT = 0x4000L;
    private static final int LUN_SHIFT = 48;
    private static final String FORM = ", write iscsi://[USER[%SECRET]@]HOST[:PORT]/TARGET/LUN";

    /// @throws IllegalArgumentException the text is no such address; the text of the exception never shows a secret
    public static IscsiUri parse(String text) {
        if (!text.startsWith(SCHEME)) {
            throw new IllegalArgumentException("target does not begin with " + SCHEME + FORM);
        }
        // With a sign left out, any part may be the secret.
        boolean mayHoldSecret = text.indexOf('%') >= 0 || text.indexOf('@') >= 0;
        UnaryOperator<String> shown = value -> mayHoldSecret ? " (not shown, it may hold a secret)" : "=" + value;
        String rest = text.substring(SCHEME.length());
        int question = rest.indexOf('?');
        Digests digests = Digests.parse(question < 0 ? "" : rest.substring(question + 1), shown);
        String[] parts = (question < 0 ? rest : rest.substring(0, question)).split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("target has parts=" + parts.length + " != 3 between slashes" + FORM);
        }
        int at = parts[0].lastIndexOf('@');
        String account = at < 0 ? "" : parts[0].substring(0, at);
        int percent = account.indexOf('%');
        Portal portal = Portal.parse(parts[0].substring(at + 1), shown);
        return new IscsiUri(emptyToNull(percent < 0 ? account : account.substring(0, percent)),
                percent < 0 ? null : account.substring(percent + 1), portal.host, portal.port,
                targetName(parts[1], shown), lun(parts[2], shown), digests.header, digests.data);
    }

    /// The LUN field of a PDU (SAM-5 4.7.7).
    long lunField() {
        return (lun > MAX_PERIPHERAL_LUN ? FLAT << LUN_SHIFT : 0) | (long) lun << LUN_SHIFT;
    }

    /// For people: without the account.
    @Override
    public String toString() {
        return SCHEME + (host.indexOf(':') < 0 ? host : "[" + host + "]") + (port == DEFAULT_PORT ? "" : ":" + port)
                + "/" + targetName + "/" + lun;
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String targetName(String text, UnaryOperator<String> shown) {
        if (IscsiName.normal(text) == null) {
            throw new IllegalArgumentException("targetName" + shown.apply(text)
                    + " is no iSCSI name, choose one like iqn.2026-01.net.example:disk (RFC 7143 4.2.7)");
        }
        return text;
    }

    private static int lun(String text, UnaryOperator<String> shown) {
        int lun = TextValue.number(text);
        if (lun < 0 || lun > MAX_LUN) {
            throw new IllegalArgumentException("lun" + shown.apply(text) + " not in 0.." + MAX_LUN + FORM);
        }
        return lun;
    }

    private record Portal(String host, int port) {
        static Portal parse(String text, UnaryOperator<String> shown) {
            int bracket = text.lastIndexOf(']');
            int colon = text.indexOf(':', Math.max(bracket, 0));
            String name = colon < 0 ? text : text.substring(0, colon);
            boolean isBracketed = name.startsWith("[") && name.endsWith("]");
            String host = isBracketed ? name.substring(1, name.length() - 1) : name;
            // A zone of an IPv6 address has its percent sign in brackets; any other is before a secret and an @ forgotten.
            boolean isZone = isBracketed && host.indexOf(':') >= 0;
            if (host.isEmpty() || !isBracketed && bracket >= 0 || host.indexOf('%') >= 0 && !isZone) {
                throw new IllegalArgumentException("host" + shown.apply(name) + " is no host" + FORM);
            }
            int port = colon < 0 ? DEFAULT_PORT : TextValue.number(text.substring(colon + 1));
            if (port < 1 || port > MAX_PORT) {
                throw new IllegalArgumentException(
                        "port" + shown.apply(text.substring(colon + 1)) + " not in 1.." + MAX_PORT + FORM);
            }
            return new Portal(host, port);
        }
    }

    private record Digests(@Nullable Boolean header, @Nullable Boolean data) {
        static Digests parse(String query, UnaryOperator<String> shown) {
            Boolean header = null;
            Boolean data = null;
            for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
                if (pair.startsWith("header_digest=")) {
                    header = digest(pair, shown);
                } else if (pair.startsWith("data_digest=")) {
                    data = digest(pair, shown);
                } else {
                    throw new IllegalArgumentException("parameter" + shown.apply(pair.replaceFirst("=.*", ""))
                            + " is unknown, choose header_digest or data_digest");
                }
            }
            return new Digests(header, data);
        }

        private static Boolean digest(String pair, UnaryOperator<String> shown) {
            String value = pair.substring(pair.indexOf('=') + 1).toLowerCase(Locale.ROOT);
            return switch (value) {
                case "crc32c" -> Boolean.TRUE;
                case "none" -> Boolean.FALSE;
                default -> throw new IllegalArgumentException(pair.substring(0, pair.indexOf('='))
                        + shown.apply(pair.substring(pair.indexOf('=') + 1)) + " is no digest, choose crc32c or none");
            };
        }
    }
}
