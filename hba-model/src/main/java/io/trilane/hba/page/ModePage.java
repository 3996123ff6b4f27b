package io.trilane.hba.page;

import java.util.Arrays;

/// A mode page (SPC-5 7.5): current and default bytes and the mask of bits that MODE SELECT may change. The owner is
/// the logical unit; touched by the hardware agent only.
public final class ModePage {
    private final int code;
    private final byte[] defaults;
    private final byte[] changeable;
    private final byte[] current;

    /// @param defaults   the page in page_0 format, header included, as after power on
    /// @param changeable as many bytes, a one where MODE SELECT may change the bit; header bytes are ignored
    ModePage(byte[] defaults, byte[] changeable) {
        assert defaults.length == changeable.length && defaults.length == (defaults[1] & 0xFF) + 2;
        this.code = defaults[0] & 0x3F;
        this.defaults = defaults.clone();
        this.changeable = changeable.clone();
        this.changeable[0] = defaults[0];
        this.changeable[1] = defaults[1];
        this.current = defaults.clone();
    }

    /// PAGE CODE.
    public int code() {
        return code;
    }

    /// Bytes of the page, header included.
    public int length() {
        return current.length;
    }

    /// The bits of byte `index` that `value` would change and that cannot be changed.
    public int refusedBits(int index, int value) {
        return (current[index] ^ value) & ~changeable[index] & 0xFF;
    }

    /// Takes the bytes after the header from a page at `offset` of a parameter list; true when anything has changed. The
    /// caller has checked [#refusedBits].
    public boolean change(byte[] list, int offset) {
        boolean changed = !Arrays.equals(current, 2, current.length, list, offset + 2, offset + current.length);
        System.arraycopy(list, offset + 2, current, 2, current.length - 2);
        return changed;
    }

    /// As after power on.
    void reset() {
        System.arraycopy(defaults, 0, current, 0, current.length);
    }

    /// Appends the page as the PAGE CONTROL field asks (SPC-5 6.13): 0 current, 1 changeable, 2 default.
    public void write(PageWriter writer, int pageControl) {
        writer.bytes(switch (pageControl) {
            case 0 -> current;
            case 1 -> changeable;
            default -> defaults;
        });
    }

    /// True when any bit of `mask` is set in the current byte `index`.
    boolean isSet(int index, int mask) {
        return (current[index] & mask) != 0;
    }
}
