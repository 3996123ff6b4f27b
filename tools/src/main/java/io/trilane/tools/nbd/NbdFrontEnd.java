package io.trilane.tools.nbd;

import io.trilane.tools.frontend.Connection;
import io.trilane.tools.frontend.ConnectionLimits;
import io.trilane.tools.frontend.FrontEnd;
import io.trilane.tools.frontend.Protocol;
import io.trilane.tools.frontend.ServedUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Serves logical units as NBD exports by their names; the empty name is the first of them. Immutable; any event loop.
public final class NbdFrontEnd implements FrontEnd {
    /// The port that NBD has for itself.
    public static final int DEFAULT_PORT = NbdCodes.DEFAULT_PORT;

    private final NbdExports exports;
    private final @Nullable TlsSettings tls;
    private final ConnectionLimits limits;

    /// @param tls null: no TLS
    public NbdFrontEnd(List<ServedUnit> units, @Nullable TlsSettings tls, ConnectionLimits limits) {
        this.exports = new NbdExports(units);
        this.tls = tls;
        this.limits = limits;
    }

    @Override
    public String name() {
        return "nbd";
    }

    @Override
    public Protocol accept(Connection connection) {
        return new NbdConnection(connection, exports, tls, limits);
    }
}
