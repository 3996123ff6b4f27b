package io.trilane.hba.page;

import java.util.function.Consumer;

/// A vital product data page (SPC-5 7.7) that never changes: header and bytes. Immutable.
///
/// @param code  PAGE CODE
/// @param bytes the whole page, header included
record VpdPage(int code, byte[] bytes) {
    private static final int MAX_BYTES = 1024;

    /// Writes header, fields and the PAGE LENGTH.
    ///
    /// @param peripheral PERIPHERAL QUALIFIER and DEVICE TYPE
    static VpdPage of(int code, int peripheral, Consumer<PageWriter> fields) {
        PageWriter writer = new PageWriter(MAX_BYTES);
        writer.u8(peripheral).u8(code);
        int length = writer.position();
        writer.u16(0);
        fields.accept(writer);
        writer.fillLength16(length);
        return new VpdPage(code, writer.toBytes());
    }
}
