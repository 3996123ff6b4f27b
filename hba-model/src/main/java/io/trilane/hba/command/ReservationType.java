package io.trilane.hba.command;

import org.jspecify.annotations.Nullable;

/// The types of persistent reservations (SPC-5 6.15.3.4).
enum ReservationType {
    WRITE_EXCLUSIVE(0x1),
    EXCLUSIVE_ACCESS(0x3),
    WRITE_EXCLUSIVE_REGISTRANTS_ONLY(0x5),
    EXCLUSIVE_ACCESS_REGISTRANTS_ONLY(0x6),
    WRITE_EXCLUSIVE_ALL_REGISTRANTS(0x7),
    EXCLUSIVE_ACCESS_ALL_REGISTRANTS(0x8);

    /// PERSISTENT RESERVATION TYPE MASK of REPORT CAPABILITIES (SPC-5 6.15.4): all six.
    static final int MASK = 0xEA01;

    private final int code;

    ReservationType(int code) {
        this.code = code;
    }

    /// The type with this code, or null.
    static @Nullable ReservationType of(int code) {
        for (ReservationType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    int code() {
        return code;
    }

    /// Others may read.
    boolean isWriteExclusive() {
        return this == WRITE_EXCLUSIVE || this == WRITE_EXCLUSIVE_REGISTRANTS_ONLY
                || this == WRITE_EXCLUSIVE_ALL_REGISTRANTS;
    }

    /// Every registered nexus holds it.
    boolean isAllRegistrants() {
        return this == WRITE_EXCLUSIVE_ALL_REGISTRANTS || this == EXCLUSIVE_ACCESS_ALL_REGISTRANTS;
    }

    /// Every registered nexus has access, and hears of it when the reservation ends.
    boolean isForRegistrants() {
        return this != WRITE_EXCLUSIVE && this != EXCLUSIVE_ACCESS;
    }
}
