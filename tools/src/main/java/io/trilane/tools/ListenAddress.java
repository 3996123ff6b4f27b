package io.trilane.tools;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/// Where a front end listens: `HOST:PORT`, `unix:PATH` or `off`.
sealed interface ListenAddress {
    /// It does not.
    record Off() implements ListenAddress {}

    /// TCP.
    ///
    /// @param port 0: a free one is chosen
    record Tcp(InetAddress host, int port) implements ListenAddress {
        boolean isLoopback() {
            return host.isLoopbackAddress();
        }
    }

    /// A socket in the file system.
    record Unix(Path path) implements ListenAddress {}

    /// Bytes of a path that a socket's address has room for, on Linux.
    int MAX_UNIX_PATH_BYTES = 107;

    /// @param option    for messages
    /// @param takesUnix whether `unix:PATH` is allowed
    static ListenAddress parse(String option, String text, boolean takesUnix) {
        if (text.toLowerCase(Locale.ROOT).equals("off")) {
            return new Off();
        }
        if (text.startsWith("unix:")) {
            if (!takesUnix) {
                throw new IllegalArgumentException(option + "=" + text + " is not possible, write HOST:PORT or off");
            }
            return unix(option, text);
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty() || !isBracketed && host.contains(":")) {
            throw new IllegalArgumentException(option + "=" + text + " is no address, write HOST:PORT"
                    + (takesUnix ? ", unix:PATH" : "") + " or off, and an IPv6 address in brackets: [::1]:3260");
        }
        int port = port(option, text, text.substring(colon + 1));
        String name = isBracketed ? host.substring(1, host.length() - 1) : host;
        try {
            return new Tcp(InetAddress.getByName(name), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(option + "=" + text + " names an unknown host, write an address of this "
                    + "machine, for example 127.0.0.1", e);
        }
    }

    /// What to bind to; for [Tcp] and [Unix].
    default SocketAddress socketAddress() throws IOException {
        return switch (this) {
            case Off _ -> throw new IOException("it does not listen, our bug");
            case Tcp tcp -> new InetSocketAddress(tcp.host, tcp.port);
            case Unix unix -> UnixDomainSocketAddress.of(unix.path);
        };
    }

    /// As an option says it.
    default String text() {
        return switch (this) {
            case Off _ -> "off";
            case Tcp tcp -> tcp.host.getHostAddress() + ":" + tcp.port;
            case Unix unix -> "unix:" + unix.path;
        };
    }

    /// `HOST:PORT` as it stands in a URI: brackets around IPv6, a wildcard replaced by the IPv4 loopback
    /// address: a socket that was bound to `0.0.0.0` says that it is bound to `::`.
    static String authority(InetSocketAddress bound) {
        InetAddress address = bound.getAddress();
        boolean isIpv6 = address.getAddress().length == 16 && !address.isAnyLocalAddress();
        String host = address.isAnyLocalAddress() ? "127.0.0.1"
                : isIpv6 && address.isLoopbackAddress() ? "::1" : address.getHostAddress();
        int zone = host.indexOf('%');
        String plain = zone < 0 ? host : host.substring(0, zone);
        return (isIpv6 ? "[" + plain + "]" : plain) + ":" + bound.getPort();
    }

    private static ListenAddress unix(String option, String text) {
        String path = text.substring("unix:".length());
        try {
            Path socket = Path.of(path).toAbsolutePath();
            int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
            if (path.isEmpty() || bytes > MAX_UNIX_PATH_BYTES) {
                throw new IllegalArgumentException(option + "=" + text + " pathBytes=" + (path.isEmpty() ? 0 : bytes)
                        + " not in 1.." + MAX_UNIX_PATH_BYTES + ", choose another path");
            }
            return new Unix(socket);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(option + "=" + text + " is no path, choose another", e);
        }
    }

    private static int port(String option, String text, String digits) {
        boolean isNumber = digits.matches("\\d{1,5}");
        int port = isNumber ? Integer.parseInt(digits) : -1;
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(option + "=" + text + " port=" + digits
                    + " not in 0..65535, choose one; 0 takes a free one");
        }
        return port;
    }
}
