package io.trilane.tools.iscsi;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks and normalises iSCSI names (RFC 7143 4.2.7): `iqn.2026-01.net.example:disk`, `eui.` with 16 hexadecimal digits, `naa.` with 16
/// or 32. An underscore is taken, though the RFC knows none: initiators use it.
public final class IscsiName {
    /// Longest name, in bytes of UTF-8 (RFC 7143 4.2.7.1).
    public static final int MAX_BYTES = 223;

    private static final Pattern IQN =
            Pattern.compile("iqn\\.\\d{4}-(0[1-9]|1[0-2])\\.[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}._:-]*");
    private static final Pattern EUI = Pattern.compile("eui\\.[0-9a-f]{16}");
    private static final Pattern NAA = Pattern.compile("naa\\.([0-9a-f]{16}|[0-9a-f]{32})");

    private IscsiName() {}

    /// The name in its normal form (compatibility composition, lower case; RFC 3722), or null when it is no iSCSI name.
    public static @Nullable String normal(String text) {
        String name = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return null;
        }
        boolean legal = IQN.matcher(name).matches() || EUI.matcher(name).matches() || NAA.matcher(name).matches();
        return legal ? name : null;
    }
}
