package io.trilane.tools.nbd;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads the data of one option. A peer's lengths are believed only as far as there is data.
final class OptionData {
    /// The data does not have the shape that its option asks for.
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }

        MalformedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final ByteBuffer data;

    OptionData(byte[] bytes) {
        this.data = ByteBuffer.wrap(bytes);
    }

    /// All of it as a string.
    String rest() throws MalformedException {
        return string(data.remaining());
    }

    /// A string with its length in front, 32 bits.
    String string() throws MalformedException {
        need(4);
        int length = data.getInt();
        if (length < 0 || length > data.remaining()) {
            throw new MalformedException("string length=" + Integer.toUnsignedString(length) + " > remaining="
                    + data.remaining());
        }
        return string(length);
    }

    /// Numbers of 16 bits with their count in front, 16 bits, to the end.
    int[] shortsToEnd() throws MalformedException {
        need(2);
        int count = data.getShort() & 0xFFFF;
        if (data.remaining() != 2 * count) {
            throw new MalformedException("requests=" + count + " do not fill remaining=" + data.remaining());
        }
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = data.getShort() & 0xFFFF;
        }
        return numbers;
    }

    /// Strings with their count in front, 32 bits, to the end.
    List<String> stringsToEnd() throws MalformedException {
        need(4);
        int count = data.getInt();
        List<String> strings = new ArrayList<>();
        for (int i = 0; i != count; i++) {
            strings.add(string());
        }
        if (data.hasRemaining()) {
            throw new MalformedException("bytes=" + data.remaining() + " behind the last query");
        }
        return strings;
    }

    private String string(int length) throws MalformedException {
        if (length > NbdCodes.MAX_STRING_BYTES) {
            throw new MalformedException("string length=" + length + " > " + NbdCodes.MAX_STRING_BYTES);
        }
        ByteBuffer slice = data.slice(data.position(), length);
        data.position(data.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(slice).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("string is no UTF-8", e);
        }
    }

    private void need(int length) throws MalformedException {
        if (data.remaining() < length) {
            throw new MalformedException("remaining=" + data.remaining() + " < " + length);
        }
    }
}
