package io.trilane.tools.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// One command of the comparison: a name, the CDB, what is sent, how much is taken.
///
/// ```
/// name | CDB | in LENGTH
/// name | CDB | out LENGTH BYTE      LENGTH bytes of this value
/// name | CDB | hex BYTES            these bytes
/// name | CDB
/// ```
record CdbCase(String name, byte[] cdb, byte[] dataOut, int transferIn) {
    private static final int START_STOP_UNIT = 0x1B;

    static List<CdbCase> read(Path file) throws IOException {
        List<CdbCase> cases = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                cases.add(parse(line));
            }
        }
        return cases;
    }

    static CdbCase parse(String line) {
        String[] fields = line.split("\\|");
        byte[] cdb = bytes(fields[1]);
        String[] data = fields.length < 3 ? new String[]{"none"} : fields[2].strip().split(" +", 2);
        String name = fields[0].strip();
        return switch (data[0]) {
            case "none" -> new CdbCase(name, cdb, new byte[0], 0);
            case "in" -> new CdbCase(name, cdb, new byte[0], Integer.parseInt(data[1].strip()));
            case "hex" -> new CdbCase(name, cdb, bytes(data[1]), 0);
            case "out" -> new CdbCase(name, cdb, filled(data[1]), 0);
            default -> throw new IllegalArgumentException("neither in, out nor hex: " + line);
        };
    }

    /// Every operation code with nothing but zeros behind it. Without START STOP UNIT, which would stop the unit.
    static List<CdbCase> everyOperationCode() {
        List<CdbCase> cases = new ArrayList<>();
        for (int code = 0; code < 256; code++) {
            byte[] cdb = new byte[16];
            cdb[0] = (byte) code;
            if (code != START_STOP_UNIT) {
                cases.add(new CdbCase("zeros-%02X".formatted(code), cdb, new byte[0], 0));
            }
        }
        return cases;
    }

    private static byte[] filled(String lengthAndValue) {
        String[] parts = lengthAndValue.strip().split(" +");
        byte[] bytes = new byte[Integer.parseInt(parts[0])];
        Arrays.fill(bytes, (byte) Integer.parseInt(parts[1], 16));
        return bytes;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
