package io.trilane.tools.nbd;

import io.trilane.tools.frontend.ServedUnit;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The exports: logical units by name, the empty name for the first. Immutable.
final class NbdExports {
    private final List<ServedUnit> units;

    NbdExports(List<ServedUnit> units) {
        this.units = List.copyOf(units);
        Set<String> names = new HashSet<>();
        for (ServedUnit unit : units) {
            int length = unit.name().getBytes(StandardCharsets.UTF_8).length;
            if (length > NbdCodes.MAX_STRING_BYTES) {
                throw new IllegalArgumentException("exportNameBytes=" + length + " > maxStringBytes="
                        + NbdCodes.MAX_STRING_BYTES + ", choose a shorter name");
            }
            if (!names.add(unit.name())) {
                throw new IllegalArgumentException(
                        "export=" + unit.name() + " is given twice, give each unit a name of its own");
            }
        }
    }

    List<ServedUnit> units() {
        return units;
    }

    /// Null when there is none of that name.
    @Nullable
    ServedUnit find(String name) {
        for (ServedUnit unit : units) {
            if (unit.name().equals(name)) {
                return unit;
            }
        }
        return name.isEmpty() && !units.isEmpty() ? units.getFirst() : null;
    }

    /// The transmission flags of an export.
    static int flags(ServedUnit unit, boolean isStructured) {
        int flags = NbdCodes.HAS_FLAGS | NbdCodes.SEND_FLUSH | NbdCodes.SEND_FUA | NbdCodes.CAN_MULTI_CONN
                | NbdCodes.SEND_CACHE | (isStructured ? NbdCodes.SEND_DF : 0);
        return flags | (unit.isReadOnly() ? NbdCodes.READ_ONLY
                : NbdCodes.SEND_TRIM | NbdCodes.SEND_WRITE_ZEROES | NbdCodes.SEND_FAST_ZERO);
    }

    static String description(ServedUnit unit) {
        return "Trilane target " + unit.targetId() + " LUN " + unit.lun() + ", " + unit.blockBytes() + "-byte blocks"
                + (unit.isThin() ? ", thin" : "") + (unit.isReadOnly() ? ", read-only" : "");
    }
}
