package io.trilane.tools.conformance;

import java.util.HexFormat;

/// How a command ended: status, sense data (empty unless CHECK CONDITION), data of the unit, residual (negative is
/// underflow).
record ScsiAnswer(int status, byte[] sense, byte[] data, int residual) {
    /// In a word or two, so that answers can be compared and listed: `GOOD`, `05/24/00`,
    /// `03/11/00 information=00001234`.
    @Override
    public String toString() {
        String text = switch (status) {
            case 0x00 -> "GOOD";
            case 0x02 -> senseText();
            case 0x18 -> "RESERVATION CONFLICT";
            default -> "status=%02x".formatted(status);
        };
        return residual == 0 ? text : text + " residual=" + residual;
    }

    private String senseText() {
        if (sense.length < 8) {
            return "CHECK CONDITION without sense data";
        }
        if ((sense[0] & 0x7E) == 0x72) {
            return "descriptor sense " + HexFormat.of().formatHex(sense);
        }
        String code = sense.length < 14 ? "--/--" : "%02x/%02x".formatted(sense[12], sense[13]);
        String text = "%02x/".formatted(sense[2] & 0x0F) + code;
        return sense[0] < 0 ? text + " information=" + HexFormat.of().formatHex(sense, 3, 7) : text;
    }
}
