package io.trilane.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One `--image FILE[,option]...` of `trilane serve`, as it was written. A comma in a name is written twice.
///
/// @param image      a path, `memory:SIZE` or `null:SIZE`
/// @param readOnly   writes are refused, the file is opened for reading
/// @param thin       blocks can be unmapped
/// @param blockBytes 512, 4096, or 0: as the image's sidecar says
/// @param removable  the medium can be ejected
/// @param serial     unit serial number; empty: the sidecar's, or one made of the path
/// @param product    product identification; empty: the sidecar's, or Trilane's
record ImageSpec(String image, boolean readOnly, boolean thin, int blockBytes, boolean removable,
        Optional<String> serial, Optional<String> product) {

    static ImageSpec parse(String text) {
        List<String> parts = split(text);
        String image = parts.getFirst();
        if (image.isEmpty()) {
            throw new IllegalArgumentException("image=" + text + " has no name, write FILE[,option]...");
        }
        boolean readOnly = false;
        boolean thin = false;
        boolean removable = false;
        int blockBytes = 0;
        Optional<String> serial = Optional.empty();
        Optional<String> product = Optional.empty();
        for (String part : parts.subList(1, parts.size())) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : part.substring(equals + 1);
            requireValue(text, part, key, equals >= 0);
            switch (key) {
                case "ro" -> readOnly = true;
                case "thin" -> thin = true;
                case "removable" -> removable = true;
                case "block-size" -> blockBytes = blockBytes(text, value);
                case "serial" -> serial = Optional.of(value);
                default -> product = Optional.of(value);
            }
        }
        return new ImageSpec(image, readOnly, thin, blockBytes, removable, serial, product);
    }

    /// Not a file: `memory:SIZE` or `null:SIZE`.
    boolean isMade() {
        String lower = image.toLowerCase(Locale.ROOT);
        return lower.startsWith("memory:") || lower.startsWith("null:");
    }

    private static void requireValue(String text, String part, String key, boolean hasValue) {
        boolean isFlag = List.of("ro", "thin", "removable").contains(key);
        if (!isFlag && !List.of("block-size", "serial", "product").contains(key)) {
            throw new IllegalArgumentException(
                    "image=" + text + " option=" + part + " is unknown, choose from ro, thin, "
                            + "block-size=N, removable, serial=S, product=P; write a comma of the name twice");
        }
        if (isFlag == hasValue) {
            throw new IllegalArgumentException("image=" + text + " option=" + part + (isFlag ? " takes no value, write "
                    + key : " needs a value, write " + key + "=VALUE"));
        }
    }

    private static int blockBytes(String text, String value) {
        long bytes = Quantities.size("block-size", value);
        if (bytes != 512 && bytes != 4096) {
            throw new IllegalArgumentException("image=" + text + " block-size=" + value
                    + " is not supported, choose 512 or 4096");
        }
        return (int) bytes;
    }

    /// At commas; two of them are one that belongs to the text.
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ',') {
                part.append(c);
            } else if (i + 1 < text.length() && text.charAt(i + 1) == ',') {
                part.append(c);
                i++;
            } else {
                parts.add(part.toString());
                part.setLength(0);
            }
        }
        parts.add(part.toString());
        return parts;
    }
}
