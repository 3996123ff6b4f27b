package io.trilane.tools.iscsi;

import io.trilane.tools.frontend.ServedUnit;
import java.util.List;

/// Which logical units there are, as the LUN field of a PDU names them. Immutable.
record UnitNumbers(List<ServedUnit> units) {
    private static final int ADDRESS_SHIFT = 48;
    private static final int FLAT = 0x4000;
    private static final int FLAT_MASK = 0x3FFF;

    UnitNumbers {
        units = List.copyOf(units);
    }

    /// Single level, in peripheral or flat addressing (SAM-5 4.7.7).
    boolean exists(long lunField) {
        int first = (int) (lunField >>> ADDRESS_SHIFT);
        int number = (first & 0xC000) == FLAT ? first & FLAT_MASK : first;
        boolean isSingleLevel = lunField << 16 == 0;
        for (ServedUnit unit : units) {
            if (isSingleLevel && unit.lun() == number) {
                return true;
            }
        }
        return false;
    }
}
