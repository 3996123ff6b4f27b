package io.trilane.tools;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names that stay the same from one start to the next and differ between machines: two disks of one name are taken for two
/// paths to one disk. Stateless.
final class MachineName {
    private static final Path MACHINE_ID = Path.of("/etc/machine-id");

    private MachineName() {}

    /// Hexadecimal digits that stand for `what` on this machine.
    ///
    /// @param digits an even number, at most 64
    static String digest(String what, int digits) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((machine() + '\n' + what).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, digits / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String machine() {
        try {
            String id = Files.readString(MACHINE_ID).strip();
            return id.isEmpty() ? host() : id;
        } catch (IOException _) {
            return host();
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost";
        }
    }
}
