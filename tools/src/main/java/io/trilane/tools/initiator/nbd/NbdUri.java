package io.trilane.tools.initiator.nbd;

import io.trilane.tools.nbd.NbdCodes;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where an export is (NBD's uri.md): `nbd://HOST[:PORT]/EXPORT` or `nbd+unix:///EXPORT?socket=PATH`. Immutable.
///
/// @param address of the server; a host's name is not resolved yet
/// @param export  empty: the server's default
record NbdUri(SocketAddress address, String export) {
    private static final String FORMS = ", write nbd://HOST[:PORT]/EXPORT or nbd+unix:///EXPORT?socket=PATH";

    /// @throws IllegalArgumentException it is none that this client speaks
    static NbdUri parse(String text) {
        URI uri = uri(text);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "nbd" -> new NbdUri(tcp(text, uri), export(text, uri));
            case "nbd+unix" -> new NbdUri(unix(text, uri), export(text, uri));
            case "nbds", "nbds+unix" -> throw new IllegalArgumentException("target=" + text
                    + " asks for TLS, which this client does not speak: load the export through nbd:// or nbd+unix://");
            default -> throw new IllegalArgumentException("target=" + text + " scheme=" + scheme + " is not known"
                    + FORMS);
        };
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("target=" + text + " is not a URI (" + e.getReason() + ")" + FORMS, e);
        }
    }

    private static SocketAddress tcp(String text, URI uri) {
        String host = uri.getHost();
        if (host == null || host.isEmpty()) {
            throw new IllegalArgumentException("target=" + text + " has no host" + FORMS);
        }
        if (socket(uri) != null) {
            throw new IllegalArgumentException("target=" + text + " has a host and a socket" + FORMS);
        }
        int port = uri.getPort() < 0 ? NbdCodes.DEFAULT_PORT : uri.getPort();
        if (port < 1 || port > 0xFFFF) {
            throw new IllegalArgumentException("target=" + text + " port=" + port + " not in 1..65535, choose one");
        }
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        return InetSocketAddress.createUnresolved(isBracketed ? host.substring(1, host.length() - 1) : host, port);
    }

    private static SocketAddress unix(String text, URI uri) {
        String path = socket(uri);
        if (path == null || path.isEmpty()) {
            throw new IllegalArgumentException("target=" + text + " names no socket" + FORMS);
        }
        if (uri.getHost() != null) {
            throw new IllegalArgumentException("target=" + text + " has a host and a socket" + FORMS);
        }
        return UnixDomainSocketAddress.of(path);
    }

    /// What follows the first slash; further slashes belong to the name.
    private static String export(String text, URI uri) {
        String path = Objects.requireNonNullElse(uri.getPath(), "");
        String export = path.startsWith("/") ? path.substring(1) : path;
        int bytes = export.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > NbdCodes.MAX_STRING_BYTES) {
            throw new IllegalArgumentException("target=" + text.substring(0, 64) + "... exportNameBytes=" + bytes
                    + " > maxStringBytes=" + NbdCodes.MAX_STRING_BYTES + ", choose a shorter name");
        }
        return export;
    }

    /// The value of the parameter `socket`; others are left alone, as uri.md asks.
    private static @Nullable String socket(URI uri) {
        String query = Objects.requireNonNullElse(uri.getRawQuery(), "");
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith("socket=")) {
                // A plus sign is itself here, not a space as in forms.
                String value = parameter.substring("socket=".length()).replace("+", "%2B");
                return URLDecoder.decode(value, StandardCharsets.UTF_8);
            }
        }
        return null;
    }
}
