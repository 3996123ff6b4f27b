package io.trilane.tools.iscsi;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// How an address is written in TargetAddress (RFC 7143 13.8).
public final class Portal {
    private Portal() {}

    /// `127.0.0.1:3260`, `[::1]:3260`. The zone of a link-local address is left out: it means nothing to the other end.
    public static String of(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        if (host == null) {
            return address.getHostString() + ":" + address.getPort();
        }
        String text = host.getHostAddress().replaceFirst("%.*", "");
        return (host instanceof Inet6Address ? "[" + text + "]" : text) + ":" + address.getPort();
    }
}
