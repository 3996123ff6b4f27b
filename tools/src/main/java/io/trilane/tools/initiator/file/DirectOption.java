package io.trilane.tools.initiator.file;

import java.nio.file.OpenOption;

/// The JDK's option for O_DIRECT. Stateless.
final class DirectOption {
    private static final String OPTIONS = "com.sun.nio.file.ExtendedOpenOption";

    private DirectOption() {}

    /// By its name: javac warns about every mention of this class, though the JDK supports it, and the warning cannot be
    /// silenced on a line.
    ///
    /// @throws UnsupportedOperationException this JDK does not have it
    static OpenOption find() {
        try {
            for (Object option : Class.forName(OPTIONS).getEnumConstants()) {
                if (option instanceof Enum<?> constant && constant.name().equals("DIRECT")
                        && option instanceof OpenOption direct) {
                    return direct;
                }
            }
        } catch (ClassNotFoundException e) {
            throw new UnsupportedOperationException("this JDK has no " + OPTIONS, e);
        }
        throw new UnsupportedOperationException("this JDK has no " + OPTIONS + ".DIRECT");
    }
}
